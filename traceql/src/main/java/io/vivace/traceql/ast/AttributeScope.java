package io.vivace.traceql.ast;

/// Where a user attribute is looked up.
public enum AttributeScope {
  /// `.name`: the span, and only if it has no such key, the resource.
  NONE("."),
  SPAN("span."),
  RESOURCE("resource."),
  EVENT("event."),
  LINK("link."),
  INSTRUMENTATION("instrumentation.");

  private final String prefix;

  AttributeScope(String prefix) {
    this.prefix = prefix;
  }

  /// The text before the name, with its dot.
  public String prefix() {
    return prefix;
  }
}
