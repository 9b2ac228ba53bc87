package io.vivace.traceql.ast;

import java.util.List;

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
