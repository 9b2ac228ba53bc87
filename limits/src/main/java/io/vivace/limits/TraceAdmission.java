package io.vivace.limits;

import io.vivace.model.TenantId;
import io.vivace.model.TraceId;

/// Decides, before anything is kept, whether more bytes may join a trace. Thread-safe; called once
/// per trace of each push, so it must be quick and must not wait.
@FunctionalInterface
public interface TraceAdmission {
  /// Lets everything in.
  TraceAdmission UNLIMITED = (tenant, traceId, sizeBytes) -> Decision.ADMITTED;

  /// Asks for room and, if admitted, counts the bytes.
  ///
  /// @param sizeBytes OTLP bytes that this push adds to the trace
  Decision admit(TenantId tenant, TraceId traceId, long sizeBytes);

  /// Takes back bytes that were admitted and then not appended. Not for what the span log refused:
  /// it takes that back itself.
  ///
  /// @param sizeBytes what was admitted
  default void withdraw(TenantId tenant, TraceId traceId, long sizeBytes) {}

  /// The answer for one trace of one push.
  enum Decision {
    ADMITTED,
    /// The trace would get larger than `max_bytes_per_trace`.
    TRACE_TOO_LARGE,
    /// A new trace would be one more than `max_traces_per_user`.
    LIVE_TRACES_EXCEEDED
  }
}
