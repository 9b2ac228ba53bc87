package io.vivace.parquet;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Decodes a column of a row group, or those of its pages that hold the rows asked for. What comes
/// back is cut to exactly these rows. Belongs to one thread at a time; keeps the dictionary and the
/// page index once read.
public final class ColumnChunkReader {
  ColumnChunkReader(
      RandomAccessInput input, ReadOptions options, ColumnChunk chunk, int rowCount) {}

  /// Where the pages are, or null if the file does not say.
  public @Nullable OffsetIndex offsetIndex() throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Bounds of the pages, or null if the file has none.
  public @Nullable ColumnIndex columnIndex() throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The dictionary of a column of byte strings, or null if the chunk has none.
  public @Nullable PackedDictionary dictionary() throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Levels and values of all rows.
  public ColumnData readAll() throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Levels and values of these rows.
  public ColumnData read(RowRanges rows) throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Only the levels of these rows.
  public Levels readLevels(RowRanges rows) throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Only the values of these rows.
  ///
  /// @param siblingLevels the levels of the same rows of a column whose levels are the same as those
  ///     here: a leaf of the same group, both of them required. Levels of pages that lie inside the
  ///     rows altogether are then not decoded.
  public Values readValues(RowRanges rows, Levels siblingLevels) throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }
}
