package io.vivace.traceql.ast;

/// What is known of a value's type before the query runs.
public enum StaticType {
  NIL("nil"),
  /// Only known at run time.
  ATTRIBUTE("attribute"),
  INT("int"),
  FLOAT("float"),
  STRING("string"),
  BOOL("bool"),
  DURATION("duration"),
  STATUS("status"),
  KIND("kind");

  private final String label;

  StaticType(String label) {
    this.label = label;
  }

  /// Int, float or duration.
  public boolean isNumeric() {
    return this == INT || this == FLOAT || this == DURATION;
  }

  /// Whether operands of these types may meet in a binary operation.
  public boolean matches(StaticType other) {
    return this == other
        || this == ATTRIBUTE
        || other == ATTRIBUTE
        || this == NIL
        || other == NIL
        || (isNumeric() && other.isNumeric());
  }

  /// Whether `op` is defined for operands of this type.
  public boolean allows(BinaryOp op) {
    return switch (this) {
      case ATTRIBUTE -> true;
      case INT, FLOAT, DURATION -> op.isArithmetic() || op.isEquality() || op.isOrdering();
      case STRING -> op.isEquality() || op.isOrdering() || op.isRegex();
      case BOOL -> op.isEquality() || op.isLogical();
      case STATUS, KIND, NIL -> op.isEquality();
    };
  }

  /// Whether `op` is defined for an operand of this type.
  public boolean allows(UnaryOp op) {
    return switch (op) {
      case NEGATE -> this == ATTRIBUTE || isNumeric();
      case NOT -> this == ATTRIBUTE || this == BOOL;
    };
  }

  @Override
  public String toString() {
    return label;
  }
}
