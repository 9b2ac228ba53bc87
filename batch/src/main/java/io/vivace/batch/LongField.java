package io.vivace.batch;

/// Dense 64-bit columns: one value for each row of [#level].
public enum LongField {
  /// Earliest span start of the trace, Unix nanoseconds; 0 if unset.
  TRACE_START(Level.TRACE),
  /// Latest span end of the trace, Unix nanoseconds.
  TRACE_END(Level.TRACE),
  /// End minus start of the trace in nanoseconds, modulo 2^64 as stored.
  TRACE_DURATION(Level.TRACE),
  /// Unix nanoseconds.
  SPAN_START(Level.SPAN),
  /// End minus start in nanoseconds, modulo 2^64 as stored; negative (as a signed number) if the
  /// span ends before it starts.
  SPAN_DURATION(Level.SPAN),
  /// Nanoseconds from the span's start to the event, modulo 2^64 as stored.
  EVENT_TIME_SINCE_START(Level.EVENT);

  private final Level level;

  LongField(Level level) {
    this.level = level;
  }

  public Level level() {
    return level;
  }
}
