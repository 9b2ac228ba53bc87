package io.vivace.livestore;

/// The two clocks of the live store. Thread-safe.
public interface LiveStoreTime {
  /// Unix time in nanoseconds, for block times.
  long epochNanos();

  /// A clock that only runs forward, in nanoseconds from an arbitrary origin, for ages and pauses.
  long monotonicNanos();

  /// The clocks of this machine.
  static LiveStoreTime system() {
    return new LiveStoreTime() {
      @Override
      public long epochNanos() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
      }

      @Override
      public long monotonicNanos() {
        return System.nanoTime();
      }
    };
  }
}
