package io.vivace.traceql.check;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.SourcePosition;
import java.io.Serial;

/// The query is TraceQL but cannot run: its types do not fit, or it asks for something that the
/// language names but does not do.
public final class TraceQlValidationException extends RequestException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient SourcePosition position;
  private final boolean unsupported;

  TraceQlValidationException(String message, SourcePosition position, boolean unsupported) {
    super(ErrorCategory.INVALID_ARGUMENT, message);
    this.position = position;
    this.unsupported = unsupported;
  }

  /// Where the offending node starts.
  public SourcePosition position() {
    return position == null ? SourcePosition.NONE : position;
  }

  /// Whether the construct is part of the language but not supported by anyone yet.
  public boolean unsupported() {
    return unsupported;
  }
}
