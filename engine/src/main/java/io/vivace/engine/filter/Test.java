package io.vivace.engine.filter;

import com.google.re2j.Pattern;
import java.util.Arrays;

/// A comparison of one stored value with literals of one type.
///
/// A scalar matches if `accepts` holds, or, for a negated test, if it does not hold. An array
/// matches if any element, or for a negated test no element, is accepted. Values of another type
/// never match.
sealed interface Test {
  /// The [ValueType] that values must have.
  byte type();

  boolean isNegated();

  /// How an ordering relates value and literal.
  enum Order {
    EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    boolean holds(int comparison) {
      return switch (this) {
        case EQUAL -> comparison == 0;
        case LESS -> comparison < 0;
        case LESS_OR_EQUAL -> comparison <= 0;
        case GREATER -> comparison > 0;
        case GREATER_OR_EQUAL -> comparison >= 0;
      };
    }

    /// IEEE comparison: false if either is NaN.
    boolean holds(double left, double right) {
      return switch (this) {
        case EQUAL -> left == right;
        case LESS -> left < right;
        case LESS_OR_EQUAL -> left <= right;
        case GREATER -> left > right;
        case GREATER_OR_EQUAL -> left >= right;
      };
    }

    /// The same relation seen from the other operand.
    Order flipped() {
      return switch (this) {
        case EQUAL -> EQUAL;
        case LESS -> GREATER;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER -> LESS;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      };
    }
  }

  /// Strings, as bytes.
  sealed interface Text extends Test {
    boolean accepts(byte[] string);

    @Override
    default byte type() {
      return ValueType.STRING;
    }
  }

  /// Equal to one of `literals`.
  record TextIn(byte[][] literals, boolean isNegated) implements Text {
    @Override
    public boolean accepts(byte[] string) {
      for (byte[] literal : literals) {
        if (Arrays.equals(literal, string)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Bytewise order.
  record TextOrder(Order order, byte[] literal) implements Text {
    @Override
    public boolean isNegated() {
      return false;
    }

    @Override
    public boolean accepts(byte[] string) {
      return order.holds(Arrays.compareUnsigned(string, literal));
    }
  }

  /// Matches one of `patterns` as a whole.
  record TextMatch(Pattern[] patterns, boolean isNegated) implements Text {
    @Override
    public boolean accepts(byte[] string) {
      for (Pattern pattern : patterns) {
        if (pattern.matches(string)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Contains `part`.
  record TextContains(byte[] part) implements Text {
    @Override
    public boolean isNegated() {
      return false;
    }

    @Override
    public boolean accepts(byte[] string) {
      for (int i = 0; i + part.length <= string.length; i++) {
        if (Arrays.equals(string, i, i + part.length, part, 0, part.length)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Values coded as longs: integers, durations, booleans, status, kind.
  sealed interface Whole extends Test {
    boolean accepts(long value);
  }

  /// Equal to one of `literals`.
  record WholeIn(byte type, long[] literals, boolean isNegated) implements Whole {
    @Override
    public boolean accepts(long value) {
      for (long literal : literals) {
        if (literal == value) {
          return true;
        }
      }
      return false;
    }
  }

  /// In `[from, to]`.
  record WholeRange(byte type, long from, long to) implements Whole {
    @Override
    public boolean isNegated() {
      return false;
    }

    @Override
    public boolean accepts(long value) {
      return value >= from && value <= to;
    }
  }

  /// Whole numbers compared as doubles with a literal that has a fraction.
  record WholeAsReal(byte type, Order order, double literal, boolean isNegated) implements Whole {
    @Override
    public boolean accepts(long value) {
      return order.holds((double) value, literal);
    }
  }

  /// Floats.
  record Real(Order order, double[] literals, boolean isNegated) implements Test {
    @Override
    public byte type() {
      return ValueType.FLOAT;
    }

    boolean accepts(long bits) {
      double value = Double.longBitsToDouble(bits);
      for (double literal : literals) {
        if (order.holds(value, literal)) {
          return true;
        }
      }
      return false;
    }
  }

  /// Ids: the id's canonical text is (or is not) the literal.
  ///
  /// @param isHex false if the literal is no id at all: nothing is equal to it
  /// @param isCanonical whether the literal is written as ids are shown; only then `=` can hold,
  ///   while `!=` excludes the id however it is written
  record Id(boolean isHex, long high, long low, boolean isCanonical, boolean isNegated)
      implements Test {
    @Override
    public byte type() {
      return ValueType.STRING;
    }

    boolean matches(long idHigh, long idLow) {
      boolean isSame = isHex && idHigh == high && idLow == low;
      return isNegated ? !isSame : isSame && isCanonical;
    }
  }

  /// Has a value.
  record Present() implements Test {
    @Override
    public byte type() {
      return ValueType.NIL;
    }

    @Override
    public boolean isNegated() {
      return false;
    }
  }

  /// Has not.
  record Absent() implements Test {
    @Override
    public byte type() {
      return ValueType.NIL;
    }

    @Override
    public boolean isNegated() {
      return false;
    }
  }

  /// No value can match: the literal is of a type that the field never has.
  record Never() implements Test {
    @Override
    public byte type() {
      return ValueType.ERROR;
    }

    @Override
    public boolean isNegated() {
      return false;
    }
  }
}
