package io.vivace.traceql.ast;

/// The stage `by(expression)`.
public record GroupBy(FieldExpression expression, SourcePosition position)
    implements PipelineStage {
  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
