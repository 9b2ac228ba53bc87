package io.vivace.query;

import io.vivace.model.ErrorCategory;
import io.vivace.model.GoDuration;
import io.vivace.model.RequestException;
import io.vivace.model.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The time range of a search or of a question for tags.
///
/// Without `start`, `end` and `since` it is the last 15 minutes (`query_backend_after`) with no
/// upper bound, so that a span is found as soon as it is stored whatever its clock says. This
/// differs from Tempo, which ends every range 30 s before now.
final class SearchRange {
  private SearchRange() {}

  static TimeRange resolve(
      @Nullable Long startSeconds,
      @Nullable Long endSeconds,
      @Nullable Duration since,
      QueryConfig config,
      Duration maxDuration,
      Instant now) {
    long nowNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    long cutoffNanos =
        config.queryEndCutoff().isZero()
            ? Long.MAX_VALUE
            : nowNanos - config.queryEndCutoff().toNanos();
    long lookbackStart = nowNanos - config.queryBackendAfter().toNanos();
    if (since != null) {
      long end = nowNanos - config.queryEndCutoff().toNanos();
      return checked(new TimeRange(end - since.toNanos(), end), maxDuration);
    }
    if (startSeconds == null && endSeconds == null) {
      return new TimeRange(Math.min(lookbackStart, cutoffNanos), cutoffNanos);
    }
    if (startSeconds == null || endSeconds == null) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "error parsing date range: only one of start and end provided: must provide both or neither");
    }
    if (endSeconds <= startSeconds) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "http parameter start must be before end. received start="
              + startSeconds
              + " end="
              + endSeconds);
    }
    long start = TimeUnit.SECONDS.toNanos(startSeconds);
    long end = Math.min(TimeUnit.SECONDS.toNanos(endSeconds), cutoffNanos);
    return checked(
        new TimeRange(start > end ? Math.min(lookbackStart, end) : start, end), maxDuration);
  }

  private static TimeRange checked(TimeRange range, Duration maxDuration) {
    long lengthNanos = range.endInclusiveEpochNanos() - range.startInclusiveEpochNanos();
    if (!maxDuration.isZero() && lengthNanos > maxDuration.toNanos()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "range specified by start and end exceeds "
              + GoDuration.format(maxDuration)
              + ". received start="
              + TimeUnit.NANOSECONDS.toSeconds(range.startInclusiveEpochNanos())
              + " end="
              + TimeUnit.NANOSECONDS.toSeconds(range.endInclusiveEpochNanos()));
    }
    return range;
  }
}
