package io.vivace.traceql.ast;

/// The status literals.
public enum SpanStatus {
  UNSET("unset", 0),
  OK("ok", 1),
  ERROR("error", 2);

  private final String label;
  private final int code;

  SpanStatus(String label, int code) {
    this.label = label;
    this.code = code;
  }

  public String label() {
    return label;
  }

  /// The OTLP status code.
  public int code() {
    return code;
  }

  @Override
  public String toString() {
    return label;
  }
}
