package io.vivace.engine.filter;

import io.vivace.traceql.ast.BinaryOp;
import java.util.Arrays;

/// The binary operators on single values of vectors, with the run-time rules of the language:
/// operands whose types do not go together give `false`, whatever the operator.
final class Operations {
  private Operations() {}

  /// `left[i] op right[i]` for a comparison that is not a regex.
  static boolean compare(BinaryOp op, ValueVector left, ValueVector right, int i) {
    byte leftType = left.type(i);
    byte rightType = right.type(i);
    boolean isLeftArray = ValueType.isArray(leftType);
    boolean isRightArray = ValueType.isArray(rightType);
    if (isLeftArray || isRightArray) {
      if (isLeftArray && isRightArray) {
        return false;
      }
      return isLeftArray
          ? compareArray(op, left, right, i)
          : compareArray(op.flipped(), right, left, i);
    }
    if (op == BinaryOp.NOT_EQUAL) {
      return areComparable(leftType, rightType, op)
          && !compareScalars(
              BinaryOp.EQUAL, leftType, left.value(i), left, rightType, right.value(i), right);
    }
    return areComparable(leftType, rightType, op)
        && compareScalars(op, leftType, left.value(i), left, rightType, right.value(i), right);
  }

  /// An array is equal, less and so on if any element is, and unequal if none is equal.
  private static boolean compareArray(BinaryOp op, ValueVector array, ValueVector scalar, int i) {
    byte elementType = ValueType.element(array.type(i));
    byte scalarType = scalar.type(i);
    if (!areComparable(elementType, scalarType, op)) {
      return false;
    }
    boolean isNegated = op == BinaryOp.NOT_EQUAL;
    BinaryOp positive = isNegated ? BinaryOp.EQUAL : op;
    for (int k = 0; k < array.arrayLength(i); k++) {
      if (compareScalars(
          positive, elementType, array.element(i, k), array, scalarType, scalar.value(i), scalar)) {
        return !isNegated;
      }
    }
    return isNegated;
  }

  private static boolean areComparable(byte left, byte right, BinaryOp op) {
    if (ValueType.isNumeric(left)) {
      return ValueType.isNumeric(right);
    }
    if (left != right) {
      return false;
    }
    return switch (left) {
      case ValueType.STRING -> true;
      case ValueType.BOOL, ValueType.STATUS, ValueType.KIND -> op.isEquality();
      default -> false;
    };
  }

  private static boolean compareScalars(
      BinaryOp op,
      byte leftType,
      long left,
      ValueVector leftOwner,
      byte rightType,
      long right,
      ValueVector rightOwner) {
    if (leftType == ValueType.STRING) {
      if (leftOwner.dictionary == rightOwner.dictionary && left == right) {
        return holds(op, 0);
      }
      byte[] leftBytes = leftOwner.dictionary.bytes((int) left);
      byte[] rightBytes = rightOwner.dictionary.bytes((int) right);
      return op == BinaryOp.EQUAL
          ? Arrays.equals(leftBytes, rightBytes)
          : holds(op, Arrays.compareUnsigned(leftBytes, rightBytes));
    }
    if (leftType == ValueType.FLOAT || rightType == ValueType.FLOAT) {
      double leftNumber = number(leftType, left);
      double rightNumber = number(rightType, right);
      return switch (op) {
        case LESS -> leftNumber < rightNumber;
        case LESS_EQUAL -> leftNumber <= rightNumber;
        case GREATER -> leftNumber > rightNumber;
        case GREATER_EQUAL -> leftNumber >= rightNumber;
        default -> leftNumber == rightNumber;
      };
    }
    return holds(op, Long.compare(left, right));
  }

  private static boolean holds(BinaryOp op, int comparison) {
    return switch (op) {
      case LESS -> comparison < 0;
      case LESS_EQUAL -> comparison <= 0;
      case GREATER -> comparison > 0;
      case GREATER_EQUAL -> comparison >= 0;
      default -> comparison == 0;
    };
  }

  private static double number(byte type, long value) {
    return type == ValueType.FLOAT ? Double.longBitsToDouble(value) : (double) value;
  }

  /// `left op right` for an arithmetic operator, for `size` rows.
  static ValueVector arithmetic(BinaryOp op, ValueVector left, ValueVector right, int size) {
    ValueVector out = new ValueVector(size, ByteStrings.EMPTY);
    for (int i = 0; i < size; i++) {
      byte leftType = left.type(i);
      byte rightType = right.type(i);
      if (leftType == ValueType.INT && rightType == ValueType.INT) {
        integers(op, left.value(i), right.value(i), out, i);
      } else if (ValueType.isNumeric(leftType) && ValueType.isNumeric(rightType)) {
        double result =
            floats(op, number(leftType, left.value(i)), number(rightType, right.value(i)));
        out.set(i, ValueType.FLOAT, Double.doubleToRawLongBits(result));
      } else if (hasNoArithmetic(leftType) || hasNoArithmetic(rightType)) {
        out.set(i, ValueType.ERROR, 0);
      } else {
        out.set(i, ValueType.BOOL, 0);
      }
    }
    return out;
  }

  private static boolean hasNoArithmetic(byte type) {
    return type == ValueType.ERROR || type == ValueType.INT_ARRAY || type == ValueType.FLOAT_ARRAY;
  }

  private static void integers(BinaryOp op, long left, long right, ValueVector out, int i) {
    boolean isDivision = op == BinaryOp.DIVIDE || op == BinaryOp.MODULO;
    if (isDivision && right == 0) {
      out.set(i, ValueType.ERROR, 0);
      return;
    }
    long result =
        switch (op) {
          case ADD -> left + right;
          case SUBTRACT -> left - right;
          case MULTIPLY -> left * right;
          case DIVIDE -> left / right;
          case MODULO -> left % right;
          case POWER -> (long) Math.pow(left, right);
          default -> throw new IllegalArgumentException("op: " + op);
        };
    out.set(i, ValueType.INT, result);
  }

  private static double floats(BinaryOp op, double left, double right) {
    return switch (op) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case MODULO -> left % right;
      case POWER -> Math.pow(left, right);
      default -> throw new IllegalArgumentException("op: " + op);
    };
  }

  /// `-operand` for `size` rows.
  static ValueVector negate(ValueVector operand, int size) {
    ValueVector out = new ValueVector(size, ByteStrings.EMPTY);
    for (int i = 0; i < size; i++) {
      byte type = operand.type(i);
      switch (type) {
        case ValueType.INT, ValueType.DURATION -> out.set(i, type, -operand.value(i));
        case ValueType.FLOAT -> out.set(i, type, operand.value(i) ^ Long.MIN_VALUE);
        default -> out.set(i, ValueType.ERROR, 0);
      }
    }
    return out;
  }
}
