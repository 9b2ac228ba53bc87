package io.vivace.block;

import io.vivace.batch.BytesColumn;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.block.BlockCache.Kind;
import io.vivace.block.BlockCache.Weighted;
import io.vivace.engine.BatchSource;
import io.vivace.engine.UnreadableSourceException;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.parquet.ColumnChunk;
import io.vivace.parquet.OffsetIndex;
import io.vivace.parquet.ParquetFile;
import io.vivace.parquet.RandomAccessInput;
import io.vivace.parquet.ReadOptions;
import io.vivace.parquet.RowRanges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A block as a source of batches. Thread-safe; holds nothing but its descriptor, what it reads is
/// in the [BlockCache]. Needs no closing.
///
/// A block that cannot be read, be it damaged or gone, is an [IOException] (thrown as
/// [UncheckedIOException] where there is no checked one) that names it.
public final class BlockReader implements BatchSource {
  private static final int SPANS_PER_BATCH = 128 << 10;

  /// Spans take about five times as much in memory as compressed.
  private static final int HEAP_PER_STORED_BYTE = 5;

  private static final int MIN_HEAP_BYTES_PER_SPAN = 200;

  private final ObjectStore store;
  private final BlockMeta meta;
  private final BlockSchema schema;
  private final BlockCache cache;

  private BlockReader(ObjectStore store, BlockMeta meta, BlockSchema schema, BlockCache cache) {
    this.store = store;
    this.meta = meta;
    this.schema = schema;
    this.cache = cache;
  }

  /// Opens a block and checks that its footer and schema are what the descriptor says.
  ///
  /// @throws IOException naming the block if it cannot be read
  public static BlockReader open(ObjectStore store, BlockMeta meta, BlockCache cache)
      throws IOException {
    BlockReader reader =
        new BlockReader(store, meta, BlockSchema.of(meta.format(), meta.dedicatedColumns()), cache);
    reader.file();
    return reader;
  }

  public BlockMeta meta() {
    return meta;
  }

  BlockSchema schema() {
    return schema;
  }

  @Override
  public String name() {
    return meta.id().toString();
  }

  @Override
  public TimeRange timeRange() {
    return meta.timeRange();
  }

  @Override
  public long traceCount() {
    return meta.traceCount();
  }

  @Override
  public long sizeBytes() {
    return meta.sizeBytes();
  }

  /// An exception that names the block.
  IOException damaged(String problem, @Nullable Throwable cause) {
    return new IOException(
        "block " + meta.id() + " of tenant " + meta.tenant() + ": " + problem, cause);
  }

  /// Runs a read and makes every failure one that names the block.
  private <T> T reading(Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (IOException e) {
      throw isNamed(e) ? e : damaged(message(e), e);
    } catch (UncheckedIOException e) {
      throw isNamed(e.getCause()) ? e.getCause() : damaged(message(e.getCause()), e);
    } catch (IndexOutOfBoundsException
        | NegativeArraySizeException
        | ArithmeticException
        | IllegalArgumentException
        | IllegalStateException e) {
      // Columns that contradict one another in a way that no single check covers.
      throw damaged("inconsistent data: " + e, e);
    }
  }

  <T> T readingUnchecked(Reading<T> reading) {
    try {
      return reading(reading);
    } catch (IOException e) {
      throw mayPass(e) ? new UncheckedIOException(e) : new UnreadableSourceException(name(), e);
    }
  }

  /// Whether the failure may be one of the moment (a read was interrupted, no file handle is free)
  /// and not of the block.
  private static boolean mayPass(IOException failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof InterruptedIOException
          || e instanceof ClosedChannelException
          || (e instanceof FileSystemException && !(e instanceof NoSuchFileException))) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(@Nullable IOException e) {
    return e != null && e.getMessage() != null && e.getMessage().contains("block " + meta.id());
  }

  private static String message(@Nullable IOException e) {
    return e == null || e.getMessage() == null ? "read failed" : e.getMessage();
  }

  interface Reading<T> {
    T run() throws IOException;
  }

  private ParquetFile file() throws IOException {
    return reading(() -> cache.get(meta, Kind.FOOTER, 0, 0, ParquetFile.class, this::openFile));
  }

  private Weighted<ParquetFile> openFile() throws IOException {
    if (meta.sizeBytes() < 12 || meta.footerSizeBytes() > meta.sizeBytes() - 12) {
      throw damaged(
          "footer of " + meta.footerSizeBytes() + " bytes in a file of " + meta.sizeBytes(), null);
    }
    ParquetFile file = ParquetFile.open(input(), ReadOptions.DEFAULT, meta.footerSizeBytes());
    schema.check(file.schema(), "block " + meta.id());
    if (file.rowCount() != meta.traceCount()) {
      throw damaged(file.rowCount() + " rows (expected: " + meta.traceCount() + ")", null);
    }
    return new Weighted<>(
        file, 2L * meta.footerSizeBytes() + 88L * schema.leaves().size() * file.rowGroups().size());
  }

