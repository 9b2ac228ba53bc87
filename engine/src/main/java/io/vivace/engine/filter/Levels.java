package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;

/// Moves sets of rows between the levels of a batch.
public final class Levels {
  private Levels() {}

  /// The spans below the rows of `level` in `rows`; `level` is SPAN or above it.
  public static Bitmap lowerToSpans(SpanBatch batch, Bitmap rows, Level level) {
    if (level == Level.SPAN) {
      return rows;
    }
    Bitmap spans = new Bitmap(batch.count(Level.SPAN));
    int[] scopeOfResource = level.compareTo(Level.SCOPE) < 0 ? batch.offsets(Level.SCOPE) : NONE;
    int[] resourceOfTrace = level == Level.TRACE ? batch.offsets(Level.RESOURCE) : NONE;
    int[] spanOfScope = batch.offsets(Level.SPAN);
    int row = rows.next(0);
    while (row >= 0) {
      int end = endOfRun(rows, row);
      int from = row;
      int to = end;
      if (level == Level.TRACE) {
        from = resourceOfTrace[from];
        to = resourceOfTrace[to];
      }
      if (level != Level.SCOPE) {
        from = scopeOfResource[from];
        to = scopeOfResource[to];
      }
      spans.setRange(spanOfScope[from], spanOfScope[to]);
      row = rows.next(end);
    }
    return spans;
  }

  private static final int[] NONE = {};

  private static int endOfRun(Bitmap rows, int from) {
    int end = from + 1;
    while (end < rows.length() && rows.get(end)) {
      end++;
    }
    return end;
  }

  /// The traces that have a span in `spans`.
  public static Bitmap liftToTraces(SpanBatch batch, Bitmap spans) {
    int traceCount = batch.count(Level.TRACE);
    Bitmap traces = new Bitmap(traceCount);
    int[] offsets = spanOffsetsOfTraces(batch);
    int span = spans.next(0);
    int trace = 0;
    while (span >= 0) {
      trace = rowOf(offsets, traceCount, trace, span);
      traces.set(trace);
      span = spans.next(offsets[trace + 1]);
    }
    return traces;
  }

  /// The spans of trace `t` are `[offsets[t], offsets[t + 1])` of the result.
  public static int[] spanOffsetsOfTraces(SpanBatch batch) {
    int traceCount = batch.count(Level.TRACE);
    int[] resources = batch.offsets(Level.RESOURCE);
    int[] scopes = batch.offsets(Level.SCOPE);
    int[] spans = batch.offsets(Level.SPAN);
    int[] offsets = new int[traceCount + 1];
    for (int t = 0; t <= traceCount; t++) {
      offsets[t] = spans[scopes[resources[t]]];
    }
    return offsets;
  }

  /// The row whose range `[offsets[row], offsets[row + 1])` holds `child`, at or after `from`.
  static int rowOf(int[] offsets, int count, int from, int child) {
    int low = from;
    int step = 1;
    while (low + step < count && offsets[low + step] <= child) {
      low += step;
      step <<= 1;
    }
    int high = Math.min(count, low + step);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (offsets[middle] <= child) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
