package io.vivace.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Writes a file front to back: row group by row group, and in it the columns in the order of the
/// schema. Belongs to one thread. Not usable after an exception, except for [#close].
public final class ParquetWriter implements Closeable {
  /// @param columns how each leaf is written, in file order
  public ParquetWriter(
      ParquetSchema schema, List<ColumnOptions> columns, WriterOptions options, ByteSink sink) {}

  /// @param rowCount at least 1
  public void startRowGroup(int rowCount) throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Writes the next column. Levels that are the same object as those of an earlier column of this
  /// row group are not encoded again.
  public void column(Levels levels, Values values) throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Writes the next column in another way than the file's columns, say without a dictionary.
  public void column(Levels levels, Values values, ColumnOptions options) throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  public WrittenFile.WrittenRowGroup endRowGroup() throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Bytes given to the sink so far.
  public long writtenBytes() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Writes the page index and the footer.
  public WrittenFile finish() throws IOException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Frees what is held outside the heap. Does not close the sink.
  @Override
  public void close() {}
}