  private RandomAccessInput input() {
    String key = meta.key(BlockObjects.DATA);
    return new RandomAccessInput() {
      @Override
      public long size() {
        return meta.sizeBytes();
      }

      @Override
      public void read(long position, byte[] target, int offset, int length) throws IOException {
        store.read(key, position, target, offset, length);
      }
    };
  }

  /// A column with its dictionary and page index.
  ColumnHandle column(int rowGroup, SchemaLeaf leaf) throws IOException {
    int index = leaf.leaf().index();
    return cache.get(
        meta,
        Kind.DICTIONARY,
        rowGroup,
        index,
        ColumnHandle.class,
        () -> {
          ColumnHandle handle = ColumnHandle.open(file().reader(rowGroup, index));
          return new Weighted<>(handle, handle.sizeBytes());
        });
  }

  @Override
  public int batchCount() {
    return readingUnchecked(() -> batches().size());
  }

  @Override
  public SpanBatch batch(int index) {
    return readingUnchecked(() -> {
      BatchRows rows = batches().get(index);
      return new BlockBatch(this, rows.rowGroup(), rows.from(), rows.to());
    });
  }

  private record BatchRows(int rowGroup, int from, int to) {}

  private record BatchList(List<BatchRows> batches) {}

  private List<BatchRows> batches() throws IOException {
    return cache
        .get(
            meta,
            Kind.BATCHES,
            0,
            0,
            BatchList.class,
            () -> {
              List<BatchRows> batches = new ArrayList<>();
              for (int group = 0; group < file().rowGroups().size(); group++) {
                addBatches(group, batches);
              }
              return new Weighted<>(new BatchList(List.copyOf(batches)), 32L * batches.size());
            })
        .batches();
  }

  /// Cuts a row group at pages of the span-id column, which all hold about as much.
  private void addBatches(int group, List<BatchRows> batches) throws IOException {
    int rowCount = file().rowGroups().get(group).rowCount();
    SchemaLeaf spanIds = schema.leaf(new LeafRole.Bytes(io.vivace.batch.BytesField.SPAN_ID));
    long spans = file().rowGroups().get(group).column(spanIds.leaf().index()).entryCount();
    OffsetIndex pages =
        spans > SPANS_PER_BATCH * 3L / 2 ? column(group, spanIds).reader().offsetIndex() : null;
    int from = 0;
    if (pages != null) {
      double spansPerPage = (double) spans / Math.max(1, pages.pageCount());
      double sum = 0;
      for (int page = 0; page < pages.pageCount(); page++) {
        sum += spansPerPage;
        int end = pages.endRow(page);
        if (sum + spansPerPage / 2 >= SPANS_PER_BATCH && end < rowCount) {
          batches.add(new BatchRows(group, from, end));
          from = end;
          sum = 0;
        }
      }
    }
    if (from < rowCount) {
      batches.add(new BatchRows(group, from, rowCount));
    }
  }

