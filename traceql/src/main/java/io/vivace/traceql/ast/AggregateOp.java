package io.vivace.traceql.ast;

/// Aggregates over the spans of a spanset.
public enum AggregateOp {
  COUNT("count"),
  AVG("avg"),
  MIN("min"),
  MAX("max"),
  SUM("sum");

  private final String label;

  AggregateOp(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  @Override
  public String toString() {
    return label;
  }
}
