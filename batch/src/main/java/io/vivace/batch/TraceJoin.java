package io.vivace.batch;

import java.util.List;
import java.util.function.Consumer;

/// Merges columns of several sources so that equal trace ids become one row. Of spans with equal
/// (span id, kind) in one trace the first source's stays. Rows that only one source has are copied
/// as they are.
public final class TraceJoin {
  private TraceJoin() {}

  /// All rows of `sources` (at least one) in one batch.
  public static TraceColumns join(List<TraceColumns> sources) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (TraceColumns source : sources) {
      builder.addAll(source);
    }
    return builder.build();
  }

  /// As [#join], in successive batches of ascending trace ids with about `maxSpans` spans each (a
  /// batch ends with the trace that reaches the number), so that merging needs memory for one batch
  /// only.
  public static void merge(
      List<TraceColumns> sources, int maxSpans, Consumer<TraceColumns> consumer) {
    int count = sources.size();
    int[] from = new int[count];
    int[] to = new int[count];
    while (true) {
      long spans = 0;
      boolean any = false;
      while (spans < maxSpans) {
        int least = least(sources, to);
        if (least < 0) {
          break;
        }
        any = true;
        spans += take(sources, to, least);
      }
      if (!any) {
        return;
      }
      TraceColumnsBuilder builder = new TraceColumnsBuilder();
      for (int i = 0; i < count; i++) {
        builder.addRows(sources.get(i), from[i], to[i]);
        from[i] = to[i];
      }
      consumer.accept(builder.build());
    }
  }

  /// Moves every source that stands at the trace of source `least` behind it.
  private static long take(List<TraceColumns> sources, int[] at, int least) {
    TraceColumns first = sources.get(least);
    long high = first.traceIdsHigh()[at[least]];
    long low = first.traceIdsLow()[at[least]];
    long spans = 0;
    for (int i = 0; i < at.length; i++) {
      TraceColumns source = sources.get(i);
      int row = at[i];
      if (row < source.count(Level.TRACE)
          && source.traceIdsHigh()[row] == high
          && source.traceIdsLow()[row] == low) {
        spans += firstSpan(source, row + 1) - firstSpan(source, row);
        at[i]++;
      }
    }
    return spans;
  }

  private static int firstSpan(TraceColumns source, int trace) {
    int resource = source.offsets(Level.RESOURCE)[trace];
    return source.offsets(Level.SPAN)[source.offsets(Level.SCOPE)[resource]];
  }

  /// The source that stands at the smallest trace id, or -1 if all are at their ends.
  private static int least(List<TraceColumns> sources, int[] at) {
    int least = -1;
    for (int i = 0; i < at.length; i++) {
      if (at[i] < sources.get(i).count(Level.TRACE)
          && (least < 0 || isBelow(sources.get(i), at[i], sources.get(least), at[least]))) {
        least = i;
      }
    }
    return least;
  }

  private static boolean isBelow(TraceColumns a, int rowA, TraceColumns b, int rowB) {
    int high = Long.compareUnsigned(a.traceIdsHigh()[rowA], b.traceIdsHigh()[rowB]);
    return high != 0
        ? high < 0
        : Long.compareUnsigned(a.traceIdsLow()[rowA], b.traceIdsLow()[rowB]) < 0;
  }
}
