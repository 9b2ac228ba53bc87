package io.vivace.livestore.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Counts operations and makes one of them go wrong. Thread-safe.
public final class Faults {
  private final Kind kind;
  private final int at;
  private final List<String> operations = new ArrayList<>();
  private boolean isStopped;

  /// What happens to the operation.
  public enum Kind {
    /// It fails and has no effect.
    FAIL,
    /// It takes effect, but the answer is a failure.
    FAIL_LATE,
    /// It fails since there is no space.
    FULL,
    /// The process ends before it.
    STOP,
    /// The process ends right after it.
    STOP_LATE
  }

  /// The process is gone.
  public static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;

    Stopped(String operation) {
      super("stopped at " + operation, null, false, false);
    }
  }

  /// Something that a disk or store does.
  @FunctionalInterface
  public interface Operation<T> {
    T call() throws IOException;
  }

  /// An operation without a result.
  @FunctionalInterface
  public interface Action {
    void run() throws IOException;
  }

  /// @param at number of the operation, from 0; negative for none
  public Faults(Kind kind, int at) {
    this.kind = kind;
    this.at = at;
  }

  public static Faults none() {
    return new Faults(Kind.FAIL, -1);
  }

  public synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  public synchronized boolean isStopped() {
    return isStopped;
  }

  public void run(String name, Action action) throws IOException {
    call(
        name,
        () -> {
          action.run();
          return true;
        });
  }

  public <T> T call(String name, Operation<T> operation) throws IOException {
    int number;
    synchronized (this) {
      if (isStopped) {
        throw new Stopped(name);
      }
      number = operations.size();
      operations.add(name);
      if (number == at && kind == Kind.STOP) {
        isStopped = true;
        throw new Stopped(name);
      }
    }
    if (number != at) {
      return operation.call();
    }
    switch (kind) {
      case FAIL -> throw new IOException("simulated failure of " + name);
      case FULL -> throw new IOException("No space left on device");
      case FAIL_LATE -> {
        operation.call();
        throw new IOException("simulated late failure of " + name);
      }
      default -> {
        operation.call();
        synchronized (this) {
          isStopped = true;
        }
        throw new Stopped(name);
      }
    }
  }
}
