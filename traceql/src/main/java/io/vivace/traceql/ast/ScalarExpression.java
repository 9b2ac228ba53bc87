package io.vivace.traceql.ast;

import org.jspecify.annotations.Nullable;

/// A value per spanset. Only an [Aggregate] compared with a [Constant] validates.
public sealed interface ScalarExpression extends Node {

  StaticType type();

  /// `count()` or `avg(argument)`.
  ///
  /// @param argument null for `count()` only
  record Aggregate(
      AggregateOp op, @Nullable FieldExpression argument, SourcePosition position)
      implements ScalarExpression {
    @Override
    public StaticType type() {
      return argument == null ? StaticType.INT : argument.type();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// An int, float or duration.
  record Constant(Static value, SourcePosition position) implements ScalarExpression {
    @Override
    public StaticType type() {
      return value.type();
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /// Arithmetic of which at least one operand is not constant.
  record Operation(
      BinaryOp op, ScalarExpression left, ScalarExpression right, SourcePosition position)
      implements ScalarExpression {
    @Override
    public StaticType type() {
      return left.type() == StaticType.ATTRIBUTE ? right.type() : left.type();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `pipeline | aggregate` in parentheses; parses but never validates.
  record PipelineAggregate(Pipeline pipeline, Aggregate aggregate, SourcePosition position)
      implements ScalarExpression {
    @Override
    public StaticType type() {
      return aggregate.type();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }
}
