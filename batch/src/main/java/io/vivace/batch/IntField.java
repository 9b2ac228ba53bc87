package io.vivace.batch;

/// Dense 32-bit columns: one value for each row of [#level].
public enum IntField {
  /// OTLP number; unknown numbers are kept.
  SPAN_KIND(Level.SPAN),
  /// OTLP number: 0 unset, 1 ok, 2 error; unknown numbers are kept.
  SPAN_STATUS(Level.SPAN),
  /// Nested-set bounds within the trace row; 0 if the span's place in the tree is not known.
  NESTED_SET_LEFT(Level.SPAN),
  NESTED_SET_RIGHT(Level.SPAN),
  /// `NESTED_SET_LEFT` of the parent; -1 for a root, 0 unknown.
  NESTED_SET_PARENT(Level.SPAN),
  /// Direct children within the trace row.
  CHILD_COUNT(Level.SPAN);

  private final Level level;

  IntField(Level level) {
    this.level = level;
  }

  public Level level() {
    return level;
  }
}
