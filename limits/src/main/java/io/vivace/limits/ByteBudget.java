package io.vivace.limits;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.concurrent.atomic.AtomicLong;

/// Bytes of memory that requests in flight may hold together. Thread-safe; nobody waits: who does
/// not get what it needs is refused and may come back.
public final class ByteBudget {
  private final long capacityBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  public ByteBudget(long capacityBytes) {
    if (capacityBytes <= 0) {
      throw new IllegalArgumentException("capacityBytes: " + capacityBytes + " (expected: > 0)");
    }
    this.capacityBytes = capacityBytes;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  public long usedBytes() {
    return usedBytes.get();
  }

  /// True if the bytes were taken; they must be given back with [#release].
  public boolean tryReserve(long bytes) {
    long used = usedBytes.get();
    while (bytes <= capacityBytes - used) {
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
      used = usedBytes.get();
    }
    return false;
  }

  /// Takes the bytes or throws: `TOO_LARGE` if they exceed the whole budget, so that repeating is
  /// useless, else `RESOURCE_EXHAUSTED`.
  public void reserve(long bytes) {
    if (tryReserve(bytes)) {
      return;
    }
    if (bytes > capacityBytes) {
      throw new RequestException(
          ErrorCategory.TOO_LARGE,
          "request needs " + bytes + " bytes of memory (expected: at most " + capacityBytes + ")");
    }
    throw new RequestException(
        ErrorCategory.RESOURCE_EXHAUSTED,
        "requests in flight hold the memory set aside for them ("
            + capacityBytes
            + " bytes), try again later");
  }

  public void release(long bytes) {
    long left = usedBytes.addAndGet(-bytes);
    if (left < 0) {
      throw new IllegalStateException("more bytes released than reserved: " + -left);
    }
  }
}
