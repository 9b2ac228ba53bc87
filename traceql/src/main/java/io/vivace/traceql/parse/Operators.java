package io.vivace.traceql.parse;

import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetOp;
import io.vivace.traceql.ast.SpansetOperation;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.UnaryOp;
import io.vivace.traceql.eval.StaticOps;
import org.jspecify.annotations.Nullable;

/// The operators between the operands of the top-level grammar. What a token means depends on the
/// kind of the left operand: `>` is a structural operator after a spanset and a comparison (which
/// is not an operator here) after a number.
final class Operators {
  private Operators() {}

  /// An operator as found: of spansets or of numbers.
  record Infix(int level, @Nullable SpansetOp spansetOp, @Nullable BinaryOp arithmetic) {}

  static @Nullable Infix infix(TokenKind kind, Operand left) {
    return switch (left) {
      case Operand.Spanset _, Operand.Wrapped _ -> {
        SpansetOp op = spansetOp(kind);
        yield op == null ? null : new Infix(op.isStructural() ? 3 : 2, op, null);
      }
      case Operand.Constant _,
          Operand.Aggregated _,
          Operand.AggregatedPipeline _,
          Operand.Metrics _ -> {
        BinaryOp op = FieldParser.binaryOp(kind);
        yield op == null || !op.isArithmetic()
            ? null
            : new Infix(FieldParser.levelOf(op), null, op);
      }
    };
  }

  static Static negate(Static number) {
    return StaticOps.unary(UnaryOp.NEGATE, number).orElseThrow();
  }

  static Operand combine(
      TokenStream tokens, Operand left, Infix infix, int opIndex, Operand right) {
    if (infix.spansetOp() != null) {
      return spansets(tokens, left, infix.spansetOp(), right);
    }
    BinaryOp op = infix.arithmetic();
    if (op == null) {
      throw new IllegalArgumentException("an operator of nothing");
    }
    if (left instanceof Operand.Metrics || right instanceof Operand.Metrics) {
      return metrics(tokens, left, op, opIndex, right);
    }
    return numbers(tokens, left, op, opIndex, right);
  }

  // ---- spansets

  private static Operand spansets(TokenStream tokens, Operand left, SpansetOp op, Operand right) {
    SpansetExpression first = spanset(tokens, left);
    SpansetExpression second = spanset(tokens, right);
    SpansetOperation node = new SpansetOperation(op, first, second, first.position());
    int height = tokens.higher(left.height(), right.height());
    if (left instanceof Operand.Spanset a && right instanceof Operand.Spanset b) {
      return new Operand.Spanset(node, a.bare() >= 0 ? a.bare() : b.bare(), a.blame(), height);
    }
    String remark = "; put every operand beside a pipeline in parentheses";
    if (right instanceof Operand.Spanset spanset && spanset.bare() >= 0) {
      throw tokens.unexpected(spanset.bare(), remark);
    }
    if (left instanceof Operand.Spanset spanset && spanset.bare() >= 0) {
      throw tokens.unexpected(right.blame(), remark);
    }
    return new Operand.Wrapped(
        node, left instanceof Operand.Wrapped ? left.blame() : right.blame(), height);
  }

  private static SpansetExpression spanset(TokenStream tokens, Operand operand) {
    return switch (operand) {
      case Operand.Spanset it -> it.expression();
      case Operand.Wrapped it -> it.expression();
      case Operand.Constant _,
          Operand.Aggregated _,
          Operand.AggregatedPipeline _,
          Operand.Metrics _ ->
          throw tokens.unexpected(operand.blame(), "; expected a filter such as { … }");
    };
  }

