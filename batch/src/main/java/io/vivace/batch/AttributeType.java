package io.vivace.batch;

/// How an attribute's value is stored.
public enum AttributeType {
  STRING,
  LONG,
  DOUBLE,
  BOOLEAN,
  /// Arrays of one element type, with two or more elements (one-element arrays read as scalars in
  /// queries, but keep their array type when a trace is returned).
  STRING_ARRAY,
  LONG_ARRAY,
  DOUBLE_ARRAY,
  BOOLEAN_ARRAY,
  /// An array without elements: the key is present, its value cannot be queried.
  EMPTY_ARRAY,
  /// Anything else (mixed or nested arrays, key-value lists, bytes, no value): kept as the JSON
  /// text of the OTLP value, cannot be queried.
  UNSUPPORTED,
  /// The key is stored without any value (older blocks).
  MISSING;

  private static final AttributeType[] VALUES = values();

  /// The type with this ordinal.
  public static AttributeType of(byte code) {
    return VALUES[code];
  }

  public byte code() {
    return (byte) ordinal();
  }

  public boolean isArray() {
    return switch (this) {
      case STRING_ARRAY, LONG_ARRAY, DOUBLE_ARRAY, BOOLEAN_ARRAY, EMPTY_ARRAY -> true;
      case STRING, LONG, DOUBLE, BOOLEAN, UNSUPPORTED, MISSING -> false;
    };
  }
}
