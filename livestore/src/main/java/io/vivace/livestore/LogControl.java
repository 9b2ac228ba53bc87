package io.vivace.livestore;

import io.vivace.livestore.wal.LogRange;
import io.vivace.livestore.wal.WalEntry;
import io.vivace.livestore.wal.WriteAheadLog;
import io.vivace.model.RequestException;
import java.io.Serial;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// Writes the log's own records and waits until they are durable. Thread-safe.
final class LogControl {
  private final WriteAheadLog wal;

  LogControl(WriteAheadLog wal) {
    this.wal = wal;
  }

  /// The log could not take the record now.
  static final class LogRefusedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    LogRefusedException(Throwable cause) {
      super(cause);
    }
  }

  /// Closes a range; `onClosed` is called on the log's thread, after everything before and before
  /// everything behind.
  ///
  /// @param endExclusiveOrNegative negative: here
  void close(
      long startInclusive, long endExclusiveOrNegative, UUID salt, Consumer<LogRange> onClosed)
      throws LogRefusedException {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    wal.append(
        new WalEntry.Close(startInclusive, endExclusiveOrNegative, salt) {
          @Override
          protected void apply(LogRange closed) {
            onClosed.accept(closed);
          }

          @Override
          protected void acknowledge() {
            durable.complete(null);
          }

          @Override
          protected void fail(RequestException reason) {
            durable.completeExceptionally(reason);
          }
        });
    await(durable);
  }

  /// Says that everything before `endExclusive` is in blocks.
  void done(long endExclusive) throws LogRefusedException {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    wal.append(
        new WalEntry.Done(endExclusive) {
          @Override
          protected void acknowledge() {
            durable.complete(null);
          }

          @Override
          protected void fail(RequestException reason) {
            durable.completeExceptionally(reason);
          }
        });
    await(durable);
  }

  private static void await(CompletableFuture<Void> durable) throws LogRefusedException {
    try {
      durable.join();
    } catch (CompletionException e) {
      throw new LogRefusedException(e.getCause() == null ? e : e.getCause());
    }
  }
}
