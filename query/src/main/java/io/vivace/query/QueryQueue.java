package io.vivace.query;

import io.vivace.engine.QueryScope;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets a bounded number of queries run at the same time; the others wait in order, up to a bound.
/// Thread-safe.
final class QueryQueue {
  private static final long CHECK_MILLIS = 50;

  private final Semaphore running;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int maxWaiting;

  QueryQueue(int maxRunning, int maxWaiting) {
    this.running = new Semaphore(maxRunning, true);
    this.maxWaiting = maxWaiting;
  }

  /// Waits for a place; the caller must call [#leave] afterwards. Ends with a [RequestException] if
  /// the queue is full or the query is cancelled or over its deadline.
  void enter(QueryScope scope) {
    if (running.tryAcquire()) {
      return;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      throw new RequestException(ErrorCategory.RATE_LIMITED, "job queue full");
    }
    try {
      while (!running.tryAcquire(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
        scope.check();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RequestException(ErrorCategory.CANCELLED, "context canceled");
    } finally {
      waiting.decrementAndGet();
    }
  }

  void leave() {
    running.release();
  }

  int waiting() {
    return waiting.get();
  }
}
