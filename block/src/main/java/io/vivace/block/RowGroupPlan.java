package io.vivace.block;

import io.vivace.batch.Level;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks several sources in common order of trace id and cuts them into row groups. Confined to one
/// thread.
final class RowGroupPlan {
  /// Heap bytes of source columns in one row group, as far as whole rows allow: what joining
  /// copies.
  private static final long MAX_SOURCE_BYTES =
      Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 16);

  private static final int MAX_SPANS = 128 << 10;

  private final List<TraceColumns> sources;
  private final int[] positions;
  private final long rowGroupSizeBytes;
  private final long traceCount;
  private final long spanCount;
  private final double heapBytesPerSpan;
  private double encodedBytesPerSpan;

  RowGroupPlan(List<TraceColumns> sources, long rowGroupSizeBytes) {
    this.sources = sources;
    this.rowGroupSizeBytes = rowGroupSizeBytes;
    this.positions = new int[sources.size()];
    long spans = 0;
    long bytes = 0;
    for (TraceColumns source : sources) {
      spans += source.count(Level.SPAN);
      bytes += source.sizeBytes();
    }
    spanCount = spans;
    heapBytesPerSpan = (double) bytes / Math.max(1, spans);
    // A guess until the first row group is written.
    encodedBytesPerSpan = heapBytesPerSpan / 4;
    traceCount = countTraces();
  }

  /// Distinct trace ids of all sources.
  long traceCount() {
    return traceCount;
  }

  /// Spans of all sources, duplicates included.
  long spanCount() {
    return spanCount;
  }

  private long countTraces() {
    if (sources.size() == 1) {
      return sources.getFirst().count(Level.TRACE);
    }
    long count = 0;
    int smallest = smallest();
    while (smallest >= 0) {
      step(smallest);
      count++;
      smallest = smallest();
    }
    java.util.Arrays.fill(positions, 0);
    return count;
  }

  /// Says what the last row group came to, for the size of the next one.
  void note(long spans, long encodedBytes) {
    encodedBytesPerSpan = (double) encodedBytes / Math.max(1, spans);
  }

  /// The next row group, or null at the end.
  @Nullable Slice next() {
    long limit =
        (long)
            Math.min(
                Math.min(MAX_SPANS, MAX_SOURCE_BYTES / Math.max(1, heapBytesPerSpan)),
                rowGroupSizeBytes / Math.max(1e-3, encodedBytesPerSpan));
    int[] from = positions.clone();
    long spans = 0;
    int smallest = smallest();
    while (smallest >= 0) {
      long ofTrace = spansAt(smallest);
      if (spans > 0 && spans + ofTrace > limit) {
        break;
      }
      spans += ofTrace;
      step(smallest);
      smallest = smallest();
    }
    return spans == 0 && java.util.Arrays.equals(from, positions) ? null : slice(from);
  }

  private Slice slice(int[] from) {
    int only = -1;
    int used = 0;
    for (int i = 0; i < from.length; i++) {
      if (from[i] < positions[i]) {
        only = i;
        used++;
      }
    }
    if (used == 1) {
      return new Slice(sources.get(only), from[only], positions[only]);
    }
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (int i = 0; i < from.length; i++) {
      builder.addRows(sources.get(i), from[i], positions[i]);
    }
    TraceColumns joined = builder.build();
    return new Slice(joined, 0, joined.count(Level.TRACE));
  }

  /// The source whose next trace id is the smallest, or -1 at the end.
  private int smallest() {
    int smallest = -1;
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] < sources.get(i).count(Level.TRACE)
          && (smallest < 0 || compare(i, smallest) < 0)) {
        smallest = i;
      }
    }
    return smallest;
  }

  private int compare(int a, int b) {
    TraceColumns left = sources.get(a);
    TraceColumns right = sources.get(b);
    int byHigh =
        Long.compareUnsigned(left.traceIdsHigh()[positions[a]], right.traceIdsHigh()[positions[b]]);
    return byHigh != 0
        ? byHigh
        : Long.compareUnsigned(left.traceIdsLow()[positions[a]], right.traceIdsLow()[positions[b]]);
  }

  /// Moves all sources behind the trace at which `source` stands.
  private void step(int source) {
    long high = sources.get(source).traceIdsHigh()[positions[source]];
    long low = sources.get(source).traceIdsLow()[positions[source]];
    for (int i = source; i < positions.length; i++) {
      if (isAt(i, high, low)) {
        positions[i]++;
      }
    }
  }

  private boolean isAt(int source, long high, long low) {
    TraceColumns columns = sources.get(source);
    int row = positions[source];
    return row < columns.count(Level.TRACE)
        && columns.traceIdsHigh()[row] == high
        && columns.traceIdsLow()[row] == low;
  }

  /// Spans of the trace at which `source` stands, in all sources.
  private long spansAt(int source) {
    long high = sources.get(source).traceIdsHigh()[positions[source]];
    long low = sources.get(source).traceIdsLow()[positions[source]];
    long spans = 0;
    for (int i = source; i < positions.length; i++) {
      if (isAt(i, high, low)) {
        TraceColumns columns = sources.get(i);
        spans += firstSpan(columns, positions[i] + 1) - firstSpan(columns, positions[i]);
      }
    }
    return spans;
  }

  static int firstSpan(TraceColumns columns, int trace) {
    int resource = columns.offsets(Level.RESOURCE)[trace];
    int scope = columns.offsets(Level.SCOPE)[resource];
    return columns.offsets(Level.SPAN)[scope];
  }

  /// The rows of one row group.
  record Slice(TraceColumns columns, int from, int to) {
    int spanCount() {
      return firstSpan(columns, to) - firstSpan(columns, from);
    }
  }
}
