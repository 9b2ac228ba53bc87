package io.vivace.engine.search;

import io.vivace.engine.QueryScope;
import io.vivace.engine.search.SearchResult.FoundSpan;
import io.vivace.engine.search.SearchResult.FoundSpanSet;
import io.vivace.engine.search.SearchResult.FoundTrace;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The newest traces found so far. Confined to one thread.
final class TopTraces {
  /// Newest first.
  private static final Comparator<FoundTrace> ORDER =
      Comparator.comparingLong(FoundTrace::startEpochNanos)
          .reversed()
          .thenComparing(FoundTrace::traceId);

  private static final int TRACE_BYTES = 256;
  private static final int SERVICE_BYTES = 64;
  private static final int SPAN_BYTES = 96;
  private static final int ATTRIBUTE_BYTES = 96;

  private final int limit;
  private final QueryScope scope;
  private final PriorityQueue<FoundTrace> kept = new PriorityQueue<>(ORDER.reversed());
  private long reservedBytes;

  TopTraces(int limit, QueryScope scope) {
    this.limit = limit;
    this.scope = scope;
  }

  boolean isFull() {
    return kept.size() >= limit;
  }

  /// A trace that starts before this cannot be among the newest any more.
  long leastStartEpochNanos() {
    return isFull() ? kept.element().startEpochNanos() : Long.MIN_VALUE;
  }

  /// True unless `limit` traces are known to be before this one.
  boolean hasRoom(long startEpochNanos, TraceId id) {
    if (!isFull()) {
      return true;
    }
    FoundTrace last = kept.element();
    int byStart = Long.compare(last.startEpochNanos(), startEpochNanos);
    return byStart < 0 || (byStart == 0 && id.compareTo(last.traceId()) < 0);
  }

  void add(FoundTrace trace) {
    long bytes = sizeBytes(trace);
    scope.reserve(bytes);
    reservedBytes += bytes;
    kept.add(trace);
    if (kept.size() > limit) {
      long freed = sizeBytes(kept.remove());
      scope.release(freed);
      reservedBytes -= freed;
    }
  }

  /// Newest first.
  List<FoundTrace> toList() {
    List<FoundTrace> all = new ArrayList<>(kept);
    all.sort(ORDER);
    return all;
  }

  /// Gives back what the traces hold of the scope's bytes.
  void release() {
    scope.release(reservedBytes);
    reservedBytes = 0;
  }

  /// An estimate; texts are not measured.
  private static long sizeBytes(FoundTrace trace) {
    long bytes = TRACE_BYTES + (long) SERVICE_BYTES * trace.serviceStats().size();
    for (FoundSpanSet set : trace.spanSets()) {
      bytes += ATTRIBUTE_BYTES * (1L + set.attributes().size());
      for (FoundSpan span : set.spans()) {
        bytes += SPAN_BYTES + (long) ATTRIBUTE_BYTES * span.attributes().size();
      }
    }
    return bytes;
  }
}
