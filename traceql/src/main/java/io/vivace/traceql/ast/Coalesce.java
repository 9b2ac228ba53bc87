package io.vivace.traceql.ast;

/// The stage `coalesce()`.
public record Coalesce(SourcePosition position) implements PipelineStage {
  @Override
  public String toString() {
    return "coalesce()";
  }
}
