package io.vivace.engine.tags;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.Bitmap;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.engine.MemorySource;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/// Columns that show no more than a batch of a block does, and remember which attributes were read.
record PlainBatch(TraceColumns columns, Set<String> readKeys) implements SpanBatch {

  /// A source of one such batch.
  record Source(MemorySource memory, PlainBatch plain) implements BatchSource {
    Source(String name, TraceColumns columns) {
      this(new MemorySource(name, columns), new PlainBatch(columns, new HashSet<>()));
    }

    @Override
    public String name() {
      return memory.name();
    }

    @Override
    public TimeRange timeRange() {
      return memory.timeRange();
    }

    @Override
    public long traceCount() {
      return memory.traceCount();
    }

    @Override
    public int batchCount() {
      return 1;
    }

    @Override
    public SpanBatch batch(int index) {
      return plain;
    }

    @Override
    public long sizeBytes() {
      return memory.sizeBytes();
    }

    @Override
    public TraceColumns find(List<TraceId> traceIds) {
      return memory.find(traceIds);
    }

    @Override
    public boolean mayContain(TraceId traceId) {
      return memory.mayContain(traceId);
    }
  }

  @Override
  public int count(Level level) {
    return columns.count(level);
  }

  @Override
  public int[] offsets(Level level) {
    return columns.offsets(level);
  }

  @Override
  public int[] parents(Level level) {
    return columns.parents(level);
  }

  @Override
  public long[] traceIdsHigh() {
    return columns.traceIdsHigh();
  }

  @Override
  public long[] traceIdsLow() {
    return columns.traceIdsLow();
  }

  @Override
  public long[] longs(LongField field) {
    return columns.longs(field);
  }

  @Override
  public int[] ints(IntField field) {
    return columns.ints(field);
  }

  @Override
  public StringColumn strings(StringField field) {
    return columns.strings(field);
  }

  @Override
  public BytesColumn bytes(BytesField field) {
    return columns.bytes(field);
  }

  @Override
  public AttributeColumn attribute(Level owner, String key) {
    readKeys.add(key);
    return columns.attribute(owner, key);
  }

  @Override
  public SortedSet<String> attributeKeys(Level owner) {
    return columns.attributeKeys(owner);
  }

  @Override
  public SortedSet<String> attributeKeys(Level owner, Bitmap rows) {
    return columns.attributeKeys(owner, rows);
  }

  @Override
  public TraceColumns gather(Bitmap traces) {
    return columns.gather(traces);
  }
}
