package io.vivace.engine.filter;

import io.vivace.batch.AttributeType;

/// The type codes of values at run time, as bytes so that a vector of mixed types needs no objects.
public final class ValueType {
  /// The row has no such field.
  public static final byte NIL = 0;

  /// The field is there, but its value cannot be queried: no comparison holds, nor is it `nil`.
  public static final byte VOID = 1;

  public static final byte INT = 2;
  public static final byte FLOAT = 3;

  /// Nanoseconds.
  public static final byte DURATION = 4;

  public static final byte STRING = 5;
  public static final byte BOOL = 6;

  /// OTLP number.
  public static final byte STATUS = 7;

  /// OTLP number.
  public static final byte KIND = 8;

  public static final byte INT_ARRAY = 9;
  public static final byte FLOAT_ARRAY = 10;
  public static final byte STRING_ARRAY = 11;
  public static final byte BOOL_ARRAY = 12;

  /// The expression has no value here (division by zero, `!` of something not boolean): the row
  /// does not match, unless `&&` or `||` decided before.
  public static final byte ERROR = 13;

  private ValueType() {}

  static boolean isNumeric(byte type) {
    return type == INT || type == FLOAT || type == DURATION;
  }

  static boolean isArray(byte type) {
    return type >= INT_ARRAY && type <= BOOL_ARRAY;
  }

  /// The type of an array's elements.
  static byte element(byte arrayType) {
    return switch (arrayType) {
      case INT_ARRAY -> INT;
      case FLOAT_ARRAY -> FLOAT;
      case STRING_ARRAY -> STRING;
      case BOOL_ARRAY -> BOOL;
      default -> throw new IllegalArgumentException("arrayType: " + arrayType);
    };
  }

  /// The type in which a stored attribute of `length` elements takes part in expressions: arrays of
  /// one element are scalars.
  static byte of(AttributeType stored, int length) {
    return switch (stored) {
      case STRING -> STRING;
      case LONG -> INT;
      case DOUBLE -> FLOAT;
      case BOOLEAN -> BOOL;
      case STRING_ARRAY -> array(STRING, STRING_ARRAY, length);
      case LONG_ARRAY -> array(INT, INT_ARRAY, length);
      case DOUBLE_ARRAY -> array(FLOAT, FLOAT_ARRAY, length);
      case BOOLEAN_ARRAY -> array(BOOL, BOOL_ARRAY, length);
      case EMPTY_ARRAY, UNSUPPORTED, MISSING -> VOID;
    };
  }

  private static byte array(byte scalar, byte array, int length) {
    return length == 0 ? VOID : length == 1 ? scalar : array;
  }
}