  /// The trace ids of a row group, ascending.
  record TraceIds(long[] high, long[] low) {
    /// The row of an id, or -1.
    int find(TraceId id) {
      int from = 0;
      int to = high.length - 1;
      while (from <= to) {
        int middle = from + to >>> 1;
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

  TraceIds traceIds(int rowGroup) throws IOException {
    return cache.get(
        meta, Kind.TRACE_IDS, rowGroup, 0, TraceIds.class, () -> readTraceIds(rowGroup));
  }

  private Weighted<TraceIds> readTraceIds(int rowGroup) throws IOException {
    int rowCount = file().rowGroups().get(rowGroup).rowCount();
    RowsReader rows = new RowsReader(this, rowGroup, RowRanges.of(0, rowCount));
    BytesColumn ids =
        Columns.bytes(rows.dense(schema.leaf(new LeafRole.TraceIdBytes()), Level.TRACE));
    long[] high = new long[rowCount];
    long[] low = new long[rowCount];
    for (int row = 0; row < rowCount; row++) {
      TraceId id = TraceId.from(ids.data(), ids.offsets()[row], ids.length(row));
      high[row] = id.high();
      low[row] = id.low();
    }
    return new Weighted<>(new TraceIds(high, low), 16L * rowCount);
  }

  @Override
  public TraceColumns find(List<TraceId> traceIds) {
    return readingUnchecked(() -> findRows(traceIds, _ -> {}));
  }

  @Override
  public TraceColumns find(List<TraceId> traceIds, LongConsumer beforeReading) {
    return readingUnchecked(() -> findRows(traceIds, beforeReading));
  }

  private TraceColumns findRows(List<TraceId> ids, LongConsumer beforeReading) throws IOException {
    Map<Integer, List<Integer>> rowsOfGroup = new TreeMap<>();
    for (TraceId id : ids) {
      int group = rowGroupOf(id);
      int row = group < 0 ? -1 : traceIds(group).find(id);
      if (row >= 0) {
        rowsOfGroup.computeIfAbsent(group, g -> new ArrayList<>()).add(row);
      }
    }
    List<TraceColumns> found = new ArrayList<>();
    for (Map.Entry<Integer, List<Integer>> entry : rowsOfGroup.entrySet()) {
      found.add(readRows(entry.getKey(), ranges(entry.getValue()), beforeReading));
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty()) {
      return readRows(0, RowRanges.of(0, 0), _ -> {});
    }
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    found.forEach(builder::addAll);
    return builder.build();
  }

  private static RowRanges ranges(List<Integer> ascendingRows) {
    int[] bounds = new int[2 * ascendingRows.size()];
    int size = 0;
    for (int row : ascendingRows) {
      if (size > 0 && bounds[size - 1] == row) {
        bounds[size - 1] = row + 1;
      } else {
        bounds[size++] = row;
        bounds[size++] = row + 1;
      }
    }
    return RowRanges.ofBounds(java.util.Arrays.copyOf(bounds, size));
  }

  /// Rows of a row group with all that belongs to them.
  TraceColumns readRows(int rowGroup, RowRanges ranges) throws IOException {
    return readRows(rowGroup, ranges, _ -> {});
  }

  private TraceColumns readRows(int rowGroup, RowRanges ranges, LongConsumer beforeReading)
      throws IOException {
    int count = ranges.rowCount();
    long[] high = new long[count];
    long[] low = new long[count];
    if (count > 0) {
      TraceIds ids = traceIds(rowGroup);
      int at = 0;
      for (int range = 0; range < ranges.rangeCount(); range++) {
        int length = ranges.end(range) - ranges.start(range);
        System.arraycopy(ids.high(), ranges.start(range), high, at, length);
        System.arraycopy(ids.low(), ranges.start(range), low, at, length);
        at += length;
      }
    }
    RowsReader rows = new RowsReader(this, rowGroup, ranges);
    if (count > 0) {
      beforeReading.accept(heapBytes(rowGroup, rows.count(Level.SPAN)));
    }
    return new RowsAssembler(rows).assemble(high, low);
  }

  /// About how much heap so many spans of a row group take as columns.
  private long heapBytes(int rowGroup, int spans) throws IOException {
    long stored = 0;
    for (SchemaLeaf leaf : schema.leaves()) {
      stored += columnBytes(rowGroup, leaf.leaf().index());
    }
    SchemaLeaf ids = schema.leaf(new LeafRole.Bytes(io.vivace.batch.BytesField.SPAN_ID));
    long all =
        Math.max(1, file().rowGroups().get(rowGroup).column(ids.leaf().index()).entryCount());
    return (long)
        (spans * Math.max(MIN_HEAP_BYTES_PER_SPAN, HEAP_PER_STORED_BYTE * (double) stored / all));
  }

  /// The row group that holds the id if the block does, or -1.
  private int rowGroupOf(TraceId id) throws IOException {
    BlockIndex index = index();
    if (index.lastIds().size() == file().rowGroups().size()) {
      return index.rowGroupOf(id);
    }
    // There is no index: look at the row groups themselves.
    for (int group = 0; group < file().rowGroups().size(); group++) {
      if (traceIds(group).find(id) >= 0) {
        return group;
      }
    }
    return -1;
  }

  private BlockIndex index() throws IOException {
    return cache.get(
        meta,
        Kind.INDEX,
        0,
        0,
        BlockIndex.class,
        () -> {
          String key = meta.key(BlockObjects.INDEX);
          BlockIndex index;
          try {
            index = BlockIndex.read(store.get(key), key);
          } catch (ObjectNotFoundException e) {
            index = new BlockIndex(List.of());
          }
          return new Weighted<>(index, 48L * index.lastIds().size());
        });
  }

  @Override
  public boolean mayContain(TraceId traceId) {
    int shard = BloomFilter.shardOf(traceId, meta.effectiveBloomShardCount());
    return readingUnchecked(() -> bloom(shard).mayContain(traceId));
  }

  private BloomFilter.Shard bloom(int shard) throws IOException {
    return cache.get(
        meta,
        Kind.BLOOM,
        shard,
        0,
        BloomFilter.Shard.class,
        () -> {
          String key = meta.key(BlockObjects.bloom(shard));
          BloomFilter.Shard read = BloomFilter.Shard.read(store.get(key), key);
          return new Weighted<>(read, read.sizeBytes());
        });
  }

  /// Compressed bytes of a column, for tools and tests.
  long columnBytes(int rowGroup, int leaf) throws IOException {
    ColumnChunk chunk = file().rowGroups().get(rowGroup).column(leaf);
    return chunk.compressedBytes();
  }

  int rowGroupCount() throws IOException {
    return file().rowGroups().size();
  }
}
