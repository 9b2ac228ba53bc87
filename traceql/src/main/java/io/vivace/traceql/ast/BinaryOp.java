package io.vivace.traceql.ast;

/// Binary operators of field and scalar expressions.
public enum BinaryOp {
  ADD("+"),
  SUBTRACT("-"),
  MULTIPLY("*"),
  DIVIDE("/"),
  MODULO("%"),
  POWER("^"),
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_EQUAL("<="),
  GREATER(">"),
  GREATER_EQUAL(">="),
  REGEX("=~"),
  NOT_REGEX("!~"),
  AND("&&"),
  OR("||");

  private final String symbol;

  BinaryOp(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }

  public boolean isArithmetic() {
    return compareTo(POWER) <= 0;
  }

  /// `=` and `!=`.
  public boolean isEquality() {
    return this == EQUAL || this == NOT_EQUAL;
  }

  /// `<`, `<=`, `>`, `>=`.
  public boolean isOrdering() {
    return this == LESS || this == LESS_EQUAL || this == GREATER || this == GREATER_EQUAL;
  }

  /// Equality or ordering, not regex.
  public boolean isComparison() {
    return isEquality() || isOrdering();
  }

  /// `=~` and `!~`.
  public boolean isRegex() {
    return this == REGEX || this == NOT_REGEX;
  }

  /// `&&` and `||`.
  public boolean isLogical() {
    return this == AND || this == OR;
  }

  /// Whether the result is a boolean.
  public boolean isBoolean() {
    return !isArithmetic();
  }

  /// The operator that means the same with the operands swapped; regex and arithmetic operators
  /// have none and are returned as they are.
  public BinaryOp flipped() {
    return switch (this) {
      case LESS -> GREATER;
      case LESS_EQUAL -> GREATER_EQUAL;
      case GREATER -> LESS;
      case GREATER_EQUAL -> LESS_EQUAL;
      default -> this;
    };
  }

  @Override
  public String toString() {
    return symbol;
  }
}
