package io.vivace.engine.metrics;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Levels;
import io.vivace.engine.filter.SpanFilter;
import io.vivace.engine.spanset.SpansetEvaluator;
import io.vivace.engine.spanset.SpansetPlan;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetFilter;
import org.jspecify.annotations.Nullable;

/// The spans of one batch after another that survive a pipeline and start inside the window, with
/// their intervals. Its arrays are used again for every batch. Confined to one thread.
final class SpanSelection {
  private final SpansetPlan plan;
  private final boolean takesAll;
  private final Intervals intervals;
  private int[] spans = {};
  private int[] intervalOf = {};
  private int size;

  SpanSelection(Pipeline pipeline, Intervals intervals) {
    this.plan = SpansetPlan.of(pipeline);
    this.takesAll = takesAll(pipeline);
    this.intervals = intervals;
  }

  /// True for `{ }` and its like.
  private static boolean takesAll(Pipeline pipeline) {
    if (!(pipeline.stages().getFirst() instanceof SpansetFilter)) {
      return false;
    }
    for (PipelineStage stage : pipeline.stages()) {
      boolean isAlways =
          switch (stage) {
            case SpansetFilter filter -> SpanFilter.of(filter.expression()).isAlways();
            case Select _ -> true;
            default -> false;
          };
      if (!isAlways) {
        return false;
      }
    }
    return true;
  }

  boolean needsWholeTrace() {
    return plan.dependsOnTrace();
  }

  boolean isNever() {
    return plan.isNever();
  }

  /// True if every span survives.
  boolean takesAll() {
    return takesAll;
  }

  /// Selects from one batch.
  ///
  /// @param traces the trace rows that take part; null for all
  void select(BatchEvaluator evaluator, @Nullable Bitmap traces) {
    SpanBatch batch = evaluator.batch();
    int count = batch.count(Level.SPAN);
    if (spans.length < count) {
      spans = new int[count];
      intervalOf = new int[count];
    }
    if (takesAll && traces == null) {
      size = intervals.assignAll(batch.longs(LongField.SPAN_START), count, spans, intervalOf);
      return;
    }
    Bitmap candidates =
        traces == null ? Bitmap.all(count) : Levels.lowerToSpans(batch, traces, Level.TRACE);
    Bitmap found =
        takesAll ? candidates : new SpansetEvaluator(evaluator).run(plan, candidates).spans();
    size = positions(found, spans);
    if (size > 0) {
      size = intervals.assign(batch.longs(LongField.SPAN_START), spans, size, intervalOf);
    }
  }

  /// Every `stride`-th of all spans, as far as they are inside the window.
  void sample(SpanBatch batch, int stride) {
    int count = batch.count(Level.SPAN);
    if (spans.length < count) {
      spans = new int[count];
      intervalOf = new int[count];
    }
    int n = 0;
    for (int span = 0; span < count; span += stride) {
      spans[n++] = span;
    }
    size = intervals.assign(batch.longs(LongField.SPAN_START), spans, n, intervalOf);
  }

  private static int positions(Bitmap set, int[] out) {
    long[] words = set.words();
    int n = 0;
    for (int w = 0; w < words.length; w++) {
      long rest = words[w];
      while (rest != 0) {
        out[n++] = (w << 6) + Long.numberOfTrailingZeros(rest);
        rest &= rest - 1;
      }
    }
    return n;
  }

  int size() {
    return size;
  }

  /// Ascending; the first [#size] count.
  int[] spans() {
    return spans;
  }

  int[] intervals() {
    return intervalOf;
  }
}
