package io.vivace.traceql.ast;

/// `{ expression }`; an empty filter holds the literal `true`.
public record SpansetFilter(FieldExpression expression, SourcePosition position)
    implements PipelineStage, SpansetExpression {
  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
