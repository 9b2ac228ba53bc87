package io.vivace.traceql.parse;

import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.SpansetExpression;

/// What the top-level grammar can have on either side of an operator. Spansets, scalars and metrics
/// share parentheses and operator tokens, so the parser learns the kind while it reads.
sealed interface Operand {
  /// Where it starts.
  SourcePosition position();

  /// Index of the token to blame if an operand of this kind cannot stand here.
  int blame();

  /// Height of the tree.
  int height();

  /// A filter or an operation of filters.
  ///
  /// @param bare index of the first filter that stands outside of parentheses, or -1
  record Spanset(SpansetExpression expression, int bare, int blame, int height) implements Operand {
    @Override
    public SourcePosition position() {
      return expression.position();
    }
  }

  /// A pipeline in parentheses, or an operation with such.
  record Wrapped(SpansetExpression expression, int blame, int height) implements Operand {
    @Override
    public SourcePosition position() {
      return expression.position();
    }
  }

  record Constant(ScalarExpression.Constant expression, int blame) implements Operand {
    @Override
    public SourcePosition position() {
      return expression.position();
    }

    @Override
    public int height() {
      return 1;
    }
  }

  /// An aggregate or arithmetic with one.
  record Aggregated(ScalarExpression expression, int blame, int height) implements Operand {
    @Override
    public SourcePosition position() {
      return expression.position();
    }
  }

  /// `(pipeline | aggregate)` or arithmetic of such.
  record AggregatedPipeline(ScalarExpression expression, int blame, int height) implements Operand {
    @Override
    public SourcePosition position() {
      return expression.position();
    }
  }

  /// `(pipeline | function)` or arithmetic with such.
  record Metrics(MetricsExpression expression, int blame, int height) implements Operand {
    @Override
    public SourcePosition position() {
      return expression.position();
    }
  }
}
