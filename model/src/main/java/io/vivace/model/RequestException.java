package io.vivace.model;

import java.io.Serial;

/// A request that is refused or failed, with the category from which the edge derives status and
/// retryability. The message is meant for the caller: `name: value (expected: …)`, lower-case
/// start, no trailing period.
public class RequestException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ErrorCategory category;

  public RequestException(ErrorCategory category, String message) {
    super(message);
    this.category = category;
  }

  public RequestException(ErrorCategory category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  public final ErrorCategory category() {
    return category;
  }
}