  private static @Nullable SpansetOp spansetOp(TokenKind kind) {
    return switch (kind) {
      case AND -> SpansetOp.AND;
      case OR -> SpansetOp.OR;
      case GT -> SpansetOp.CHILD;
      case LT -> SpansetOp.PARENT;
      case DESC -> SpansetOp.DESCENDANT;
      case ANCE -> SpansetOp.ANCESTOR;
      case TILDE -> SpansetOp.SIBLING;
      case NOT_CHILD -> SpansetOp.NOT_CHILD;
      case NOT_PARENT -> SpansetOp.NOT_PARENT;
      case NOT_DESC -> SpansetOp.NOT_DESCENDANT;
      case NOT_ANCE -> SpansetOp.NOT_ANCESTOR;
      // The token of the regex operator.
      case NRE -> SpansetOp.NOT_SIBLING;
      case UNION_CHILD -> SpansetOp.UNION_CHILD;
      case UNION_PARENT -> SpansetOp.UNION_PARENT;
      case UNION_DESC -> SpansetOp.UNION_DESCENDANT;
      case UNION_ANCE -> SpansetOp.UNION_ANCESTOR;
      case UNION_SIBL -> SpansetOp.UNION_SIBLING;
      default -> null;
    };
  }

  // ---- numbers

  private static Operand numbers(
      TokenStream tokens, Operand left, BinaryOp op, int opIndex, Operand right) {
    if (left instanceof Operand.Constant a && right instanceof Operand.Constant b) {
      if (op == BinaryOp.MODULO || op == BinaryOp.POWER) {
        throw tokens.unexpected(opIndex, "; constants take + - * / only");
      }
      try {
        Static value = Folding.scalar(op, a.expression().value(), b.expression().value());
        return new Operand.Constant(
            new ScalarExpression.Constant(value, left.position()), left.blame());
      } catch (ArithmeticException e) {
        throw tokens.failAtIndex(opIndex, String.valueOf(e.getMessage()));
      }
    }
    int height = tokens.higher(left.height(), right.height());
    if (left instanceof Operand.AggregatedPipeline a
        && right instanceof Operand.AggregatedPipeline b) {
      return new Operand.AggregatedPipeline(
          new ScalarExpression.Operation(op, a.expression(), b.expression(), left.position()),
          left.blame(),
          height);
    }
    return new Operand.Aggregated(
        new ScalarExpression.Operation(
            op, scalar(tokens, left), scalar(tokens, right), left.position()),
        left.blame(),
        height);
  }

  private static ScalarExpression scalar(TokenStream tokens, Operand operand) {
    return switch (operand) {
      case Operand.Constant it -> it.expression();
      case Operand.Aggregated it -> it.expression();
      case Operand.AggregatedPipeline _, Operand.Spanset _, Operand.Wrapped _, Operand.Metrics _ ->
          throw tokens.unexpected(operand.blame(), "; expected a number or an aggregate");
    };
  }

  // ---- metrics

  private static Operand metrics(
      TokenStream tokens, Operand left, BinaryOp op, int opIndex, Operand right) {
    if (op == BinaryOp.MODULO || op == BinaryOp.POWER) {
      throw tokens.unexpected(opIndex, "; metrics take + - * / only");
    }
    int height = tokens.higher(left.height(), right.height());
    return new Operand.Metrics(
        new MetricsExpression.Arithmetic(
            op, series(tokens, left), series(tokens, right), left.position()),
        opIndex,
        height);
  }

  private static MetricsExpression series(TokenStream tokens, Operand operand) {
    return switch (operand) {
      case Operand.Metrics it -> it.expression();
      case Operand.Constant(ScalarExpression.Constant constant, int blame) -> {
        if (constant.value() instanceof Static.DurationValue) {
          throw tokens.failAtIndex(
              blame, "duration cannot be used as a scalar operand in metric arithmetic");
        }
        yield new MetricsExpression.Scalar(
            MetricsParser.number(constant.value()), operand.position());
      }
      case Operand.Aggregated _,
          Operand.AggregatedPipeline _,
          Operand.Spanset _,
          Operand.Wrapped _ ->
          throw tokens.unexpected(
              operand.blame(), "; expected a metrics query in parentheses or a number");
    };
  }
}
