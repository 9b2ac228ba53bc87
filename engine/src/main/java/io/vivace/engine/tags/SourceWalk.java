package io.vivace.engine.tags;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Levels;
import io.vivace.engine.filter.TextMemo;
import io.vivace.engine.search.NearSources;
import io.vivace.engine.search.SplitJoin;
import io.vivace.engine.search.SplitTraces;
import io.vivace.model.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes through the batches of all sources that overlap a time range, newest sources first, and
/// shows the rows that count. Confined to one thread.
///
/// If it takes whole traces to say which rows count, traces that lie in several sources are joined
/// and shown apart, and left out of their sources.
final class SourceWalk {
  private final List<BatchSource> all;
  private final List<BatchSource> overlapping = new ArrayList<>();
  private final TimeRange timeRange;
  private final SpanSelection spans;
  private final QueryScope scope;
  private final TextMemo memo = new TextMemo();
  private long inspectedBytes;

  SourceWalk(
      List<BatchSource> sources, TimeRange timeRange, SpanSelection spans, QueryScope scope) {
    NearSources near = NearSources.of(sources, timeRange);
    this.all = near.all();
    this.timeRange = timeRange;
    this.spans = spans;
    this.scope = scope;
    overlapping.addAll(near.overlapping());
    overlapping.sort(
        Comparator.comparingLong(
                (BatchSource source) -> source.timeRange().endInclusiveEpochNanos())
            .reversed()
            .thenComparing(BatchSource::name));
  }

  /// Stored bytes of what was shown, at most.
  long inspectedBytes() {
    return inspectedBytes;
  }

  void run(TagScan scan, boolean needsWholeTraces) {
    if (scan.isDone() || overlapping.isEmpty()) {
      return;
    }
    SplitTraces splits = needsWholeTraces ? SplitTraces.find(all, scope) : SplitTraces.none();
    try {
      for (BatchSource source : overlapping) {
        showSource(source, splits, scan);
      }
      if (!scan.isDone()) {
        showJoined(splits, scan);
      }
    } finally {
      splits.release(scope);
    }
  }

  private void showSource(BatchSource source, SplitTraces splits, TagScan scan) {
    int batchCount = source.batchCount();
    int split = 0;
    for (int i = 0; i < batchCount && !scan.isDone(); i++) {
      scope.check();
      inspectedBytes += source.sizeBytes() / batchCount;
      SpanBatch batch = source.batch(i);
      Bitmap own = null;
      if (split < splits.size()) {
        own = Bitmap.all(batch.count(Level.TRACE));
        split = splits.clear(batch, split, own);
      }
      showBatch(batch, own, scan);
    }
  }

  /// @param own the traces to look at; null for all
  private void showBatch(SpanBatch batch, @Nullable Bitmap own, TagScan scan) {
    boolean isWhole = own == null || own.cardinality() == own.length();
    if (spans.isAll() && isWhole) {
      scan.visit(new SelectedRows(batch, null));
      return;
    }
    BatchEvaluator evaluator = new BatchEvaluator(batch, memo, scope);
    Bitmap candidates =
        own == null || isWhole
            ? Bitmap.all(batch.count(Level.SPAN))
            : Levels.lowerToSpans(batch, own, Level.TRACE);
    Bitmap selected = spans.apply(evaluator, candidates);
    if (!selected.isEmpty()) {
      scan.visit(new SelectedRows(batch, selected));
    }
  }

  private void showJoined(SplitTraces splits, TagScan scan) {
    new SplitJoin(all, scope)
        .run(
            splits,
            inRange(splits),
            joined -> {
              showBatch(joined, null, scan);
              return !scan.isDone();
            });
  }

  /// The traces of which a part lies in a source that overlaps the range.
  private int[] inRange(SplitTraces splits) {
    int[] found = new int[splits.size()];
    int count = 0;
    for (int i = 0; i < splits.size(); i++) {
      for (int source : splits.sources(i)) {
        if (all.get(source).timeRange().overlaps(timeRange)) {
          found[count++] = i;
          break;
        }
      }
    }
    return Arrays.copyOf(found, count);
  }
}
