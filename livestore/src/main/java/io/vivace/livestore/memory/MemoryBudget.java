package io.vivace.livestore.memory;

import java.util.concurrent.atomic.AtomicLong;

/// Counts the bytes that the write path holds, from the queue before the log to the columns of
/// ranges that are not in blocks yet. New pushes are admitted only below the limit; data that was
/// acknowledged is always counted, also above it. Thread-safe.
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  public MemoryBudget(long limitBytes) {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException("limitBytes: " + limitBytes + " (expected: > 0)");
    }
    this.limitBytes = limitBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return usedBytes.get();
  }

  /// Takes `bytes` if they fit below the limit; false, with nothing taken, otherwise.
  public boolean tryAcquire(long bytes) {
    while (true) {
      long used = usedBytes.get();
      if (bytes > limitBytes - used) {
        return false;
      }
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
    }
  }

  /// Takes `bytes` in any case, also above the limit.
  public void acquire(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  /// Gives `bytes` back.
  public void release(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /// Used bytes as a part of the limit; 1 is full.
  public double fill() {
    return (double) usedBytes.get() / limitBytes;
  }
}
