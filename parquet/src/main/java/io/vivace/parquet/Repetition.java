package io.vivace.parquet;

/// How often a field occurs in its parent. The order is that of the Parquet format.
public enum Repetition {
  REQUIRED,
  OPTIONAL,
  REPEATED
}
