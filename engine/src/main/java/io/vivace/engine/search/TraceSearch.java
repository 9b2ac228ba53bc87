package io.vivace.engine.search;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceJoin;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.TextMemo;
import io.vivace.engine.spanset.SpanSet;
import io.vivace.engine.spanset.SpanSets;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One search in progress. Confined to one thread.
///
/// Two ways to look at traces in fragments. If the condition can be decided span by span, sources
/// are searched one after the other and only traces that would enter the answer are looked up in
/// the other sources. Otherwise the ids that occur in several sources are found first; these traces
/// are joined and evaluated apart, and left out of their sources.
final class TraceSearch {
  /// Above this many wanted traces, looking up each in the other sources costs more than merging
  /// the ids of all.
  private static final int MAX_LOOKUPS = 200;

  private static final int JOINED_TRACES = 1024;

  private final SearchRequest request;
  private final TracePlan plan;
  private final List<BatchSource> sources;
  private final QueryScope scope;
  private final TextMemo memo = new TextMemo();
  private final TopTraces top;

  /// Traces that were already joined and decided.
  private final Set<TraceId> decided = new HashSet<>();

  private long inspectedTraces;
  private long inspectedSpans;
  private long inspectedBytes;
  private int inspectedSources;

  TraceSearch(
      SearchRequest request, TracePlan plan, List<BatchSource> sources, QueryScope scope) {
    this.request = request;
    this.plan = plan;
    this.sources = sources;
    this.scope = scope;
    this.top = new TopTraces(request.limit(), scope);
  }

  SearchResult run() {
    try {
      if (!plan.isNever()) {
        searchAll();
      }
      return new SearchResult(top.toList(), statistics());
    } finally {
      top.release();
    }
  }

  private void searchAll() {
    boolean looksUp =
        sources.size() > 1
            && !plan.dependsOnTrace()
            && request.limit() <= MAX_LOOKUPS
            && areAllWithinRange();
    SplitTraces splits = looksUp ? SplitTraces.none() : SplitTraces.find(sources, scope);
    searchJoined(splits);
    List<BatchSource> newestFirst = new ArrayList<>(sources);
    newestFirst.sort(
        Comparator.comparingLong(
                (BatchSource source) -> source.timeRange().endInclusiveEpochNanos())
            .reversed()
            .thenComparing(BatchSource::name));
    for (BatchSource source : newestFirst) {
      TimeRange range = source.timeRange();
      if (range.overlaps(request.timeRange())
          && range.endInclusiveEpochNanos() >= top.leastStartEpochNanos()) {
        searchSource(source, splits, looksUp);
      }
    }
  }

  /// Then no fragment is outside the range while its whole trace overlaps it.
  private boolean areAllWithinRange() {
    TimeRange wanted = request.timeRange();
    for (BatchSource source : sources) {
      TimeRange range = source.timeRange();
      if (range.startInclusiveEpochNanos() < wanted.startInclusiveEpochNanos()
          || range.endInclusiveEpochNanos() > wanted.endInclusiveEpochNanos()) {
        return false;
      }
    }
    return true;
  }

  // ---- joined traces

