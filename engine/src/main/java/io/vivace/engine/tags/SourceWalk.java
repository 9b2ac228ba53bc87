package io.vivace.engine.tags;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceJoin;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Levels;
import io.vivace.engine.filter.TextMemo;
import io.vivace.engine.search.SplitTraces;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes through the batches of all sources that overlap a time range, newest sources first, and
/// shows the rows that count. Confined to one thread.
///
/// If it takes whole traces to say which rows count, traces that lie in several sources are joined
/// and shown apart, and left out of their sources.
final class SourceWalk {
  private static final int JOINED_TRACES = 1024;

  private final List<BatchSource> all;
  private final List<BatchSource> overlapping = new ArrayList<>();
  private final TimeRange timeRange;
  private final SpanSelection spans;
  private final QueryScope scope;
  private final TextMemo memo = new TextMemo();
  private long inspectedBytes;

  SourceWalk(
      List<BatchSource> sources, TimeRange timeRange, SpanSelection spans, QueryScope scope) {
    this.all = sources;
    this.timeRange = timeRange;
    this.spans = spans;
    this.scope = scope;
    for (BatchSource source : sources) {
      if (source.timeRange().overlaps(timeRange)) {
        overlapping.add(source);
      }
    }
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
    SplitTraces splits =
        needsWholeTraces ? SplitTraces.find(all, scope) : SplitTraces.none();
    for (BatchSource source : overlapping) {
      showSource(source, splits, scan);
    }
    showJoined(splits, scan);
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
    for (int from = 0; from < splits.size() && !scan.isDone(); from += JOINED_TRACES) {
      scope.check();
      int to = Math.min(splits.size(), from + JOINED_TRACES);
      showParts(parts(wanted(splits, from, to)), scan);
    }
  }

  /// For each source the ids of `[from, to)` that it has, as far as some part of the trace overlaps
  /// the range.
  private List<List<TraceId>> wanted(SplitTraces splits, int from, int to) {
    List<List<TraceId>> wanted = new ArrayList<>();
    boolean[] isInRange = new boolean[all.size()];
    for (int i = 0; i < all.size(); i++) {
      wanted.add(new ArrayList<>());
      isInRange[i] = all.get(i).timeRange().overlaps(timeRange);
    }
    for (int i = from; i < to; i++) {
      boolean isWanted = false;
      for (int source : splits.sources(i)) {
        isWanted |= isInRange[source];
      }
      for (int source : splits.sources(i)) {
        if (isWanted) {
          wanted.get(source).add(splits.id(i));
        }
      }
    }
    return wanted;
  }

  private List<TraceColumns> parts(List<List<TraceId>> wanted) {
    List<TraceColumns> parts = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!wanted.get(i).isEmpty()) {
        TraceColumns part = all.get(i).find(wanted.get(i));
        if (part.count(Level.TRACE) > 0) {
          parts.add(part);
        }
      }
    }
    return parts;
  }

  private void showParts(List<TraceColumns> parts, TagScan scan) {
    if (parts.isEmpty()) {
      return;
    }
    long partBytes = 0;
    for (TraceColumns part : parts) {
      partBytes += part.sizeBytes();
    }
    // The joined columns take as much again.
    long bytes = 2 * partBytes;
    scope.reserve(bytes);
    try {
      showBatch(TraceJoin.join(parts), null, scan);
    } finally {
      scope.release(bytes);
    }
  }
}
