package io.vivace.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Writes a file front to back: row group by row group, and in it the columns in the order of the
/// schema. Belongs to one thread. Not usable after an exception, except for [#close].
///
/// Pages are V1 data pages, cut on row boundaries; page headers carry no statistics. All column
/// indexes follow the last row group, then all offset indexes, then the footer.
public final class ParquetWriter implements Closeable {
  private static final byte[] MAGIC = {'P', 'A', 'R', '1'};

  private final ParquetSchema schema;
  private final List<ColumnOptions> columns;
  private final WriterOptions options;
  private final BufferedSink sink;
  private final Compressor compressor = new Compressor();
  private final IdCompactor compactor = new IdCompactor();
  private final ChunkWriter chunkWriter;
  private final List<FooterWriter.Group> groups = new ArrayList<>();
  private final List<WrittenFile.WrittenRowGroup> written = new ArrayList<>();
  private final Map<Levels, LevelStreams> streams = new IdentityHashMap<>();
  private final List<WrittenChunk> chunks = new ArrayList<>();
  private boolean started;
  private boolean inRowGroup;
  private boolean finished;
  private int groupRows;
  private long rowCount;

  /// @param columns how each leaf is written, in file order
  /// @throws IllegalArgumentException if a leaf cannot be written as its options say
  public ParquetWriter(
      ParquetSchema schema, List<ColumnOptions> columns, WriterOptions options, ByteSink sink) {
    if (columns.size() != schema.leafCount()) {
      throw new IllegalArgumentException(
          columns.size() + " column options for " + schema.leafCount() + " leaves");
    }
    for (ParquetLeaf leaf : schema.leaves()) {
      columns.get(leaf.index()).check(leaf);
    }
    this.schema = schema;
    this.columns = List.copyOf(columns);
    this.options = options;
    this.sink = new BufferedSink(sink);
    this.chunkWriter = new ChunkWriter(options, this.sink, compressor);
  }

  /// @param rowCount at least 1
  /// @throws IllegalStateException if a row group is open, or the file is finished
  public void startRowGroup(int rowCount) throws IOException {
    if (inRowGroup || finished || rowCount < 1) {
      throw new IllegalStateException("a row group of " + rowCount + " rows cannot start here");
    }
    start();
    inRowGroup = true;
    groupRows = rowCount;
    chunks.clear();
    streams.clear();
  }

  private void start() throws IOException {
    if (!started) {
      started = true;
      sink.write(MAGIC, 0, MAGIC.length);
    }
  }

  /// Writes the next column. Levels that are the same object as those of an earlier column of this
  /// row group are not encoded again.
  ///
  /// @throws IllegalArgumentException if levels or values do not fit the column
  public void column(Levels levels, Values values) throws IOException {
    column(levels, values, columns.get(Math.min(chunks.size(), columns.size() - 1)));
  }

  /// Writes the next column in another way than the file's columns, say without a dictionary.
  ///
  /// @throws IllegalArgumentException if levels or values do not fit the column
  public void column(Levels levels, Values values, ColumnOptions column) throws IOException {
    if (!inRowGroup || chunks.size() == schema.leafCount()) {
      throw new IllegalStateException("no column is expected here");
    }
    ParquetLeaf leaf = schema.leaf(chunks.size());
    column.check(leaf);
    check(leaf, levels, values);
    LevelStreams shared = streams.computeIfAbsent(levels, LevelStreams::new);
    ColumnEncoder encoder = ColumnEncoder.of(leaf, values, column, compactor);
    chunks.add(chunkWriter.write(leaf, shared, encoder, column));
  }

  private void check(ParquetLeaf leaf, Levels levels, Values values) {
    if (levels.maxRepetition() != leaf.maxRepetitionLevel()
        || levels.maxDefinition() != leaf.maxDefinitionLevel()) {
      throw new IllegalArgumentException(
          "column "
              + leaf.dottedPath()
              + " has levels up to "
              + leaf.maxRepetitionLevel()
              + "/"
              + leaf.maxDefinitionLevel()
              + ", not "
              + levels.maxRepetition()
              + "/"
              + levels.maxDefinition());
    }
    if (levels.rowCount() != groupRows || levels.valueCount() != values.count()) {
      throw new IllegalArgumentException(
          "column "
              + leaf.dottedPath()
              + " has levels of "
              + levels.rowCount()
              + " rows and "
              + levels.valueCount()
              + " values for "
              + groupRows
              + " rows and "
              + values.count()
              + " values");
    }
  }

  /// Ends the row group.
  ///
  /// @throws IllegalStateException if a column is missing
  public WrittenFile.WrittenRowGroup endRowGroup() {
    if (!inRowGroup || chunks.size() != schema.leafCount()) {
      throw new IllegalStateException(
          chunks.size() + " columns of " + schema.leafCount() + " are written");
    }
    inRowGroup = false;
    rowCount += groupRows;
    groups.add(new FooterWriter.Group(groupRows, List.copyOf(chunks), new long[2 * chunks.size()]));
    long compressed = 0;
    long uncompressed = 0;
    for (WrittenChunk chunk : chunks) {
      compressed += chunk.compressedBytes();
      uncompressed += chunk.uncompressedBytes();
    }
    streams.clear();
    WrittenFile.WrittenRowGroup group =
        new WrittenFile.WrittenRowGroup(
            groupRows, chunks.getFirst().offset(), compressed, uncompressed);
    written.add(group);
    return group;
  }

  /// Bytes of the file so far: all pages, in compressed form.
  public long writtenBytes() {
    return sink.position();
  }

  /// Writes the page index and the footer.
  ///
  /// @throws IllegalStateException if a row group is open, or the file is finished
  public WrittenFile finish() throws IOException {
    if (inRowGroup || finished) {
      throw new IllegalStateException("the file cannot be finished here");
    }
    start();
    for (FooterWriter.Group group : groups) {
      for (int i = 0; i < group.chunks().size(); i++) {
        byte[] index = group.chunks().get(i).columnIndex();
        if (index != null) {
          group.indexOffsets()[2 * i] = sink.position();
          sink.write(index, 0, index.length);
        }
      }
    }
    for (FooterWriter.Group group : groups) {
      for (int i = 0; i < group.chunks().size(); i++) {
        byte[] index = group.chunks().get(i).offsetIndex();
        group.indexOffsets()[2 * i + 1] = sink.position();
        sink.write(index, 0, index.length);
      }
    }
    ByteBuilder footer = new ByteBuilder(1 << 16);
    FooterWriter.write(schema, groups, rowCount, options.createdBy(), footer);
    int footerBytes = footer.size;
    footer.putInt(footerBytes);
    footer.put(MAGIC, 0, MAGIC.length);
    sink.write(footer.bytes, 0, footer.size);
    sink.flush();
    finished = true;
    return new WrittenFile(sink.position(), footerBytes, rowCount, List.copyOf(written));
  }

  /// Frees what is held outside the heap. Does not close the sink.
  @Override
  public void close() {
    compressor.close();
  }
}