  private void searchJoined(SplitTraces splits) {
    for (int from = 0; from < splits.size(); from += JOINED_TRACES) {
      scope.check();
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
      List<TraceColumns> parts = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        if (!wanted.get(i).isEmpty()) {
          addPart(parts, sources.get(i), wanted.get(i));
        }
      }
      searchParts(parts);
    }
  }

  private void addPart(List<TraceColumns> parts, BatchSource source, List<TraceId> ids) {
    TraceColumns part = source.find(ids);
    if (part.count(Level.TRACE) > 0) {
      parts.add(part);
    }
  }

  /// Joins the parts and evaluates the result, whose traces are whole.
  private void searchParts(List<TraceColumns> parts) {
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
      TraceColumns joined = TraceJoin.join(parts);
      searchBatch(joined, Bitmap.all(joined.count(Level.TRACE)), null);
    } finally {
      scope.release(bytes);
    }
  }

  // ---- sources

  private void searchSource(BatchSource source, SplitTraces splits, boolean looksUp) {
    inspectedSources++;
    int split = 0;
    for (int i = 0; i < source.batchCount(); i++) {
      scope.check();
      SpanBatch batch = source.batch(i);
      int traceCount = batch.count(Level.TRACE);
      Bitmap own = Bitmap.all(traceCount);
      if (split < splits.size()) {
        split = splits.clear(batch, split, own);
      }
      searchBatch(batch, own, looksUp ? source : null);
      inspectedBytes +=
          source.traceCount() == 0
              ? 0
              : (long) ((double) source.sizeBytes() * traceCount / source.traceCount());
    }
  }

  /// @param own the traces to look at
  /// @param source where the batch is from if its traces may be fragments; null if they are whole
  private void searchBatch(
      SpanBatch batch, Bitmap own, @Nullable BatchSource source) {
    inspectedTraces += batch.count(Level.TRACE);
    inspectedSpans += batch.count(Level.SPAN);
    Bitmap candidates = own;
    dropByTime(batch, candidates);
    if (candidates.isEmpty()) {
      return;
    }
    BatchEvaluator evaluator = new BatchEvaluator(batch, memo, scope);
    if (candidates.cardinality() < candidates.length()) {
      batch.retain(candidates);
    }
    TracePlan.Found found = plan.evaluate(evaluator, candidates);
    if (found.traces().isEmpty()) {
      return;
    }
    batch.retain(found.traces());
    accept(evaluator, found, source);
  }

  /// Drops traces outside the range, and those too old to enter the answer.
  private void dropByTime(SpanBatch batch, Bitmap candidates) {
    TimeRange range = request.timeRange();
    long least = top.leastStartEpochNanos();
    if (range.equals(TimeRange.ALL) && least == Long.MIN_VALUE) {
      return;
    }
    long[] starts = batch.longs(LongField.TRACE_START);
    long[] ends = batch.longs(LongField.TRACE_END);
    for (int t = candidates.next(0); t >= 0; t = candidates.next(t + 1)) {
      if (starts[t] < least
          || starts[t] > range.endInclusiveEpochNanos()
          || ends[t] < range.startInclusiveEpochNanos()) {
        candidates.clear(t);
      }
    }
  }

  private void accept(
      BatchEvaluator evaluator,
      TracePlan.Found found,
      @Nullable BatchSource source) {
    SpanBatch batch = evaluator.batch();
    SpanSets sets = found.sets();
    List<SpanSet> all = sets == null ? List.of() : sets.list();
    TraceAssembler assembler =
        new TraceAssembler(
            evaluator, plan.shownFields(), request.spansPerSpanSet(), sets != null);
    long[] starts = batch.longs(LongField.TRACE_START);
    for (int trace : newestFirst(found.traces(), starts)) {
      if (starts[trace] < top.leastStartEpochNanos()) {
        return;
      }
      TraceId id = new TraceId(batch.traceIdsHigh()[trace], batch.traceIdsLow()[trace]);
      if (!top.hasRoom(starts[trace], id) || (source != null && decided.contains(id))) {
        continue;
      }
      scope.check();
      if (source == null || !joinElsewhere(evaluator.batch(), trace, id, source)) {
        top.add(assembler.trace(trace, TracePlan.setsOf(all, trace)));
      }
    }
  }

  /// If other sources hold parts of the trace, decides on the joined trace; else returns false.
  private boolean joinElsewhere(SpanBatch batch, int trace, TraceId id, BatchSource source) {
    List<TraceColumns> parts = new ArrayList<>();
    boolean hasOthers = false;
    for (BatchSource other : sources) {
      if (other == source) {
        Bitmap own = new Bitmap(batch.count(Level.TRACE));
        own.set(trace);
        parts.add(batch.gather(own));
      } else if (other.mayContain(id)) {
        int before = parts.size();
        addPart(parts, other, List.of(id));
        hasOthers |= parts.size() > before;
      }
    }
    if (!hasOthers) {
      return false;
    }
    decided.add(id);
    searchParts(parts);
    return true;
  }

  private static int[] newestFirst(Bitmap traces, long[] starts) {
    int count = traces.cardinality();
    Integer[] order = new Integer[count];
    int n = 0;
    for (int t = traces.next(0); t >= 0; t = traces.next(t + 1)) {
      order[n++] = t;
    }
    Arrays.sort(order, Comparator.comparingLong((Integer t) -> starts[t]).reversed());
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = order[i];
    }
    return rows;
  }

  private SearchStatistics statistics() {
    int overlapping = 0;
    long sourceBytes = 0;
    for (BatchSource source : sources) {
      if (source.timeRange().overlaps(request.timeRange())) {
        overlapping++;
        sourceBytes += source.sizeBytes();
      }
    }
    return new SearchStatistics(
        inspectedTraces,
        inspectedSpans,
        inspectedBytes,
        overlapping,
        inspectedSources,
        sourceBytes);
  }
}
