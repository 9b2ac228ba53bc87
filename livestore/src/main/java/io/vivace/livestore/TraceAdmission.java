package io.vivace.livestore;

import io.vivace.model.TenantId;
import io.vivace.model.TraceId;

/// The limits on single traces, asked by the distributor before it appends: what is refused here was never
/// acknowledged. Thread-safe.
public interface TraceAdmission {
  /// Counts `bytes` for the trace and says whether they may be appended. Bytes of a trace that is refused as too large
  /// count as well, so that a trace stays refused until it has been silent for `max_trace_idle`.
  ///
  /// @param bytes encoded OTLP bytes of this piece of the trace
  Decision admit(TenantId tenant, TraceId traceId, long bytes);

  /// Takes back an admitted piece whose append failed.
  void release(TenantId tenant, TraceId traceId, long bytes);

  /// The answer for one piece of a trace.
  enum Decision {
    ADMITTED,
    /// Over `max_bytes_per_trace`.
    TRACE_TOO_LARGE,
    /// A new trace over `max_traces_per_user`.
    LIVE_TRACES_EXCEEDED
  }
}
