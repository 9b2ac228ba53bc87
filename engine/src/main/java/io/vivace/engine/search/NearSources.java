package io.vivace.engine.search;

import io.vivace.engine.BatchSource;
import io.vivace.model.TimeRange;
import java.util.ArrayList;
import java.util.List;

/// The sources that matter for a time range: those that overlap it, and those near them, which may
/// hold other fragments of the same traces. Immutable.
///
/// @param overlapping sources whose range overlaps the one asked for
/// @param near sources outside it, at most an hour before or after the range and the overlapping
///   ones; fragments that lie further apart are not looked for
public record NearSources(List<BatchSource> overlapping, List<BatchSource> near) {
  private static final long MAX_GAP_NANOS = 3_600_000_000_000L;

  public NearSources {
    overlapping = List.copyOf(overlapping);
    near = List.copyOf(near);
  }

  public static NearSources of(List<BatchSource> sources, TimeRange range) {
    List<BatchSource> overlapping = new ArrayList<>();
    List<BatchSource> near = new ArrayList<>();
    long start = range.startInclusiveEpochNanos();
    long end = range.endInclusiveEpochNanos();
    for (BatchSource source : sources) {
      TimeRange held = source.timeRange();
      if (held.overlaps(range)) {
        overlapping.add(source);
        start = Math.min(start, held.startInclusiveEpochNanos());
        end = Math.max(end, held.endInclusiveEpochNanos());
      }
    }
    for (BatchSource source : sources) {
      TimeRange held = source.timeRange();
      if (!held.overlaps(range) && held.overlaps(widened(start, end))) {
        near.add(source);
      }
    }
    return new NearSources(overlapping, near);
  }

  private static TimeRange widened(long start, long end) {
    return new TimeRange(
        start < Long.MIN_VALUE + MAX_GAP_NANOS ? Long.MIN_VALUE : start - MAX_GAP_NANOS,
        end > Long.MAX_VALUE - MAX_GAP_NANOS ? Long.MAX_VALUE : end + MAX_GAP_NANOS);
  }

  /// First the overlapping ones, then the others.
  public List<BatchSource> all() {
    List<BatchSource> all = new ArrayList<>(overlapping);
    all.addAll(near);
    return all;
  }
}
