package io.vivace.traceql.ast;

import org.jspecify.annotations.Nullable;

/// A value per spanset. Only an [Aggregate] compared with a [Constant] validates.
public sealed interface ScalarExpression extends Node {

  StaticType type();

  /// `count()` or `avg(argument)`.
  ///
  /// @param argument null for `count()` only
  record Aggregate(AggregateOp op, @Nullable FieldExpression argument, SourcePosition position)
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
      // Asked once only: asking twice at every level would double the work with each level.
      StaticType leftType = left.type();
      return leftType == StaticType.ATTRIBUTE ? right.type() : leftType;
    }

    // By loops along the left side, which may be thousands of operators long.
    @Override
    public boolean equals(@Nullable Object other) {
      Object a = this;
      Object b = other;
      while (a instanceof Operation x && b instanceof Operation y) {
        if (x == y) {
          return true;
        }
        if (x.op != y.op || !x.right.equals(y.right)) {
          return false;
        }
        a = x.left;
        b = y.left;
      }
      return !(a instanceof Operation) && a.equals(b);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      ScalarExpression at = this;
      while (at instanceof Operation x) {
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
