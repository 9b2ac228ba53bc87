package io.vivace.traceql.ast;

/// Unary operators of field expressions.
public enum UnaryOp {
  NEGATE("-"),
  NOT("!");

  private final String symbol;

  UnaryOp(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }

  @Override
  public String toString() {
    return symbol;
  }
}
