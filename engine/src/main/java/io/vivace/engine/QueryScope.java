package io.vivace.engine;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The bounds of one query: it can be cancelled, has a deadline, and holds at most so many bytes of
/// memory. Made by the caller, one for each query, and shared by all threads that work on it.
///
/// The engine calls [#check] between batches and inside long loops; a query that is over one of its
/// bounds ends with a [RequestException].
public final class QueryScope {
  private final long deadlineNanos;
  private final boolean hasDeadline;
  private final long maxBytes;
  private final AtomicLong reservedBytes = new AtomicLong();
  private volatile boolean cancelled;

  private QueryScope(boolean hasDeadline, long deadlineNanos, long maxBytes) {
    this.hasDeadline = hasDeadline;
    this.deadlineNanos = deadlineNanos;
    this.maxBytes = maxBytes;
  }

  /// A scope that begins now.
  ///
  /// @param timeout from now until the deadline; positive
  /// @param maxBytes bytes that the query may hold at any moment (its answer, joined traces and
  ///   working vectors); positive
  public static QueryScope of(Duration timeout, long maxBytes) {
    return new QueryScope(true, System.nanoTime() + timeout.toNanos(), maxBytes);
  }

  /// Memory that several queries share, without a deadline.
  public static QueryScope shared(long maxBytes) {
    return new QueryScope(false, 0, maxBytes);
  }

  /// A scope without deadline and byte bound. It can be cancelled.
  public static QueryScope unbounded() {
    return new QueryScope(false, 0, Long.MAX_VALUE);
  }

  /// Asks the query to stop; from any thread, any number of times.
  public void cancel() {
    cancelled = true;
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /// Returns if the query may go on.
  ///
  /// @throws RequestException CANCELLED or DEADLINE_EXCEEDED
  public void check() {
    if (cancelled) {
      throw new RequestException(ErrorCategory.CANCELLED, "context canceled");
    }
    if (hasDeadline && System.nanoTime() - deadlineNanos > 0) {
      throw new RequestException(ErrorCategory.DEADLINE_EXCEEDED, "context deadline exceeded");
    }
  }

  /// Accounts for memory that the query is about to hold.
  ///
  /// @throws RequestException RESOURCE_EXHAUSTED if it would hold more than its bound; nothing is
  ///   reserved then
  public void reserve(long bytes) {
    long held = reservedBytes.addAndGet(bytes);
    if (held > maxBytes || held < 0) {
      reservedBytes.addAndGet(-bytes);
      throw new RequestException(
          ErrorCategory.RESOURCE_EXHAUSTED,
          "query needs more memory than the "
              + maxBytes
              + " bytes allowed for it; narrow the time range, the limit or the filter");
    }
  }

  /// Gives back what [#reserve] took.
  public void release(long bytes) {
    reservedBytes.addAndGet(-bytes);
  }

  /// Bytes that the query may hold at any moment.
  public long maxBytes() {
    return maxBytes;
  }

  /// Bytes held now.
  public long reservedBytes() {
    return reservedBytes.get();
  }
}
