package io.vivace.traceql.eval;

import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.Static.BoolValue;
import io.vivace.traceql.ast.Static.DurationValue;
import io.vivace.traceql.ast.Static.FloatValue;
import io.vivace.traceql.ast.Static.IntValue;
import io.vivace.traceql.ast.Static.StringValue;
import io.vivace.traceql.ast.StaticType;
import io.vivace.traceql.ast.UnaryOp;
import java.util.Optional;

/// Operators on scalar values, by their run-time types.
public final class StaticOps {
  private StaticOps() {}

  /// `left op right`. Operands whose types do not match, or for which the operator is not defined,
  /// give false, for arithmetic too; so does nil with anything.
  ///
  /// @throws ArithmeticException `division by zero` or `modulo by zero`, of ints only
  /// @throws com.google.re2j.PatternSyntaxException if a regex does not compile
  public static Static binary(BinaryOp op, Static left, Static right) {
    if (op.isLogical()) {
      return Static.of(logic(op, left, right));
    }
    if (left.type() == StaticType.NIL
        || right.type() == StaticType.NIL
        || !left.type().matches(right.type())
        || !left.type().allows(op)
        || !right.type().allows(op)) {
      return Static.FALSE;
    }
    return switch (left) {
      case StringValue text when right instanceof StringValue other -> strings(op, text, other);
      case IntValue(long a) when right instanceof IntValue(long b) && op.isArithmetic() ->
          Static.of(integers(op, a, b));
      case IntValue _, FloatValue _, DurationValue _ -> numbers(op, left, right);
      default -> Static.of(left.equals(right) == (op == BinaryOp.EQUAL));
    };
  }

  /// `-x` or `!x`; empty where the operator is not defined for the value, nil included.
  public static Optional<Static> unary(UnaryOp op, Static operand) {
    return switch (op) {
      case NOT ->
          operand instanceof BoolValue(boolean value)
              ? Optional.of(Static.of(!value))
              : Optional.empty();
      case NEGATE ->
          switch (operand) {
            case IntValue(long value) -> Optional.of(Static.of(-value));
            case FloatValue(double value) -> Optional.of(Static.of(-value));
            case DurationValue(long nanos) -> Optional.of(Static.duration(-nanos));
            default -> Optional.empty();
          };
    };
  }

  /// Left decides where it can; otherwise both must be booleans.
  private static boolean logic(BinaryOp op, Static left, Static right) {
    if (!(left instanceof BoolValue(boolean first))) {
      return false;
    }
    if (first == (op == BinaryOp.OR)) {
      return first;
    }
    return right instanceof BoolValue(boolean second) && second;
  }

  private static Static strings(BinaryOp op, StringValue left, StringValue right) {
    return Static.of(
        switch (op) {
          case REGEX -> Patterns.matches(Patterns.compile(right.text()), left);
          case NOT_REGEX -> !Patterns.matches(Patterns.compile(right.text()), left);
          default -> compare(op, left.compareTo(right));
        });
  }

  private static boolean compare(BinaryOp op, int order) {
    return switch (op) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_EQUAL -> order >= 0;
      default -> throw new IllegalArgumentException("not a comparison: " + op);
    };
  }

  private static long integers(BinaryOp op, long a, long b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> {
        if (b == 0) {
          throw new ArithmeticException("division by zero");
        }
        yield a / b;
      }
      case MODULO -> {
        if (b == 0) {
          throw new ArithmeticException("modulo by zero");
        }
        yield a % b;
      }
      // Through a double, which saturates.
      case POWER -> (long) Math.pow((double) a, (double) b);
      default -> throw new IllegalArgumentException("not arithmetic: " + op);
    };
  }

  private static Static numbers(BinaryOp op, Static left, Static right) {
    if (op.isArithmetic()) {
      return Static.of(decimals(op, decimal(left), decimal(right)));
    }
    if (!(left instanceof FloatValue) && !(right instanceof FloatValue)) {
      return Static.of(compare(op, Long.compare(whole(left), whole(right))));
    }
    double a = decimal(left);
    double b = decimal(right);
    return Static.of(
        switch (op) {
          case EQUAL -> a == b;
          case NOT_EQUAL -> a != b;
          case LESS -> a < b;
          case LESS_EQUAL -> a <= b;
          case GREATER -> a > b;
          case GREATER_EQUAL -> a >= b;
          default -> throw new IllegalArgumentException("not a comparison: " + op);
        });
  }

  private static double decimals(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MODULO -> a % b;
      case POWER -> Math.pow(a, b);
      default -> throw new IllegalArgumentException("not arithmetic: " + op);
    };
  }

  private static double decimal(Static value) {
    return switch (value) {
      case IntValue(long number) -> number;
      case FloatValue(double number) -> number;
      case DurationValue(long nanos) -> nanos;
      default -> throw new IllegalArgumentException("not a number: " + value);
    };
  }

  private static long whole(Static value) {
    return switch (value) {
      case IntValue(long number) -> number;
      case DurationValue(long nanos) -> nanos;
      default -> throw new IllegalArgumentException("not a whole number: " + value);
    };
  }
}
