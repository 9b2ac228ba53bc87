package io.vivace.traceql.ast;

/// Metrics functions over time, except `compare`.
public enum MetricsOp {
  RATE("rate"),
  COUNT_OVER_TIME("count_over_time"),
  MIN_OVER_TIME("min_over_time"),
  MAX_OVER_TIME("max_over_time"),
  AVG_OVER_TIME("avg_over_time"),
  SUM_OVER_TIME("sum_over_time"),
  QUANTILE_OVER_TIME("quantile_over_time"),
  HISTOGRAM_OVER_TIME("histogram_over_time");

  private final String label;

  MetricsOp(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /// Whether the function takes a field as its first argument.
  public boolean hasArgument() {
    return this != RATE && this != COUNT_OVER_TIME;
  }

  @Override
  public String toString() {
    return label;
  }
}
