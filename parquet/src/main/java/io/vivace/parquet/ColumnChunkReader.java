package io.vivace.parquet;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Decodes a column of a row group, or those of its pages that hold the rows asked for. What comes
/// back is cut to exactly these rows. Thread-safe if its input is; keeps the dictionary and the
/// page index once read.
public final class ColumnChunkReader {
  private final RandomAccessInput input;
  private final ReadOptions options;
  private final ColumnChunk chunk;
  private final int rowCount;

  // Written once each as a whole, so that threads that share a reader see all or nothing; at worst
  // two of them read the same.
  private volatile @Nullable Read<OffsetIndex> offsetIndex;
  private volatile @Nullable Read<ColumnIndex> columnIndex;
  private volatile @Nullable Read<Values> dictionary;

  /// What was read; null if the file has none.
  private record Read<T>(@Nullable T value) {}

  ColumnChunkReader(RandomAccessInput input, ReadOptions options, ColumnChunk chunk, int rowCount) {
    this.input = input;
    this.options = options;
    this.chunk = chunk;
    this.rowCount = rowCount;
  }

  public ColumnChunk chunk() {
    return chunk;
  }

  /// Rows of the row group.
  public int rowCount() {
    return rowCount;
  }

  /// Where the pages are, or null if the file does not say.
  ///
  /// @throws MalformedParquetException if the index contradicts the file
  public @Nullable OffsetIndex offsetIndex() throws IOException {
    Read<OffsetIndex> read = offsetIndex;
    if (read == null) {
      OffsetIndex index = null;
      if (chunk.offsetIndexOffset() >= 0) {
        byte[] bytes = fetch(chunk.offsetIndexOffset(), chunk.offsetIndexBytes());
        index = PageIndexReader.offsets(bytes, chunk.offsetIndexBytes(), chunk, rowCount);
      }
      read = new Read<>(index);
      offsetIndex = read;
    }
    return read.value();
  }

  /// Bounds of the pages, or null if the file has none.
  ///
  /// @throws MalformedParquetException if the index contradicts itself
  public @Nullable ColumnIndex columnIndex() throws IOException {
    Read<ColumnIndex> read = columnIndex;
    if (read == null) {
      ColumnIndex index = null;
      if (chunk.columnIndexOffset() >= 0) {
        byte[] bytes = fetch(chunk.columnIndexOffset(), chunk.columnIndexBytes());
        index = PageIndexReader.bounds(bytes, chunk.columnIndexBytes(), chunk);
      }
      read = new Read<>(index);
      columnIndex = read;
    }
    return read.value();
  }

  /// The dictionary of a column of byte strings, or null if the chunk has none. A chunk with a
  /// dictionary may have pages that do not use it.
  ///
  /// @throws MalformedParquetException if it cannot be decoded
  public @Nullable PackedDictionary dictionary() throws IOException {
    return dictionaryValues() instanceof Values.Binary words
        ? new PackedDictionary(words.data(), words.offsets(), words.count())
        : null;
  }

  /// The entries of the dictionary of any type, or null.
  @Nullable Values dictionaryValues() throws IOException {
    if (dictionary == null) {
      long end = chunk.dataPageOffset();
      long start = chunk.dictionaryPageOffset();
      if (start < 0) {
        // Some writers count the dictionary page as the first data page.
        start = chunk.dataPageOffset();
        end = chunk.offset() + chunk.compressedBytes();
      }
      if (end > start) {
        PageSource source = PageSource.all(input, options, start, end - start);
        if (source.next()) {
          readDictionary(source);
        }
      }
      if (dictionary == null) {
        dictionary = new Read<>(null);
      }
    }
    Read<Values> read = dictionary;
    return read == null ? null : read.value();
  }

  /// Takes the dictionary from a page that a scan came across.
  void readDictionary(PageSource source) throws IOException {
    if (dictionary != null || source.header().kind() != PageHeader.Kind.DICTIONARY) {
      return;
    }
    try {
      dictionary =
          new Read<>(
              DictionaryReader.read(
                  source.header(), chunk, source.bytes(), source.bodyAt(), options));
    } catch (MalformedParquetException e) {
      throw at("dictionary page", source.pageOffset(), e);
    }
  }

  /// Levels and values of all rows.
  ///
  /// @throws MalformedParquetException if a page cannot be decoded
  public ColumnData readAll() throws IOException {
    return read(RowRanges.of(0, rowCount));
  }

  /// Levels and values of these rows.
  ///
  /// @throws MalformedParquetException if a page cannot be decoded
  public ColumnData read(RowRanges rows) throws IOException {
    ChunkScan scan = new ChunkScan(this, rows, null, true);
    scan.run(source(rows));
    return new ColumnData(scan.levels(), scan.values());
  }

  /// Only the levels of these rows.
  ///
  /// @throws MalformedParquetException if a page cannot be decoded
  public Levels readLevels(RowRanges rows) throws IOException {
    ChunkScan scan = new ChunkScan(this, rows, null, false);
    scan.run(source(rows));
    return scan.levels();
  }

  /// Only the values of these rows.
  ///
  /// @param siblingLevels the levels of the same rows of a column whose levels are the same as
  ///   those here: a leaf of the same group, both of them required. Levels of pages that lie inside
  ///   the rows altogether are then not decoded.
  /// @throws MalformedParquetException if a page cannot be decoded, or the levels turn out to
  ///   differ
  public Values readValues(RowRanges rows, Levels siblingLevels) throws IOException {
    if (siblingLevels.maxDefinition() != chunk.leaf().maxDefinitionLevel()
        || siblingLevels.maxRepetition() != chunk.leaf().maxRepetitionLevel()) {
      throw new IllegalArgumentException(
          "levels of another depth than " + chunk.leaf().dottedPath());
    }
    ChunkScan scan = new ChunkScan(this, rows, siblingLevels, true);
    scan.run(source(rows));
    return scan.values();
  }

  private PageSource source(RowRanges rows) throws IOException {
    if (rows.rangeCount() > 0 && rows.end(rows.rangeCount() - 1) > rowCount) {
      throw new IllegalArgumentException("rows " + rows + " of a row group of " + rowCount);
    }
    if (rows.rowCount() < rowCount) {
      OffsetIndex pages = offsetIndex();
      if (pages != null) {
        return PageSource.selected(input, options, pages, rows);
      }
    }
    long start = dictionary != null ? chunk.dataPageOffset() : chunk.offset();
    long end = chunk.offset() + chunk.compressedBytes();
    return PageSource.all(input, options, start, end - start);
  }

  ReadOptions options() {
    return options;
  }

  MalformedParquetException at(String what, long offset, MalformedParquetException cause) {
    return new MalformedParquetException(
        "column "
            + chunk.leaf().dottedPath()
            + ", "
            + what
            + " at offset "
            + offset
            + ": "
            + cause.getMessage(),
        cause);
  }

  private byte[] fetch(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    input.read(offset, bytes, 0, length);
    return bytes;
  }
}
