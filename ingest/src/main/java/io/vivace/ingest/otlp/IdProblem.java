package io.vivace.ingest.otlp;

/// What is wrong with the ids of a request. Ids of a wrong length are malformed OTLP and never get
/// here; an id of zeros counts as none.
public enum IdProblem {
  NONE(""),
  NO_TRACE_ID("trace ids must be 128 bit, received 0 bits"),
  NO_SPAN_ID("span ids must be 64 bit and not all zero, received 0 bits");

  private final String message;

  IdProblem(String message) {
    this.message = message;
  }

  /// The text for the sender.
  public String message() {
    return message;
  }
}
