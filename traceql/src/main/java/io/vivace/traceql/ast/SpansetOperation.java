package io.vivace.traceql.ast;

import org.jspecify.annotations.Nullable;

/// `left op right`. Operands are pipelines only where the query wrote a pipeline of several stages
/// (or a stage other than a spanset expression) in parentheses.
public record SpansetOperation(
    SpansetOp op, SpansetExpression left, SpansetExpression right, SourcePosition position)
    implements PipelineStage, SpansetExpression {
  // By loops along the left side, which may be thousands of operators long.
  @Override
  public boolean equals(@Nullable Object other) {
    Object a = this;
    Object b = other;
    while (a instanceof SpansetOperation x && b instanceof SpansetOperation y) {
      if (x == y) {
        return true;
      }
      if (x.op != y.op || !x.right.equals(y.right)) {
        return false;
      }
      a = x.left;
      b = y.left;
    }
    return !(a instanceof SpansetOperation) && a.equals(b);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    SpansetExpression at = this;
    while (at instanceof SpansetOperation x) {
      hash = 31 * (31 * hash + x.op.hashCode()) + x.right.hashCode();
      at = x.left;
    }
    return 31 * hash + at.hashCode();
  }

  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
