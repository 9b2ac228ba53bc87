package io.vivace.engine.metrics;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.TextMemo;
import io.vivace.engine.search.NearSources;
import io.vivace.engine.search.SearchStatistics;
import io.vivace.engine.search.SplitJoin;
import io.vivace.engine.search.SplitTraces;
import io.vivace.model.TimeRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes over all batches that may hold spans of a time range, with the fragments of each trace
/// joined if that is asked for. Confined to one thread.
final class SourceScan {
  private final NearSources near;
  private final List<BatchSource> overlapping;
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
    this.near = NearSources.of(sources, range);
    this.overlapping = near.overlapping();
    for (BatchSource source : overlapping) {
      sourceBytes += source.sizeBytes();
    }
  }

  boolean isEmpty() {
    return overlapping.isEmpty();
  }

  /// Visits every span of the overlapping sources once.
  ///
  /// @param isJoined whether traces must be whole. Otherwise a span that several sources hold is
  ///   visited several times
  void run(boolean isJoined, Visitor visitor) {
    TextMemo memo = new TextMemo();
    List<BatchSource> all = near.all();
    SplitTraces splits = isJoined ? SplitTraces.find(all, scope) : SplitTraces.none();
    try {
      boolean goesOn =
          new SplitJoin(all, scope)
              .run(splits, SplitJoin.all(splits), joined -> visit(joined, null, memo, visitor));
      for (int i = 0; i < overlapping.size() && goesOn; i++) {
        goesOn = visitSource(overlapping.get(i), splits, memo, visitor);
      }
    } finally {
      splits.release(scope);
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
        split = splits.clear(batch, split, own);
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

  private boolean visit(SpanBatch batch, @Nullable Bitmap traces, TextMemo memo, Visitor visitor) {
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
