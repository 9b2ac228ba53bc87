package io.vivace.parquet;

/// What a field means. Annotations that this engine does not interpret are kept as [Other].
public sealed interface LogicalType {
  /// UTF-8 text in a BYTE_ARRAY; not validated.
  LogicalType STRING = new StringType();

  /// The outer group of a three-level list.
  LogicalType LIST = new ListType();

  /// The outer group of a map.
  LogicalType MAP = new MapType();

  /// @param bits 8, 16, 32 or 64
  static LogicalType integer(int bits, boolean signed) {
    return new IntegerType(bits, signed);
  }

  record StringType() implements LogicalType {}

  record ListType() implements LogicalType {}

  record MapType() implements LogicalType {}

  record IntegerType(int bits, boolean signed) implements LogicalType {
    public IntegerType {
      if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
        throw new IllegalArgumentException("an integer has 8, 16, 32 or 64 bits, not " + bits);
      }
    }
  }

  /// @param id the number of the annotation in the format's `LogicalType` union, or the negative of
  ///   (1 + the number of the old converted type) where a file has only that
  record Other(int id) implements LogicalType {}
}
