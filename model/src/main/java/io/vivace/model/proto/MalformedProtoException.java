package io.vivace.model.proto;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.io.Serial;

/// Bytes that are not a valid protobuf message of the expected shape. The message names what is
/// wrong and at which byte offset.
public final class MalformedProtoException extends RequestException {
  @Serial private static final long serialVersionUID = 1L;

  public MalformedProtoException(String message) {
    super(ErrorCategory.INVALID_ARGUMENT, message);
  }
}
