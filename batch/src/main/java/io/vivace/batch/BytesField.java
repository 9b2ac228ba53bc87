package io.vivace.batch;

/// Dense columns of raw ids: one value, possibly empty, for each row of [#level]; stored as
/// received.
public enum BytesField {
  SPAN_ID(Level.SPAN),
  PARENT_SPAN_ID(Level.SPAN),
  LINK_TRACE_ID(Level.LINK),
  LINK_SPAN_ID(Level.LINK);

  private final Level level;

  BytesField(Level level) {
    this.level = level;
  }

  public Level level() {
    return level;
  }
}
