package io.vivace.engine.metrics;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceJoin;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.TextMemo;
import io.vivace.engine.search.SearchStatistics;
import io.vivace.engine.search.SplitTraces;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes over all batches that may hold spans of a time range, with the fragments of each trace
/// joined if that is asked for. Confined to one thread.
final class SourceScan {
  private static final int JOINED_TRACES = 1024;

  /// Fragments of a trace are looked for this long before and after the sources of a query.
  private static final long MAX_GAP_NANOS = 3_600_000_000_000L;

  private final List<BatchSource> overlapping = new ArrayList<>();
  private final List<BatchSource> others = new ArrayList<>();
  private final QueryScope scope;
  private long inspectedTraces;
  private long inspectedSpans;
  private long inspectedBytes;
  private long sourceBytes;
  private int inspectedSources;

  /// What is done with a batch.
  interface Visitor {
    /// @param traces the trace rows to look at; null for all
    /// @return false to end the scan
    boolean visit(BatchEvaluator evaluator, @Nullable Bitmap traces);
  }

  SourceScan(List<BatchSource> sources, TimeRange range, QueryScope scope) {
    this.scope = scope;
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (BatchSource source : sources) {
      TimeRange held = source.timeRange();
      if (held.overlaps(range)) {
        overlapping.add(source);
        sourceBytes += source.sizeBytes();
        start = Math.min(start, held.startInclusiveEpochNanos());
        end = Math.max(end, held.endInclusiveEpochNanos());
      }
    }
    for (BatchSource source : sources) {
      // They may hold other fragments of the traces.
      if (!overlapping.isEmpty()
          && !source.timeRange().overlaps(range)
          && source.timeRange().overlaps(widened(start, end))) {
        others.add(source);
      }
    }
  }

  private static TimeRange widened(long start, long end) {
    return new TimeRange(
        start < Long.MIN_VALUE + MAX_GAP_NANOS ? Long.MIN_VALUE : start - MAX_GAP_NANOS,
        end > Long.MAX_VALUE - MAX_GAP_NANOS ? Long.MAX_VALUE : end + MAX_GAP_NANOS);
  }

  boolean isEmpty() {
    return overlapping.isEmpty();
  }

  /// Visits every span of the overlapping sources once.
  ///
  /// @param isJoined whether traces must be whole. Otherwise a span that several sources hold is
  ///     visited several times
  void run(boolean isJoined, Visitor visitor) {
    SplitTraces splits = SplitTraces.none();
    TextMemo memo = new TextMemo();
    if (isJoined) {
      List<BatchSource> all = new ArrayList<>(overlapping);
      all.addAll(others);
      splits = SplitTraces.find(all, scope);
      if (!visitJoined(all, splits, memo, visitor)) {
        return;
      }
    }
    for (BatchSource source : overlapping) {
      if (!visitSource(source, splits, memo, visitor)) {
        return;
      }
    }
  }

  private boolean visitJoined(
      List<BatchSource> sources, SplitTraces splits, TextMemo memo, Visitor visitor) {
    for (int from = 0; from < splits.size(); from += JOINED_TRACES) {
      int to = Math.min(splits.size(), from + JOINED_TRACES);
      List<List<TraceId>> wanted = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        wanted.add(new ArrayList<>());
      }
      for (int i = from; i < to; i++) {
        for (int source : splits.sources(i)) {
          wanted.get(source).add(splits.id(i));
        }
      }
      if (!visitJoined(sources, wanted, memo, visitor)) {
        return false;
      }
    }
    return true;
  }

  private boolean visitJoined(
      List<BatchSource> sources, List<List<TraceId>> wanted, TextMemo memo, Visitor visitor) {
    List<TraceColumns> parts = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < sources.size(); i++) {
      if (!wanted.get(i).isEmpty()) {
        scope.check();
        TraceColumns part = sources.get(i).find(wanted.get(i));
        if (part.count(Level.TRACE) > 0) {
          parts.add(part);
          bytes += part.sizeBytes();
        }
      }
    }
    if (parts.isEmpty()) {
      return true;
    }
    // The joined columns take as much again.
    scope.reserve(2 * bytes);
    try {
      return visit(TraceJoin.join(parts), null, memo, visitor);
    } finally {
      scope.release(2 * bytes);
    }
  }

  private boolean visitSource(
      BatchSource source, SplitTraces splits, TextMemo memo, Visitor visitor) {
    inspectedSources++;
    int split = 0;
    for (int i = 0; i < source.batchCount(); i++) {
      SpanBatch batch = source.batch(i);
      int traceCount = batch.count(Level.TRACE);
      Bitmap own = null;
      if (split < splits.size()) {
        own = Bitmap.all(traceCount);
        split = clearSplit(batch, splits, split, own);
        if (own.cardinality() == traceCount) {
          own = null;
        }
      }
      inspectedBytes +=
          source.traceCount() == 0
              ? 0
              : (long) ((double) source.sizeBytes() * traceCount / source.traceCount());
      if (!visit(batch, own, memo, visitor)) {
        return false;
      }
    }
    return true;
  }

  /// Takes out the traces that were joined.
  private static int clearSplit(SpanBatch batch, SplitTraces splits, int from, Bitmap own) {
    long[] high = batch.traceIdsHigh();
    long[] low = batch.traceIdsLow();
    int at = from;
    for (int t = 0; t < own.length() && at < splits.size(); t++) {
      at = splits.seek(at, high[t], low[t]);
      if (splits.isAt(at, high[t], low[t])) {
        own.clear(t);
      }
    }
    return at;
  }

  private boolean visit(
      SpanBatch batch, @Nullable Bitmap traces, TextMemo memo, Visitor visitor) {
    scope.check();
    inspectedTraces += batch.count(Level.TRACE);
    inspectedSpans += batch.count(Level.SPAN);
    return visitor.visit(new BatchEvaluator(batch, memo, scope), traces);
  }

  SearchStatistics statistics() {
    return new SearchStatistics(
        inspectedTraces,
        inspectedSpans,
        inspectedBytes,
        overlapping.size(),
        inspectedSources,
        sourceBytes);
  }
}
