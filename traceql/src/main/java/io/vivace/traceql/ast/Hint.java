package io.vivace.traceql.ast;

/// One `name=value` of a `with(…)`.
public record Hint(String name, Static value, SourcePosition position) implements Node {
  @Override
  public String toString() {
    return name + "=" + value;
  }
}
