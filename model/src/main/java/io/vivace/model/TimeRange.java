package io.vivace.model;

/// A closed interval of Unix time in nanoseconds, signed (so years 1677 to 2262).
public record TimeRange(long startInclusiveEpochNanos, long endInclusiveEpochNanos) {
  /// All times.
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  public TimeRange {
    if (startInclusiveEpochNanos > endInclusiveEpochNanos) {
      throw new IllegalArgumentException(
          "startInclusiveEpochNanos: "
              + startInclusiveEpochNanos
              + " (expected: <= "
              + endInclusiveEpochNanos
              + ")");
    }
  }

  public boolean overlaps(TimeRange other) {
    return startInclusiveEpochNanos <= other.endInclusiveEpochNanos
        && endInclusiveEpochNanos >= other.startInclusiveEpochNanos;
  }
}
