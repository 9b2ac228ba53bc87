package io.vivace.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Cuts a column chunk into pages and writes them.
final class ChunkWriter {
  private static final int DATA_PAGE = 0;
  private static final int DICTIONARY_PAGE = 2;

  private final WriterOptions options;
  private final BufferedSink sink;
  private final Compressor compressor;
  private final ByteBuilder page = new ByteBuilder(1 << 16);
  private final ByteBuilder scratch = new ByteBuilder(1 << 12);

  // The chunk being written.
  private long uncompressedBytes;
  private long[] offsets = new long[16];
  private int[] sizes = new int[16];
  private int[] firstRows = new int[16];
  private long[] nullCounts = new long[16];
  private final List<PageBounds> bounds = new ArrayList<>();

  ChunkWriter(WriterOptions options, BufferedSink sink, Compressor compressor) {
    this.options = options;
    this.sink = sink;
    this.compressor = compressor;
  }

  WrittenChunk write(
      ParquetLeaf leaf, LevelStreams streams, ColumnEncoder encoder, ColumnOptions column)
      throws IOException {
    uncompressedBytes = 0;
    bounds.clear();
    long start = sink.position();
    long dictionaryOffset = -1;
    List<Integer> encodings = List.of(PageEncodings.RLE, encoder.encoding());
    if (encoder instanceof IdEncoder ids) {
      dictionaryOffset = start;
      encodings = List.of(PageEncodings.PLAIN, PageEncodings.RLE, encoder.encoding());
      page.clear();
      ids.encodeDictionary(page);
      writePage(DICTIONARY_PAGE, ids.dictionary().size(), PageEncodings.PLAIN, column);
    }
    long dataOffset = sink.position();
    int rows = streams.levels().rowCount();
    int pages = 0;
    for (int row = 0; row < rows; pages++) {
      int end = pageEnd(streams, encoder, row, rows);
      writeDataPage(pages, streams, encoder, column, row, end);
      row = end;
    }
    return describe(leaf, streams, column, encodings, pages, start, dataOffset, dictionaryOffset);
  }

