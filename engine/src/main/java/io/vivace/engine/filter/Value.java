package io.vivace.engine.filter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One value taken out of a vector; equal if type and value are.
///
/// @param type [ValueType] code; what is missing, is not queryable or failed is NIL
/// @param bits the value as vectors code it; 0 for strings and arrays
/// @param text a string's text, byte for byte (ISO-8859-1 of the bytes); else empty
/// @param elements an array's elements; else empty
public record Value(byte type, long bits, String text, List<Value> elements) {
  public static final Value NIL = new Value(ValueType.NIL, 0, "", List.of());

  public static Value number(byte type, long bits) {
    return new Value(type, bits, "", List.of());
  }

  /// Row `i` of `values`.
  public static Value of(ValueVector values, int i) {
    byte type = values.type(i);
    return switch (type) {
      case ValueType.NIL, ValueType.VOID, ValueType.ERROR -> NIL;
      case ValueType.INT_ARRAY -> array(values, i, type, ValueType.INT);
      case ValueType.FLOAT_ARRAY -> array(values, i, type, ValueType.FLOAT);
      case ValueType.STRING_ARRAY -> array(values, i, type, ValueType.STRING);
      case ValueType.BOOL_ARRAY -> array(values, i, type, ValueType.BOOL);
      default -> scalar(values, type, values.value(i));
    };
  }

  static Value text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Value(
        ValueType.STRING, 0, new String(bytes, StandardCharsets.ISO_8859_1), List.of());
  }

  static Value scalar(ValueVector values, byte type, long bits) {
    if (type != ValueType.STRING) {
      return number(type, bits);
    }
    byte[] bytes = values.dictionary().bytes((int) bits);
    return new Value(type, 0, new String(bytes, StandardCharsets.ISO_8859_1), List.of());
  }

  private static Value array(ValueVector values, int i, byte type, byte elementType) {
    List<Value> elements = new ArrayList<>();
    for (int k = 0; k < values.arrayLength(i); k++) {
      elements.add(scalar(values, elementType, values.element(i, k)));
    }
    return new Value(type, 0, "", elements);
  }

  /// The text of a string.
  public String string() {
    return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
