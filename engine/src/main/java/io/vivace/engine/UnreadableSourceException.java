package io.vivace.engine;

import java.io.IOException;
import java.io.UncheckedIOException;

/// What a source holds is damaged or gone, so that reading it again cannot help (other failures to
/// read may pass). Whoever lists sources can go on without it.
public final class UnreadableSourceException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private final String sourceName;

  /// @param sourceName what [BatchSource#name] says
  public UnreadableSourceException(String sourceName, IOException cause) {
    super(cause);
    this.sourceName = sourceName;
  }

  public String sourceName() {
    return sourceName;
  }
}
