package io.vivace.engine.search;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceJoin;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.Reservation;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Levels;
import io.vivace.engine.filter.SpanFilter;
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
/// are joined and evaluated apart, and left out of their sources. Sources outside the range take
/// part only as far as they are near it and may hold fragments of traces that reach into it.
final class TraceSearch {
  /// Above this many wanted traces, looking up each in the other sources costs more than merging
  /// the ids of all.
  private static final int MAX_LOOKUPS = 200;

  private final SearchRequest request;
  private final TracePlan plan;
  private final NearSources near;

  /// Those of `near`, where fragments of traces may lie.
  private final List<BatchSource> sources;

  private final QueryScope scope;
  private final TextMemo memo = new TextMemo();
  private final TopTraces top;

  /// Traces that were already joined and decided.
  private final Set<TraceId> decided = new HashSet<>();

  private int outsideLookups;
  private @Nullable SplitTraces outsideSplits;
  private long inspectedTraces;
  private long inspectedSpans;
  private long inspectedBytes;
  private int inspectedSources;

  TraceSearch(SearchRequest request, TracePlan plan, List<BatchSource> sources, QueryScope scope) {
    this.request = request;
    this.plan = plan;
    this.near = NearSources.of(sources, request.timeRange());
    this.sources = near.all();
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
      if (outsideSplits != null) {
        outsideSplits.release(scope);
      }
    }
  }

  private void searchAll() {
    boolean looksUp =
        sources.size() > 1 && !plan.dependsOnTrace() && request.limit() <= MAX_LOOKUPS;
    SplitTraces splits = looksUp ? SplitTraces.none() : SplitTraces.find(sources, scope);
    try {
      searchJoined(splits);
      // A trace that is whole in a source outside the range is itself outside.
      List<BatchSource> newestFirst = new ArrayList<>(looksUp ? sources : near.overlapping());
      newestFirst.sort(
          Comparator.comparingLong(
                  (BatchSource source) -> source.timeRange().endInclusiveEpochNanos())
              .reversed()
              .thenComparing(BatchSource::name));
      for (BatchSource source : newestFirst) {
        if (source.timeRange().endInclusiveEpochNanos() >= top.leastStartEpochNanos()) {
          searchSource(source, splits, looksUp);
        }
      }
    } finally {
      splits.release(scope);
    }
  }

  // ---- joined traces

  private void searchJoined(SplitTraces splits) {
    int[] possible = possible(splits);
    new SplitJoin(sources, scope)
        .run(
            splits,
            possible,
            joined -> {
              searchWhole(joined);
              return true;
            });
  }

  private void searchWhole(TraceColumns joined) {
    searchBatch(joined, Bitmap.all(joined.count(Level.TRACE)), null);
  }

  /// The split traces that can match as far as their fragments tell without being joined, so that
  /// the others are never read as a whole.
  private int[] possible(SplitTraces splits) {
    SpanFilter required = plan.requiredFilter();
    if (required == null || splits.size() == 0) {
      return SplitJoin.all(splits);
    }
    Bitmap possible = new Bitmap(splits.size());
    for (BatchSource source : sources) {
      int at = 0;
      for (int i = 0; i < source.batchCount() && at < splits.size(); i++) {
        scope.check();
        at = addPossible(source.batch(i), required, splits, at, possible);
      }
    }
    int[] indices = new int[possible.cardinality()];
    int count = 0;
    for (int i = possible.next(0); i >= 0; i = possible.next(i + 1)) {
      indices[count++] = i;
    }
    return indices;
  }

  private int addPossible(
      SpanBatch batch, SpanFilter required, SplitTraces splits, int from, Bitmap possible) {
    int count = batch.count(Level.TRACE);
    Bitmap others = Bitmap.all(count);
    int next = splits.clear(batch, from, others);
    Bitmap fragments = Bitmap.all(count);
    fragments.andNot(others);
    if (fragments.isEmpty()) {
      return next;
    }
    BatchEvaluator evaluator = new BatchEvaluator(batch, memo, scope);
    batch.retain(fragments);
    Bitmap spans = Levels.lowerToSpans(batch, fragments, Level.TRACE);
    Bitmap traces = Levels.liftToTraces(batch, required.apply(evaluator, spans, true));
    int at = from;
    for (int t = traces.next(0); t >= 0; t = traces.next(t + 1)) {
      at = splits.seek(at, batch.traceIdsHigh()[t], batch.traceIdsLow()[t]);
      possible.set(at);
    }
    return next;
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
  private void searchBatch(SpanBatch batch, Bitmap own, @Nullable BatchSource source) {
    inspectedTraces += batch.count(Level.TRACE);
    inspectedSpans += batch.count(Level.SPAN);
    Bitmap candidates = own;
    dropByTime(batch, candidates, source == null);
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

  /// Drops traces too old to enter the answer and, if they are whole, those outside the range.
  private void dropByTime(SpanBatch batch, Bitmap candidates, boolean isWhole) {
    TimeRange range = isWhole ? request.timeRange() : TimeRange.ALL;
    long least = top.leastStartEpochNanos();
    if (range.equals(TimeRange.ALL) && least == Long.MIN_VALUE) {
      return;
    }
    long[] starts = batch.longs(LongField.TRACE_START);
    long[] ends = batch.longs(LongField.TRACE_END);
    for (int t = candidates.next(0); t >= 0; t = candidates.next(t + 1)) {
      if (starts[t] < least || !isWithin(range, starts[t], ends[t])) {
        candidates.clear(t);
      }
    }
  }

  private static boolean isWithin(TimeRange range, long start, long end) {
    return start <= range.endInclusiveEpochNanos() && end >= range.startInclusiveEpochNanos();
  }

  private void accept(
      BatchEvaluator evaluator, TracePlan.Found found, @Nullable BatchSource source) {
    SpanBatch batch = evaluator.batch();
    SpanSets sets = found.sets();
    List<SpanSet> all = sets == null ? List.of() : sets.list();
    TraceAssembler assembler =
        new TraceAssembler(evaluator, plan.shownFields(), request.spansPerSpanSet(), sets != null);
    long[] starts = batch.longs(LongField.TRACE_START);
    long[] ends = batch.longs(LongField.TRACE_END);
    for (int trace : newestFirst(found.traces(), starts)) {
      if (starts[trace] < top.leastStartEpochNanos()) {
        return;
      }
      TraceId id = new TraceId(batch.traceIdsHigh()[trace], batch.traceIdsLow()[trace]);
      if (!top.hasRoom(starts[trace], id) || (source != null && decided.contains(id))) {
        continue;
      }
      scope.check();
      boolean isWithin =
          source == null || isWithin(request.timeRange(), starts[trace], ends[trace]);
      if (!isWithin && !maySpanOthers(id)) {
        continue;
      }
      boolean isWhole = source == null || !joinElsewhere(evaluator.batch(), trace, id, source);
      if (isWhole && isWithin) {
        top.add(assembler.trace(trace, TracePlan.setsOf(all, trace)));
      }
    }
  }

  /// Whether a fragment outside the range may belong to a trace that reaches into it. After many
  /// such questions the ids of all sources are merged once.
  private boolean maySpanOthers(TraceId id) {
    if (outsideLookups < MAX_LOOKUPS) {
      outsideLookups++;
      return true;
    }
    SplitTraces splits = outsideSplits;
    if (splits == null) {
      splits = SplitTraces.find(sources, scope);
      outsideSplits = splits;
    }
    return splits.isAt(splits.seek(0, id.high(), id.low()), id.high(), id.low());
  }

  /// If other sources hold parts of the trace, decides on the joined trace; else returns false.
  private boolean joinElsewhere(SpanBatch batch, int trace, TraceId id, BatchSource source) {
    List<BatchSource> others = new ArrayList<>();
    for (BatchSource other : sources) {
      if (other != source && other.mayContain(id)) {
        others.add(other);
      }
    }
    if (others.isEmpty()) {
      return false;
    }
    try (Reservation held = new Reservation(scope)) {
      // Of a span that several sources have the first one's counts.
      List<TraceColumns> parts = new ArrayList<>();
      boolean hasOthers = false;
      for (BatchSource other : sources) {
        if (other == source) {
          Bitmap own = new Bitmap(batch.count(Level.TRACE));
          own.set(trace);
          TraceColumns part = batch.gather(own);
          held.add(2 * part.sizeBytes());
          parts.add(part);
        } else if (others.contains(other)) {
          TraceColumns part = other.find(List.of(id), bytes -> held.add(2 * bytes));
          if (part.count(Level.TRACE) > 0) {
            parts.add(part);
            hasOthers = true;
          }
        }
      }
      if (hasOthers) {
        decided.add(id);
        searchWhole(TraceJoin.join(parts));
      }
      return hasOthers;
    }
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
    long sourceBytes = 0;
    for (BatchSource source : near.overlapping()) {
      sourceBytes += source.sizeBytes();
    }
    return new SearchStatistics(
        inspectedTraces,
        inspectedSpans,
        inspectedBytes,
        near.overlapping().size(),
        inspectedSources,
        sourceBytes);
  }
}
