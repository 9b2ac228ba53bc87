package io.vivace.engine.metrics;

import io.vivace.model.TimeRange;

/// A window `(start, end]` cut into equal intervals that are closed at their right edge: interval
/// `i` is `(start + i * step, start + (i + 1) * step]`, and its timestamp is the right edge.
///
/// @param startEpochNanos exclusive
/// @param stepNanos positive
/// @param count at least 1
public record Intervals(long startEpochNanos, long stepNanos, int count) {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// Up to here every offset from the start is exact as a double.
  private static final long MAX_EXACT_NANOS = 1L << 53;

  public Intervals {
    if (stepNanos < 1 || count < 1) {
      throw new IllegalArgumentException(
          "step: " + stepNanos + ", count: " + count + " (expected: both positive)");
    }
    Math.addExact(startEpochNanos, Math.multiplyExact(stepNanos, (long) count));
  }

  /// One interval that covers the whole window.
  public static Intervals single(long startEpochNanos, long endEpochNanos) {
    return new Intervals(startEpochNanos, endEpochNanos - startEpochNanos, 1);
  }

  /// Inclusive.
  public long endEpochNanos() {
    return startEpochNanos + stepNanos * count;
  }

  /// When interval `i` ends.
  public long timestampMillis(int i) {
    return Math.floorDiv(startEpochNanos + stepNanos * (i + 1L), NANOS_PER_MILLI);
  }

  double stepSeconds() {
    return stepNanos / 1e9;
  }

  /// All instants of the window.
  TimeRange range() {
    return new TimeRange(startEpochNanos + 1, endEpochNanos());
  }

  /// The interval of an instant, or -1 if it is outside the window.
  int of(long epochNanos) {
    long offset = epochNanos - startEpochNanos - 1;
    return offset < 0 || offset >= stepNanos * count ? -1 : (int) (offset / stepNanos);
  }

  /// Finds the intervals of spans.
  ///
  /// @param starts start of every span
  /// @param spans the spans to look at, of which those inside the window are kept, in order
  /// @param size how many of `spans` count
  /// @param intervals gets the interval of each span that is kept
  /// @return how many are kept
  int assign(long[] starts, int[] spans, int size, int[] intervals) {
    long base = startEpochNanos + 1;
    long total = stepNanos * count;
    long step = stepNanos;
    double perStep = 1.0 / step;
    boolean isExact = total <= MAX_EXACT_NANOS;
    int kept = 0;
    for (int k = 0; k < size; k++) {
      int span = spans[k];
      long offset = starts[span] - base;
      if (offset >= 0 && offset < total) {
        spans[kept] = span;
        intervals[kept++] = isExact ? byReciprocal(offset, step, perStep) : (int) (offset / step);
      }
    }
    return kept;
  }

  /// [#assign] for the spans `[0, size)`, which are written to `spans`.
  int assignAll(long[] starts, int size, int[] spans, int[] intervals) {
    long base = startEpochNanos + 1;
    long total = stepNanos * count;
    long step = stepNanos;
    double perStep = 1.0 / step;
    boolean isExact = total <= MAX_EXACT_NANOS;
    int kept = 0;
    for (int span = 0; span < size; span++) {
      long offset = starts[span] - base;
      if (offset >= 0 && offset < total) {
        spans[kept] = span;
        intervals[kept++] = isExact ? byReciprocal(offset, step, perStep) : (int) (offset / step);
      }
    }
    return kept;
  }

  /// Counts the spans of every interval.
  ///
  /// @return how many are inside the window
  long count(long[] starts, int size, long[] counts) {
    long base = startEpochNanos + 1;
    long total = stepNanos * count;
    long step = stepNanos;
    double perStep = 1.0 / step;
    if (total > MAX_EXACT_NANOS) {
      return countByDivision(starts, size, counts);
    }
    long inside = 0;
    int open = 0;
    long run = 0;
    for (int span = 0; span < size; span++) {
      long offset = starts[span] - base;
      if (offset >= 0 && offset < total) {
        int interval = byReciprocal(offset, step, perStep);
        // Spans of a trace follow one another and mostly fall into one interval.
        if (interval != open) {
          counts[open] += run;
          inside += run;
          open = interval;
          run = 0;
        }
        run++;
      }
    }
    counts[open] += run;
    return inside + run;
  }

  private long countByDivision(long[] starts, int size, long[] counts) {
    long inside = 0;
    for (int span = 0; span < size; span++) {
      int interval = of(starts[span]);
      if (interval >= 0) {
        counts[interval]++;
        inside++;
      }
    }
    return inside;
  }

  /// A division by multiplication; the rounding of the reciprocal is put right.
  private static int byReciprocal(long offset, long step, double perStep) {
    int guess = (int) (offset * perStep);
    long rest = offset - guess * step;
    if (rest < 0) {
      return guess - 1;
    }
    return rest >= step ? guess + 1 : guess;
  }
}
