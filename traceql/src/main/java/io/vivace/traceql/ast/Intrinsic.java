package io.vivace.traceql.ast;

/// A field that every span (trace, event, link) has by nature, with its canonical spelling and its
/// static type.
public enum Intrinsic {
  NAME("name", StaticType.STRING, Level.SPAN),
  DURATION("duration", StaticType.DURATION, Level.SPAN),
  STATUS("status", StaticType.STATUS, Level.SPAN),
  STATUS_MESSAGE("statusMessage", StaticType.STRING, Level.SPAN),
  KIND("kind", StaticType.KIND, Level.SPAN),
  SPAN_ID("span:id", StaticType.STRING, Level.SPAN),
  PARENT_ID("span:parentID", StaticType.STRING, Level.SPAN),
  CHILD_COUNT("span:childCount", StaticType.INT, Level.SPAN),
  NESTED_SET_LEFT("nestedSetLeft", StaticType.INT, Level.SPAN),
  NESTED_SET_RIGHT("nestedSetRight", StaticType.INT, Level.SPAN),
  NESTED_SET_PARENT("nestedSetParent", StaticType.INT, Level.SPAN),
  TRACE_ID("trace:id", StaticType.STRING, Level.TRACE),
  TRACE_DURATION("traceDuration", StaticType.DURATION, Level.TRACE),
  ROOT_NAME("rootName", StaticType.STRING, Level.TRACE),
  ROOT_SERVICE("rootServiceName", StaticType.STRING, Level.TRACE),
  EVENT_NAME("event:name", StaticType.STRING, Level.EVENT),
  EVENT_TIME_SINCE_START("event:timeSinceStart", StaticType.DURATION, Level.EVENT),
  LINK_TRACE_ID("link:traceID", StaticType.STRING, Level.LINK),
  LINK_SPAN_ID("link:spanID", StaticType.STRING, Level.LINK),
  INSTRUMENTATION_NAME("instrumentation:name", StaticType.ATTRIBUTE, Level.INSTRUMENTATION),
  INSTRUMENTATION_VERSION("instrumentation:version", StaticType.ATTRIBUTE, Level.INSTRUMENTATION),
  /// Parses but never validates.
  PARENT("parent", StaticType.NIL, Level.SPAN);

  /// What the field belongs to.
  public enum Level {
    TRACE,
    INSTRUMENTATION,
    SPAN,
    EVENT,
    LINK
  }

  private final String label;
  private final StaticType type;
  private final Level level;

  Intrinsic(String label, StaticType type, Level level) {
    this.label = label;
    this.type = type;
    this.level = level;
  }

  /// The canonical spelling: metrics label, key in answers, rendering.
  public String label() {
    return label;
  }

  public StaticType type() {
    return type;
  }

  public Level level() {
    return level;
  }

  /// Whether the value is the hex text of a trace or span id.
  public boolean isId() {
    return this == SPAN_ID
        || this == PARENT_ID
        || this == TRACE_ID
        || this == LINK_TRACE_ID
        || this == LINK_SPAN_ID;
  }

  @Override
  public String toString() {
    return label;
  }
}
