package io.vivace.block;

import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.ObjectUpload;
import io.vivace.parquet.ParquetWriter;
import io.vivace.parquet.WriterOptions;
import io.vivace.parquet.WrittenFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes traces as a vParquet5 block. Thread-safe: one writer serves all tenants; each call of
/// [#write] works on its own.
public final class BlockWriter {
  private static final int MAX_PAGE_ROWS = 4096;

  private final ObjectStore store;
  private final BlockWriterOptions options;

  public BlockWriter(ObjectStore store, BlockWriterOptions options) {
    this.store = store;
    this.options = options;
  }

  /// The descriptor of a block that is there already, live or compacted.
  public Optional<BlockMeta> find(TenantId tenant, BlockId id) throws IOException {
    for (String object : List.of(BlockObjects.META, BlockObjects.COMPACTED_META)) {
      String key = BlockObjects.key(tenant, id, object);
      try {
        return Optional.of(BlockMetaJson.read(store.get(key), key));
      } catch (ObjectNotFoundException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  /// True if the id is in use, be the descriptor readable or not. What is found is durable on
  /// return, so that the traces in it may be given up elsewhere.
  public boolean exists(TenantId tenant, BlockId id) throws IOException {
    for (String object : List.of(BlockObjects.META, BlockObjects.COMPACTED_META)) {
      String key = BlockObjects.key(tenant, id, object);
      if (store.head(key).isPresent()) {
        store.makeDurable(key);
        return true;
      }
    }
    return false;
  }

  /// Writes the traces of all sources as one block; the descriptor, which makes it visible, comes
  /// last. Traces that occur in several sources are joined, in the order of the sources. When the
  /// call returns, the block is durable; when it throws, there is none (an interrupted one leaves
  /// objects without descriptor, which a repeated call replaces).
  ///
  /// @param sources at least one trace in all
  /// @param times the block's time range is clamped into it, so that single spans dated far outside
  ///   do not widen it; [TimeRange#ALL] for no clamp
  /// @throws BlockExistsException if the id is in use; nothing was changed
  public BlockMeta write(TenantId tenant, BlockId id, List<TraceColumns> sources, TimeRange times)
      throws IOException {
    if (exists(tenant, id)) {
      throw new BlockExistsException(tenant, id);
    }
    DedicatedColumns columns = options.dedicatedColumns().withinLimits();
    BlockSchema schema = BlockSchema.of(BlockFormat.VPARQUET5, columns);
    RowGroupPlan plan = new RowGroupPlan(sources, options.rowGroupSizeBytes());
    if (plan.traceCount() == 0) {
      throw new IllegalArgumentException("sources: no trace (expected: at least one)");
    }
    BloomFilter bloom =
        new BloomFilter(
            plan.traceCount(), options.bloomFalsePositiveRate(), options.bloomShardSizeBytes());
    List<TraceId> lastIds = new ArrayList<>();
    WrittenFile file = writeData(tenant, id, schema, plan, bloom, lastIds);
    for (int shard = 0; shard < bloom.shardCount(); shard++) {
      String key = BlockObjects.key(tenant, id, BlockObjects.bloom(shard));
      store.put(key, bloom.toBytes(shard));
    }
    store.put(BlockObjects.key(tenant, id, BlockObjects.INDEX), new BlockIndex(lastIds).toBytes());
    TimeRange range = timeRange(sources, times);
    BlockMeta meta =
        new BlockMeta(
            BlockFormat.VPARQUET5,
            id,
            tenant,
            instant(range.startInclusiveEpochNanos()),
            instant(range.endInclusiveEpochNanos()),
            file.rowCount(),
            file.sizeBytes(),
            0,
            file.rowGroups().size(),
            bloom.shardCount(),
            file.footerBytes(),
            columns,
            1);
    if (!store.putIfAbsent(meta.key(BlockObjects.META), BlockMetaJson.write(meta))) {
      throw new BlockExistsException(tenant, id);
    }
    return meta;
  }

  private WrittenFile writeData(
      TenantId tenant,
      BlockId id,
      BlockSchema schema,
      RowGroupPlan plan,
      BloomFilter bloom,
      List<TraceId> lastIds)
      throws IOException {
    try (ObjectUpload upload = store.upload(BlockObjects.key(tenant, id, BlockObjects.DATA))) {
      WrittenFile file;
      try (ParquetWriter writer =
          new ParquetWriter(
              schema.parquet(),
              schema.leaves().stream().map(SchemaLeaf::options).toList(),
              WriterOptions.DEFAULT.withPageRowLimit(pageRows(plan)),
              upload::write)) {
        for (RowGroupPlan.Slice slice = plan.next(); slice != null; slice = plan.next()) {
          writer.startRowGroup(slice.to() - slice.from());
          new RowGroupEncoder(schema, slice.columns(), slice.from(), slice.to()).write(writer);
          plan.note(slice.spanCount(), writer.endRowGroup().compressedBytes());
          lastIds.add(addIds(slice, bloom));
        }
        file = writer.finish();
      }
      upload.commit();
      return file;
    }
  }

  private int pageRows(RowGroupPlan plan) {
    long rows = options.pageSpanLimit() * plan.traceCount() / Math.max(1, plan.spanCount());
    return (int) Math.clamp(rows, 1, MAX_PAGE_ROWS);
  }

  private static TraceId addIds(RowGroupPlan.Slice slice, BloomFilter bloom) {
    long[] high = slice.columns().traceIdsHigh();
    long[] low = slice.columns().traceIdsLow();
    for (int row = slice.from(); row < slice.to(); row++) {
      bloom.add(new TraceId(high[row], low[row]));
    }
    return new TraceId(high[slice.to() - 1], low[slice.to() - 1]);
  }

  private static TimeRange timeRange(List<TraceColumns> sources, TimeRange times) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (TraceColumns source : sources) {
      long[] starts = source.longs(LongField.TRACE_START);
      long[] ends = source.longs(LongField.TRACE_END);
      for (int row = 0; row < source.count(Level.TRACE); row++) {
        long start = signed(starts[row]);
        long end = Math.max(start, signed(ends[row]));
        min = Math.min(min, start);
        max = Math.max(max, end);
      }
    }
    long lower = times.startInclusiveEpochNanos();
    long upper = times.endInclusiveEpochNanos();
    return new TimeRange(Math.clamp(min, lower, upper), Math.clamp(max, lower, upper));
  }

  /// Times of 2^63 and more count as the last time there is.
  private static long signed(long unsignedNanos) {
    return unsignedNanos < 0 ? Long.MAX_VALUE : unsignedNanos;
  }

  private static Instant instant(long epochNanos) {
    return Instant.ofEpochSecond(0, epochNanos);
  }
}
