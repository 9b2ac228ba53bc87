package io.vivace.livestore;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.List;
import java.util.Objects;

/// Columns in memory as a source with one batch. Immutable.
final class ColumnsSource implements BatchSource {
  private final String name;
  private final TraceColumns columns;
  private final int traceCount;
  private final TimeRange timeRange;

  ColumnsSource(String name, TraceColumns columns) {
    this.name = name;
    this.columns = columns;
    this.traceCount = columns.count(Level.TRACE);
    this.timeRange = timeRange(columns, traceCount);
  }

  private static TimeRange timeRange(TraceColumns columns, int traceCount) {
    long[] starts = columns.longs(LongField.TRACE_START);
    long[] ends = columns.longs(LongField.TRACE_END);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < traceCount; i++) {
      first = Math.min(first, starts[i]);
      last = Math.max(last, Math.max(starts[i], ends[i]));
    }
    return new TimeRange(first, Math.max(first, last));
  }

  TraceColumns columns() {
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
    return traceCount;
  }

  @Override
  public int batchCount() {
    return 1;
  }

  @Override
  public SpanBatch batch(int index) {
    Objects.checkIndex(index, 1);
    return columns;
  }

  @Override
  public long sizeBytes() {
    return columns.sizeBytes();
  }

  @Override
  public TraceColumns find(List<TraceId> traceIds) {
    Bitmap rows = new Bitmap(traceCount);
    for (TraceId id : traceIds) {
      int row = row(id);
      if (row >= 0) {
        rows.set(row);
      }
    }
    return columns.gather(rows);
  }

  @Override
  public boolean mayContain(TraceId traceId) {
    return row(traceId) >= 0;
  }

  /// The row of the trace, or negative.
  private int row(TraceId id) {
    long[] high = columns.traceIdsHigh();
    long[] low = columns.traceIdsLow();
    int from = 0;
    int to = traceCount - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = Long.compareUnsigned(high[middle], id.high());
      if (order == 0) {
        order = Long.compareUnsigned(low[middle], id.low());
      }
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
