package io.vivace.query;

/// The answer of a trace lookup.
public sealed interface TraceAnswer {
  /// No span of the trace is known.
  record NotFound(long inspectedBytes) implements TraceAnswer {}

  /// The whole trace.
  ///
  /// @param otlp an OTLP `TracesData` message; not to be changed
  record Found(byte[] otlp, long inspectedBytes) implements TraceAnswer {}

  /// The trace is larger than the tenant's `max_bytes_per_trace`.
  ///
  /// @param otlp as much of the trace as the limit allows, whole spans
  record TooLarge(byte[] otlp, long maxBytes, long inspectedBytes) implements TraceAnswer {}
}
