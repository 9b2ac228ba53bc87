package io.vivace.parquet;

/// How the writer stores the values of a column chunk.
public enum Encoding {
  PLAIN,
  /// INT32 and INT64 only.
  DELTA_BINARY_PACKED,
  /// BYTE_ARRAY only.
  DELTA_LENGTH_BYTE_ARRAY,
  /// BYTE_ARRAY only: a dictionary page and ids in every page of the chunk.
  DICTIONARY
}
