package io.vivace.traceql.ast;

/// The stage `left op right`.
///
/// @param op a comparison, not a regex
public record ScalarFilter(
    BinaryOp op, ScalarExpression left, ScalarExpression right, SourcePosition position)
    implements PipelineStage {
  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
