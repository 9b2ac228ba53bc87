package io.vivace.engine.search;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Levels;
import io.vivace.engine.filter.ShownField;
import io.vivace.engine.filter.TagFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Traces in which every tag occurs somewhere, within bounds of the trace's duration.
final class TagPlan implements TracePlan {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final List<TagFilter> filters = new ArrayList<>();
  private final long minNanos;
  private final long maxNanos;

  TagPlan(SearchCondition.Tags tags) {
    for (Map.Entry<String, String> tag : tags.tags().entrySet()) {
      filters.add(TagFilter.of(tag.getKey(), tag.getValue()));
    }
    this.minNanos = tags.minDurationNanos();
    this.maxNanos = tags.maxDurationNanos();
  }

  @Override
  public boolean dependsOnTrace() {
    return true;
  }

  @Override
  public boolean isNever() {
    return false;
  }

  @Override
  public List<ShownField> shownFields() {
    return List.of();
  }

  @Override
  public Found evaluate(BatchEvaluator evaluator, Bitmap candidates) {
    SpanBatch batch = evaluator.batch();
    Bitmap traces = candidates.copy();
    dropByDuration(batch, traces);
    for (TagFilter filter : filters) {
      if (traces.isEmpty()) {
        break;
      }
      Bitmap spans = Levels.lowerToSpans(batch, traces, Level.TRACE);
      spans.and(filter.spans(evaluator));
      evaluator.retain(spans);
      traces.and(Levels.liftToTraces(batch, spans));
    }
    return new Found(traces, null);
  }

  /// Durations count in whole milliseconds.
  private void dropByDuration(SpanBatch batch, Bitmap traces) {
    if (minNanos == 0 && maxNanos == 0) {
      return;
    }
    long[] durations = batch.longs(LongField.TRACE_DURATION);
    for (int t = traces.next(0); t >= 0; t = traces.next(t + 1)) {
      long millis = durations[t] / NANOS_PER_MILLI;
      boolean isWithin =
          millis >= minNanos / NANOS_PER_MILLI
              && (maxNanos == 0 || millis <= maxNanos / NANOS_PER_MILLI);
      if (!isWithin) {
        traces.clear(t);
      }
    }
  }
}
