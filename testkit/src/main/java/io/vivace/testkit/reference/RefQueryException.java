package io.vivace.testkit.reference;

/// The query cannot be evaluated on this data; the engine must fail with the same text.
public final class RefQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefQueryException(String message) {
    super(message);
  }
}
