package io.vivace.query;

import io.vivace.model.TenantId;
import java.time.Duration;

/// The tenants' overrides that queries need. Thread-safe; asked anew for every query.
public interface TenantQueryLimits {
  /// `max_search_duration`; zero for the front end's own limit.
  Duration maxSearchDuration(TenantId tenant);

  /// `max_metrics_duration`; zero for the front end's own limit.
  default Duration maxMetricsDuration(TenantId tenant) {
    return Duration.ZERO;
  }

  /// `max_bytes_per_trace`; 0 for no limit.
  long maxBytesPerTrace(TenantId tenant);
}
