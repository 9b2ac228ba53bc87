package io.vivace.query;

import io.vivace.engine.metrics.Intervals;
import io.vivace.model.ErrorCategory;
import io.vivace.model.GoDuration;
import io.vivace.model.RequestException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The time range of a metrics query and its steps.
final class MetricsWindow {
  private static final Duration DEFAULT_SINCE = Duration.ofHours(1);
  private static final long SECOND = 1_000_000_000L;
  private static final long DEFAULT_STEPS = 240;
  private static final long SHORT_STEP = 50_000_000L;
  private static final long[] GRANULARITIES = {
    3600 * SECOND, 300 * SECOND, 60 * SECOND, 15 * SECOND, 5 * SECOND, SECOND
  };

  private final long startNanos;
  private final long endNanos;
  private final long cutoffNanos;
  private final int maxIntervals;

  private MetricsWindow(long startNanos, long endNanos, long cutoffNanos, int maxIntervals) {
    this.startNanos = startNanos;
    this.endNanos = endNanos;
    this.cutoffNanos = cutoffNanos;
    this.maxIntervals = maxIntervals;
  }

  /// A range in steps, widened to whole ones. The first interval ends at or before the start, so
  /// that every sample covers a whole step; the last one ends at or after the end unless that lies
  /// behind the newest data.
  static Intervals range(MetricsCall call, QueryConfig config, Duration maxDuration, Instant now) {
    MetricsWindow window = bounded(call, config, now);
    window = window.cutAtCutoff();
    window.checkDuration(maxDuration);
    long range = window.endNanos - window.startNanos;
    Long asked = call.stepNanos();
    long step = asked == null ? defaultStep(range) : asked;
    window.checkStep(step);
    return window.aligned(step);
  }

  /// One interval over exactly the range.
  static Intervals instant(
      MetricsCall call, QueryConfig config, Duration maxDuration, Instant now) {
    MetricsWindow window = bounded(call, config, now);
    long over = window.endNanos - window.cutoffNanos;
    if (over > 0) {
      // Whole seconds, so that the fraction of the range stays what it is.
      long end = window.endNanos - (over + SECOND - 1) / SECOND * SECOND;
      window = new MetricsWindow(window.startNanos, end, window.cutoffNanos, window.maxIntervals);
      window.checkNotEmpty();
    }
    window.checkDuration(maxDuration);
    return Intervals.single(window.startNanos, window.endNanos);
  }

  private static MetricsWindow bounded(MetricsCall call, QueryConfig config, Instant now) {
    long nowNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    Long askedEnd = call.endEpochNanos();
    long end = askedEnd == null ? nowNanos : askedEnd;
    Duration since = call.since();
    Long askedStart = call.startEpochNanos();
    long start =
        askedStart == null
            ? Math.min(end, nowNanos) - (since == null ? DEFAULT_SINCE : since).toNanos()
            : askedStart;
    if (start >= end) {
      throw invalid("end must be greater than start");
    }
    if (start < 0) {
      throw invalid("start: " + start + " (expected: nanoseconds since 1970, not negative)");
    }
    return new MetricsWindow(
        start, end, nowNanos - config.queryEndCutoff().toNanos(), config.metrics().maxIntervals());
  }

  private MetricsWindow cutAtCutoff() {
    if (endNanos <= cutoffNanos) {
      return this;
    }
    MetricsWindow cut = new MetricsWindow(startNanos, cutoffNanos, cutoffNanos, maxIntervals);
    cut.checkNotEmpty();
    return cut;
  }

  private void checkNotEmpty() {
    if (startNanos >= endNanos) {
      throw invalid("query window falls entirely within query_end_cutoff");
    }
  }

  private void checkDuration(Duration max) {
    if (!max.isZero() && endNanos - startNanos > max.toNanos()) {
      throw invalid(
          "metrics query time range exceeds the maximum allowed duration of "
              + GoDuration.format(max));
    }
  }

  private void checkStep(long step) {
    long range = endNanos - startNanos;
    if (step == 0
        || (maxIntervals > 0 && range / step > maxIntervals)
        || range / step > Integer.MAX_VALUE / 2) {
      int parts = maxIntervals > 0 ? maxIntervals : Integer.MAX_VALUE / 2;
      throw invalid(
          "step of "
              + GoDuration.format(step)
              + " is too small, minimum step for given range is "
              + GoDuration.format(range / parts));
    }
  }

  private static RequestException invalid(String message) {
    return new RequestException(ErrorCategory.INVALID_ARGUMENT, message);
  }

  /// The step of a range for which none is asked: about a 240th of it, rounded down to a handy
  /// length.
  static long defaultStep(long rangeNanos) {
    long part = rangeNanos / DEFAULT_STEPS;
    if (rangeNanos < 60 * SECOND) {
      return part > SHORT_STEP ? part / SHORT_STEP * SHORT_STEP : SHORT_STEP;
    }
    for (long granularity : GRANULARITIES) {
      if (part > granularity) {
        return part / granularity * granularity;
      }
    }
    return SECOND;
  }

  private Intervals aligned(long step) {
    long start = startNanos / step * step;
    long end = Math.ceilDiv(endNanos, step) * step;
    if (start > step) {
      start -= step;
    }
    if (end > cutoffNanos) {
      end = cutoffNanos / step * step;
    }
    if (end <= start) {
      throw invalid("query window falls entirely within query_end_cutoff");
    }
    return new Intervals(start, step, (int) ((end - start) / step));
  }

  /// How many exemplars a query may return.
  ///
  /// @param hinted of the query's hint, null without one
  static int exemplars(@Nullable Long hinted, long asked, int max) {
    long wanted = hinted != null ? Math.max(0, hinted) : asked == 0 ? max : asked;
    return (int) Math.min(wanted, max);
  }
}
