package io.vivace.traceql.ast;

/// The kind literals; the ordinal is the OTLP code.
public enum SpanKind {
  UNSPECIFIED("unspecified"),
  INTERNAL("internal"),
  SERVER("server"),
  CLIENT("client"),
  PRODUCER("producer"),
  CONSUMER("consumer");

  private final String label;

  SpanKind(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /// The OTLP kind.
  public int code() {
    return ordinal();
  }

  @Override
  public String toString() {
    return label;
  }
}
