package io.vivace.batch;

/// Dense string columns: one value for each row of [#level]; an absent string is the empty string.
public enum StringField {
  ROOT_SERVICE_NAME(Level.TRACE),
  ROOT_SPAN_NAME(Level.TRACE),
  /// `service.name` if it is a string, else empty.
  SERVICE_NAME(Level.RESOURCE),
  SCOPE_NAME(Level.SCOPE),
  SCOPE_VERSION(Level.SCOPE),
  SPAN_NAME(Level.SPAN),
  SPAN_STATUS_MESSAGE(Level.SPAN),
  SPAN_TRACE_STATE(Level.SPAN),
  EVENT_NAME(Level.EVENT),
  LINK_TRACE_STATE(Level.LINK);

  private final Level level;

  StringField(Level level) {
    this.level = level;
  }

  public Level level() {
    return level;
  }
}