  /// The last row at which the page that starts at `row` may be cut.
  private int pageEnd(LevelStreams streams, ColumnEncoder encoder, int row, int rows) {
    int low = row + 1;
    int high = (int) Math.min(rows, (long) row + options.pageRowLimit());
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      long size =
          streams.sizeBytes(row, middle)
              + encoder.sizeBytes(streams.valueStart(row), streams.valueStart(middle));
      if (size <= options.pageSizeBytes()) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void writeDataPage(
      int number,
      LevelStreams streams,
      ColumnEncoder encoder,
      ColumnOptions column,
      int row,
      int end)
      throws IOException {
    int entries = streams.entryStart(end) - streams.entryStart(row);
    int from = streams.valueStart(row);
    int to = streams.valueStart(end);
    byte[] levels = streams.encoded(row, end, scratch);
    page.clear();
    page.put(levels, 0, levels.length);
    encoder.encode(from, to, page);
    reservePage(number);
    offsets[number] = sink.position();
    firstRows[number] = row;
    nullCounts[number] = entries - (to - from);
    writePage(DATA_PAGE, entries, encoder.encoding(), column);
    sizes[number] = Math.toIntExact(sink.position() - offsets[number]);
    bounds.add(column.bounds() && to > from ? encoder.bounds(from, to) : PageBounds.NONE);
  }

  private void reservePage(int number) {
    if (number == offsets.length) {
      offsets = Arrays.copyOf(offsets, number * 2);
      sizes = Arrays.copyOf(sizes, number * 2);
      firstRows = Arrays.copyOf(firstRows, number * 2);
      nullCounts = Arrays.copyOf(nullCounts, number * 2);
    }
  }

  /// Compresses and writes the page that was put together.
  private void writePage(int type, int entries, int encoding, ColumnOptions column)
      throws IOException {
    ByteBuilder body = compressor.compress(column, page);
    scratch.clear();
    ThriftWriter out = new ThriftWriter(scratch);
    out.field(1, type);
    out.field(2, page.size);
    out.field(3, body.size);
    if (options.checksums()) {
      CRC32 crc = new CRC32();
      crc.update(body.bytes, 0, body.size);
      out.field(4, (int) crc.getValue());
    }
    out.struct(type == DATA_PAGE ? 5 : 7);
    out.field(1, entries);
    out.field(2, encoding);
    if (type == DATA_PAGE) {
      out.field(3, PageEncodings.RLE);
      out.field(4, PageEncodings.RLE);
    }
    out.end();
    out.endAll();
    sink.write(scratch.bytes, 0, scratch.size);
    sink.write(body.bytes, 0, body.size);
    uncompressedBytes += scratch.size + page.size;
  }

  private WrittenChunk describe(
      ParquetLeaf leaf,
      LevelStreams streams,
      ColumnOptions column,
      List<Integer> encodings,
      int pages,
      long start,
      long dataOffset,
      long dictionaryOffset) {
    byte @Nullable [] min = null;
    byte @Nullable [] max = null;
    boolean complete = column.bounds();
    for (int i = 0; i < pages; i++) {
      PageBounds pageBounds = bounds.get(i);
      byte[] pageMin = pageBounds.min();
      byte[] pageMax = pageBounds.max();
      if (pageMin == null || pageMax == null) {
        complete = complete && isNullPage(streams, i, pages);
        continue;
      }
      min = min == null || compare(leaf, pageMin, min) < 0 ? pageMin : min;
      max = max == null || compare(leaf, pageMax, max) > 0 ? pageMax : max;
    }
    boolean text = leaf.logicalType() instanceof LogicalType.StringType;
    int limit = options.statisticsBoundBytes();
    byte[] statisticsMin =
        complete && min != null ? PageBounds.shortenedMin(min, limit, text) : null;
    byte[] statisticsMax =
        complete && max != null ? PageBounds.shortenedMax(max, limit, text) : null;
    Levels levels = streams.levels();
    return new WrittenChunk(
        leaf,
        column.codec(),
        levels.count(),
        levels.count() - levels.valueCount(),
        sink.position() - start,
        uncompressedBytes,
        dataOffset,
        dictionaryOffset,
        encodings,
        statisticsMin,
        statisticsMin == min,
        statisticsMax,
        statisticsMax == max,
        complete ? columnIndex(leaf, text, pages) : null,
        offsetIndex(pages));
  }

  private boolean isNullPage(LevelStreams streams, int number, int pages) {
    int end = number + 1 < pages ? firstRows[number + 1] : streams.levels().rowCount();
    return streams.valueStart(end) == streams.valueStart(firstRows[number]);
  }

  private static int compare(ParquetLeaf leaf, byte[] a, byte[] b) {
    return switch (leaf.type()) {
      case INT64 ->
          leaf.unsigned()
              ? Long.compareUnsigned(LittleEndian.getLong(a, 0), LittleEndian.getLong(b, 0))
              : Long.compare(LittleEndian.getLong(a, 0), LittleEndian.getLong(b, 0));
      case INT32 ->
          leaf.unsigned()
              ? Integer.compareUnsigned(LittleEndian.getInt(a, 0), LittleEndian.getInt(b, 0))
              : Integer.compare(LittleEndian.getInt(a, 0), LittleEndian.getInt(b, 0));
      case DOUBLE ->
          Double.compare(
              Double.longBitsToDouble(LittleEndian.getLong(a, 0)),
              Double.longBitsToDouble(LittleEndian.getLong(b, 0)));
      case BOOLEAN, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96, FLOAT -> Arrays.compareUnsigned(a, b);
    };
  }

  private byte[] columnIndex(ParquetLeaf leaf, boolean text, int pages) {
    byte[] none = {};
    scratch.clear();
    ThriftWriter out = new ThriftWriter(scratch);
    out.list(1, ThriftReader.TYPE_TRUE, pages);
    for (int i = 0; i < pages; i++) {
      out.element(bounds.get(i).min() == null);
    }
    int limit = options.indexBoundBytes();
    out.list(2, ThriftReader.TYPE_BINARY, pages);
    for (int i = 0; i < pages; i++) {
      byte[] min = bounds.get(i).min();
      out.element(min == null ? none : PageBounds.shortenedMin(min, limit, text));
    }
    out.list(3, ThriftReader.TYPE_BINARY, pages);
    for (int i = 0; i < pages; i++) {
      byte[] max = bounds.get(i).max();
      out.element(max == null ? none : PageBounds.shortenedMax(max, limit, text));
    }
    out.field(4, ascending(leaf, pages) ? 1 : 0);
    out.list(5, ThriftReader.TYPE_I64, pages);
    for (int i = 0; i < pages; i++) {
      out.element(nullCounts[i]);
    }
    out.endAll();
    return scratch.toArray();
  }

  /// Whether minima and maxima ascend, so that a reader may search them by halves. Judged on the
  /// full bounds, and for byte strings again on the shortened ones. Pages of nulls count as no.
  private boolean ascending(ParquetLeaf leaf, int pages) {
    for (int i = 0; i < pages; i++) {
      byte[] min = bounds.get(i).min();
      byte[] max = bounds.get(i).max();
      if (min == null || max == null) {
        return false;
      }
      byte[] previousMin = i == 0 ? null : bounds.get(i - 1).min();
      byte[] previousMax = i == 0 ? null : bounds.get(i - 1).max();
      if (previousMin != null
          && previousMax != null
          && (compare(leaf, previousMin, min) > 0 || compare(leaf, previousMax, max) > 0)) {
        return false;
      }
    }
    return leaf.type() != PhysicalType.BYTE_ARRAY || shortenedStayOrdered(leaf, pages);
  }

  /// A maximum that is shortened grows, and may so pass one that could not be shortened.
  private boolean shortenedStayOrdered(ParquetLeaf leaf, int pages) {
    boolean text = leaf.logicalType() instanceof LogicalType.StringType;
    byte[] previous = {};
    for (int i = 0; i < pages; i++) {
      byte[] max = bounds.get(i).max();
      byte[] shortened =
          max == null ? previous : PageBounds.shortenedMax(max, options.indexBoundBytes(), text);
      if (Arrays.compareUnsigned(previous, shortened) > 0) {
        return false;
      }
      previous = shortened;
    }
    return true;
  }

  private byte[] offsetIndex(int pages) {
    scratch.clear();
    ThriftWriter out = new ThriftWriter(scratch);
    out.list(1, ThriftReader.TYPE_STRUCT, pages);
    for (int i = 0; i < pages; i++) {
      out.elementStruct();
      out.field(1, offsets[i]);
      out.field(2, sizes[i]);
      out.field(3, (long) firstRows[i]);
      out.end();
    }
    out.endAll();
    return scratch.toArray();
  }
}
