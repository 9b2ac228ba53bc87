package io.vivace.traceql.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Series, or arithmetic on series.
public sealed interface MetricsExpression extends Node {

  /// `pipeline | function | second stages`: one sub-query.
  record SubQuery(
      Pipeline pipeline,
      MetricsFunction function,
      List<SecondStage> secondStages,
      SourcePosition position)
      implements MetricsExpression {
    public SubQuery {
      secondStages = List.copyOf(secondStages);
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `left op right`; at most one side is a [Scalar].
  ///
  /// @param op `+`, `-`, `*` or `/`
  record Arithmetic(
      BinaryOp op, MetricsExpression left, MetricsExpression right, SourcePosition position)
      implements MetricsExpression {
    // By loops along the left side, which may be thousands of operators long.
    @Override
    public boolean equals(@Nullable Object other) {
      Object a = this;
      Object b = other;
      while (a instanceof Arithmetic x && b instanceof Arithmetic y) {
        if (x == y) {
          return true;
        }
        if (x.op != y.op || !x.right.equals(y.right)) {
          return false;
        }
        a = x.left;
        b = y.left;
      }
      return !(a instanceof Arithmetic) && a.equals(b);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      MetricsExpression at = this;
      while (at instanceof Arithmetic x) {
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

  /// A constant operand of [Arithmetic].
  record Scalar(double value, SourcePosition position) implements MetricsExpression {
    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }
}
