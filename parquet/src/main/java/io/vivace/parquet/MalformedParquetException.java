package io.vivace.parquet;

import java.io.IOException;

/// The bytes are not the Parquet file that they claim to be. The message names the part of the file
/// and what was expected there.
public final class MalformedParquetException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedParquetException(String message) {
    super(message);
  }

  public MalformedParquetException(String message, Throwable cause) {
    super(message, cause);
  }
}
