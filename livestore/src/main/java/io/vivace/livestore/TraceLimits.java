package io.vivace.livestore;

import io.vivace.model.TenantId;

/// The limits on single traces of a tenant, as they are at the moment of the call. Thread-safe,
/// cheap.
public interface TraceLimits {
  /// No limits.
  TraceLimits NONE =
      new TraceLimits() {
        @Override
        public long maxBytesPerTrace(TenantId tenant) {
          return 0;
        }

        @Override
        public long maxTracesPerUser(TenantId tenant) {
          return 0;
        }
      };

  /// `global.max_bytes_per_trace`; 0 is off.
  long maxBytesPerTrace(TenantId tenant);

  /// `ingestion.max_traces_per_user`: live traces; 0 is off.
  long maxTracesPerUser(TenantId tenant);
}
