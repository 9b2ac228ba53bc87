package io.vivace.livestore;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Clocks that a test moves.
final class ManualTime implements LiveStoreTime {
  static final long START_EPOCH_NANOS = 1_700_000_000_000_000_000L;

  private final AtomicLong nanos = new AtomicLong(1);
  private final long nanosPerRead;

  ManualTime() {
    this(Duration.ZERO);
  }

  /// @param perRead how far the monotonic clock moves by itself with every look at it
  ManualTime(Duration perRead) {
    this.nanosPerRead = perRead.toNanos();
  }

  void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  @Override
  public long epochNanos() {
    return START_EPOCH_NANOS + nanos.get();
  }

  @Override
  public long monotonicNanos() {
    return nanos.addAndGet(nanosPerRead);
  }
}
