package io.vivace.engine;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.List;
import java.util.function.LongConsumer;

/// Traces in memory as one batch. Immutable and thread-safe.
public final class MemorySource implements BatchSource {
  private final String name;
  private final TraceColumns columns;
  private final TimeRange timeRange;

  /// @param columns at least one row
  public MemorySource(String name, TraceColumns columns) {
    this.name = name;
    this.columns = columns;
    long[] starts = columns.longs(LongField.TRACE_START);
    long[] ends = columns.longs(LongField.TRACE_END);
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (int t = 0; t < columns.count(Level.TRACE); t++) {
      start = Math.min(start, Math.min(starts[t], ends[t]));
      end = Math.max(end, Math.max(starts[t], ends[t]));
    }
    this.timeRange = new TimeRange(start, end);
  }

  /// What this source holds.
  public TraceColumns columns() {
    return columns;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public TimeRange timeRange() {
    return timeRange;
  }

  @Override
  public long traceCount() {
    return columns.count(Level.TRACE);
  }

  @Override
  public int batchCount() {
    return 1;
  }

  @Override
  public SpanBatch batch(int index) {
    if (index != 0) {
      throw new IndexOutOfBoundsException(index);
    }
    return columns;
  }

  @Override
  public long sizeBytes() {
    return columns.sizeBytes();
  }

  @Override
  public TraceColumns find(List<TraceId> traceIds) {
    Bitmap found = new Bitmap(columns.count(Level.TRACE));
    for (TraceId id : traceIds) {
      int row = row(id);
      if (row >= 0) {
        found.set(row);
      }
    }
    return columns.gather(found);
  }

  @Override
  public TraceColumns find(List<TraceId> traceIds, LongConsumer beforeReading) {
    long spans = 0;
    for (TraceId id : traceIds) {
      int row = row(id);
      spans += row < 0 ? 0 : firstSpan(row + 1) - firstSpan(row);
    }
    double bytesPerSpan = (double) columns.sizeBytes() / Math.max(1, columns.count(Level.SPAN));
    beforeReading.accept((long) (spans * bytesPerSpan));
    return find(traceIds);
  }

  private int firstSpan(int row) {
    int resource = columns.offsets(Level.RESOURCE)[row];
    return columns.offsets(Level.SPAN)[columns.offsets(Level.SCOPE)[resource]];
  }

  @Override
  public boolean mayContain(TraceId traceId) {
    return row(traceId) >= 0;
  }

  /// The row of this trace, or -1.
  private int row(TraceId id) {
    long[] high = columns.traceIdsHigh();
    long[] low = columns.traceIdsLow();
    int from = 0;
    int to = columns.count(Level.TRACE) - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = new TraceId(high[middle], low[middle]).compareTo(id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }
}
