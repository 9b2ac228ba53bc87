package io.vivace.livestore.wal;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// Another process uses the log.
public final class WalLockedException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final String holder;

  /// @param holder what the other process wrote into the lock file: its pid
  public WalLockedException(Path file, String holder) {
    super("data folder is in use by the process with pid " + holder + " (lock: " + file + ")");
    this.holder = holder;
  }

  /// The pid of the process that holds the lock, or `unknown`.
  public String holder() {
    return holder;
  }
}
