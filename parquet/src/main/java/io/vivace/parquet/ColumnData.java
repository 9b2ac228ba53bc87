package io.vivace.parquet;

/// Levels and values of some rows of one column.
public record ColumnData(Levels levels, Values values) {}
