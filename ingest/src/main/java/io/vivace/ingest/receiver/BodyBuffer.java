package io.vivace.ingest.receiver;

import io.vivace.limits.ByteBudget;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/// The growing bytes of one request body. Every byte of capacity is reserved in the budget before
/// it is allocated, so a sender holds no more memory than it has sent bytes for (times two). Filled
/// by one thread at a time; [#release] may be called from any thread, more than once.
final class BodyBuffer {
  private static final byte[] NOTHING = {};
  private static final int MIN_CAPACITY = 4096;

  private final ByteBudget budget;
  private final int maxBytes;
  private final int expectedBytes;
  private final AtomicLong reservedBytes = new AtomicLong();
  private byte[] bytes = NOTHING;
  private int size;

  /// @param maxBytes largest size; more is refused as too large
  /// @param expectedBytes announced size, or 0 if not known; only a hint
  BodyBuffer(ByteBudget budget, int maxBytes, int expectedBytes) {
    this.budget = budget;
    this.maxBytes = maxBytes;
    this.expectedBytes = Math.min(expectedBytes, maxBytes);
  }

  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  /// Makes room for `more` bytes behind [#size].
  ///
  /// @throws RequestException `TOO_LARGE` over the maximum, `RESOURCE_EXHAUSTED` without budget
  void ensure(int more) {
    long needed = (long) size + more;
    if (needed > maxBytes) {
      throw tooLarge(maxBytes);
    }
    if (needed > bytes.length) {
      grow((int) needed);
    }
  }

  private void grow(int needed) {
    long doubled = Math.max(2L * bytes.length, MIN_CAPACITY);
    long wanted = Math.min(maxBytes, Math.max(needed, doubled));
    // The last step goes to the announced size and not beyond.
    int capacity = (int) (expectedBytes >= needed ? Math.min(wanted, expectedBytes) : wanted);
    budget.reserve(capacity);
    reservedBytes.addAndGet(capacity);
    int old = bytes.length;
    bytes = Arrays.copyOf(bytes, capacity);
    reservedBytes.addAndGet(-old);
    budget.release(old);
  }

  /// Bytes that fit without growing.
  int room() {
    return bytes.length - size;
  }

  boolean isFull() {
    return size >= maxBytes;
  }

  void advance(int more) {
    size += more;
  }

  void append(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /// Gives the memory back.
  void release() {
    budget.release(reservedBytes.getAndSet(0));
    bytes = NOTHING;
    size = 0;
  }

  static RequestException tooLarge(long maxBytes) {
    return new RequestException(
        ErrorCategory.TOO_LARGE,
        "request body too large (expected: at most " + maxBytes + " bytes)");
  }
}
