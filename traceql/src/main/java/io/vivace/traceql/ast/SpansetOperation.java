package io.vivace.traceql.ast;

/// `left op right`. Operands are pipelines only where the query wrote a pipeline of several stages
/// (or a stage other than a spanset expression) in parentheses.
public record SpansetOperation(
    SpansetOp op, SpansetExpression left, SpansetExpression right, SourcePosition position)
    implements PipelineStage, SpansetExpression {
  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
