package io.vivace.parquet;

/// How the values of a leaf are stored. The order is that of the Parquet format.
public enum PhysicalType {
  BOOLEAN,
  INT32,
  INT64,
  INT96,
  FLOAT,
  DOUBLE,
  BYTE_ARRAY,
  FIXED_LEN_BYTE_ARRAY
}
