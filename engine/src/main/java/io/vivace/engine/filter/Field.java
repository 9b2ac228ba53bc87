package io.vivace.engine.filter;

import io.vivace.batch.Level;

/// A field of a span, or of what it belongs to, resolved: it says where values are found.
public sealed interface Field {
  /// The level whose rows have a value each.
  Level level();

  /// How answers name it: the attribute's key, or the intrinsic's label.
  String label();

  /// An attribute.
  record Attribute(Owner owner, String key) implements Field {
    @Override
    public Level level() {
      return owner.level;
    }

    @Override
    public String label() {
      return key;
    }

    /// True for `resource.service.name`, which every resource has, be it as the empty string.
    boolean isServiceName() {
      return owner == Owner.RESOURCE && key.equals(SERVICE_NAME);
    }
  }

  String SERVICE_NAME = "service.name";

  /// Where an attribute is looked for.
  enum Owner {
    /// The span; if it has no such key, its resource.
    SPAN_OR_RESOURCE(Level.SPAN),
    SPAN(Level.SPAN),
    RESOURCE(Level.RESOURCE),
    SCOPE(Level.SCOPE),
    EVENT(Level.EVENT),
    LINK(Level.LINK);

    private final Level level;

    Owner(Level level) {
      this.level = level;
    }
  }

  /// What every span, trace, scope, event or link has.
  enum Intrinsic implements Field {
    NAME(Level.SPAN, "name"),
    DURATION(Level.SPAN, "duration"),
    STATUS(Level.SPAN, "status"),
    STATUS_MESSAGE(Level.SPAN, "statusMessage"),
    KIND(Level.SPAN, "kind"),
    SPAN_ID(Level.SPAN, "span:id"),
    PARENT_ID(Level.SPAN, "span:parentID"),
    CHILD_COUNT(Level.SPAN, "span:childCount"),
    NESTED_SET_LEFT(Level.SPAN, "nestedSetLeft"),
    NESTED_SET_RIGHT(Level.SPAN, "nestedSetRight"),
    NESTED_SET_PARENT(Level.SPAN, "nestedSetParent"),
    SPAN_START(Level.SPAN, "spanStartTime"),
    TRACE_ID(Level.TRACE, "trace:id"),
    TRACE_DURATION(Level.TRACE, "traceDuration"),
    ROOT_NAME(Level.TRACE, "rootName"),
    ROOT_SERVICE(Level.TRACE, "rootServiceName"),
    EVENT_NAME(Level.EVENT, "event:name"),
    EVENT_TIME_SINCE_START(Level.EVENT, "event:timeSinceStart"),
    LINK_TRACE_ID(Level.LINK, "link:traceID"),
    LINK_SPAN_ID(Level.LINK, "link:spanID"),
    SCOPE_NAME(Level.SCOPE, "instrumentation:name"),
    SCOPE_VERSION(Level.SCOPE, "instrumentation:version");

    private final Level level;
    private final String label;

    Intrinsic(Level level, String label) {
      this.level = level;
      this.label = label;
    }

    @Override
    public Level level() {
      return level;
    }

    @Override
    public String label() {
      return label;
    }

    /// True if the value depends on spans besides the one it is asked for, so that it is only right
    /// on a whole trace.
    boolean needsWholeTrace() {
      return switch (this) {
        case CHILD_COUNT,
            NESTED_SET_LEFT,
            NESTED_SET_RIGHT,
            NESTED_SET_PARENT,
            TRACE_DURATION,
            ROOT_NAME,
            ROOT_SERVICE ->
            true;
        default -> false;
      };
    }
  }
}
