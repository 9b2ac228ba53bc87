package io.vivace.testkit.reference;

import com.google.re2j.Pattern;
import io.vivace.testkit.reference.RefValue.Array;
import io.vivace.testkit.reference.RefValue.Bool;
import io.vivace.testkit.reference.RefValue.Duration;
import io.vivace.testkit.reference.RefValue.Int;
import io.vivace.testkit.reference.RefValue.Kind;
import io.vivace.testkit.reference.RefValue.Nil;
import io.vivace.testkit.reference.RefValue.Real;
import io.vivace.testkit.reference.RefValue.Status;
import io.vivace.testkit.reference.RefValue.Text;
import io.vivace.testkit.reference.RefValue.Unusable;
import io.vivace.traceql.ast.BinaryOp;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The binary operators on values.
final class RefOperators {
  /// The expression has no value for this span, so the span does not match.
  static final class NoValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoValue(String reason) {
      super(reason, null, false, false);
    }
  }

  private RefOperators() {}

  /// Everything but `&&` and `||`.
  static RefValue apply(BinaryOp op, RefValue left, RefValue right) {
    if (op.isArithmetic()) {
      return arithmetic(op, left, right);
    }
    return new Bool(compare(op, left, right));
  }

  private static boolean compare(BinaryOp op, RefValue left, RefValue right) {
    if (left instanceof Array && right instanceof Array) {
      return false;
    }
    if (left instanceof Array(var elements)) {
      return anyOrNone(op, elements, right);
    }
    if (right instanceof Array(var elements)) {
      return !op.isRegex() && anyOrNone(op.flipped(), elements, left);
    }
    return comparable(op, left, right) && holds(op, left, right);
  }

  /// Some element satisfies the operator; for the negated ones, none satisfies its opposite.
  private static boolean anyOrNone(
      BinaryOp op, java.util.List<RefValue> elements, RefValue scalar) {
    if (!comparable(op, elements.getFirst(), scalar)) {
      return false;
    }
    boolean negated = op == BinaryOp.NOT_EQUAL || op == BinaryOp.NOT_REGEX;
    BinaryOp positive =
        switch (op) {
          case NOT_EQUAL -> BinaryOp.EQUAL;
          case NOT_REGEX -> BinaryOp.REGEX;
          default -> op;
        };
    boolean any = false;
    for (RefValue element : elements) {
      any |= holds(positive, element, scalar);
    }
    return any != negated;
  }

  private static boolean comparable(BinaryOp op, RefValue left, RefValue right) {
    if (isNumber(left) && isNumber(right)) {
      return !op.isRegex();
    }
    if (left instanceof Nil || left instanceof Unusable || left.getClass() != right.getClass()) {
      return false;
    }
    return left instanceof Text || op.isEquality();
  }

  private static boolean holds(BinaryOp op, RefValue left, RefValue right) {
    if (left instanceof Text(String a) && right instanceof Text(String b)) {
      if (op.isRegex()) {
        boolean matches = Pattern.compile(b, Pattern.DOTALL).matches(a);
        return matches == (op == BinaryOp.REGEX);
      }
      return ordered(
          op,
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    }
    if (isNumber(left)) {
      if (left instanceof Real || right instanceof Real) {
        double a = number(left);
        double b = number(right);
        return switch (op) {
          case EQUAL -> a == b;
          case NOT_EQUAL -> a != b;
          case LESS -> a < b;
          case LESS_EQUAL -> a <= b;
          case GREATER -> a > b;
          case GREATER_EQUAL -> a >= b;
          default -> throw new IllegalArgumentException(op.toString());
        };
      }
      return ordered(op, Long.compare(whole(left), whole(right)));
    }
    return left.equals(right) == (op == BinaryOp.EQUAL);
  }

  private static boolean ordered(BinaryOp op, int order) {
    return switch (op) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_EQUAL -> order >= 0;
      default -> throw new IllegalArgumentException(op.toString());
    };
  }

  private static RefValue arithmetic(BinaryOp op, RefValue left, RefValue right) {
    if (left instanceof Array || right instanceof Array) {
      throw new NoValue("arithmetic on an array");
    }
    if (!isNumber(left) || !isNumber(right)) {
      return new Bool(false);
    }
    if (left instanceof Int(long a) && right instanceof Int(long b)) {
      if ((op == BinaryOp.DIVIDE || op == BinaryOp.MODULO) && b == 0) {
        throw new NoValue("division by zero");
      }
      return new Int(
          switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MODULO -> a % b;
            case POWER -> (long) Math.pow((double) a, (double) b);
            default -> throw new IllegalArgumentException(op.toString());
          });
    }
    double a = number(left);
    double b = number(right);
    return new Real(
        switch (op) {
          case ADD -> a + b;
          case SUBTRACT -> a - b;
          case MULTIPLY -> a * b;
          case DIVIDE -> a / b;
          case MODULO -> a % b;
          case POWER -> Math.pow(a, b);
          default -> throw new IllegalArgumentException(op.toString());
        });
  }

  static boolean isNumber(RefValue value) {
    return value instanceof Int || value instanceof Real || value instanceof Duration;
  }

  static double number(RefValue value) {
    return value instanceof Real(double number) ? number : (double) whole(value);
  }

  private static long whole(RefValue value) {
    return switch (value) {
      case Int(long number) -> number;
      case Duration(long nanos) -> nanos;
      case Status _, Kind _, Nil _, Unusable _, Real _, Text _, Bool _, Array _ ->
          throw new IllegalArgumentException("not a whole number: " + value);
    };
  }
}
