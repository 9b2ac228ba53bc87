package io.vivace.parquet;

import java.io.IOException;
import java.util.List;

/// An open Parquet file: its footer, and readers of its columns. Immutable; may be shared by
/// threads and kept, the input being used only while something is read.
public final class ParquetFile {
  private final RandomAccessInput input;
  private final ReadOptions options;
  private final Footer footer;

  private ParquetFile(RandomAccessInput input, ReadOptions options, Footer footer) {
    this.input = input;
    this.options = options;
    this.footer = footer;
  }

  /// Reads the footer, whose size is not known.
  ///
  /// @throws MalformedParquetException if this is not a Parquet file
  public static ParquetFile open(RandomAccessInput input) throws IOException {
    return open(input, ReadOptions.DEFAULT, 0);
  }

  /// Reads the footer.
  ///
  /// @param footerBytes its size without the 8 bytes after it, so that one read is enough; 0 if not
  ///   known. The file's own statement decides.
  /// @throws MalformedParquetException if this is not a Parquet file
  public static ParquetFile open(RandomAccessInput input, ReadOptions options, int footerBytes)
      throws IOException {
    return new ParquetFile(input, options, FooterReader.read(input, options, footerBytes));
  }

  public ParquetSchema schema() {
    return footer.schema();
  }

  public long rowCount() {
    return footer.rowCount();
  }

  /// The program that wrote the file, empty if it does not say.
  public String createdBy() {
    return footer.createdBy();
  }

  public List<RowGroup> rowGroups() {
    return footer.rowGroups();
  }

  /// A reader of one column of a row group. It reads from this file's input and belongs to one
  /// thread at a time.
  ///
  /// @throws MalformedParquetException if the footer states something impossible for this column
  public ColumnChunkReader reader(int rowGroup, int leafIndex) throws IOException {
    return reader(rowGroup, leafIndex, input);
  }

  /// The same, reading from another view of the same file, say one that has parts of it in memory.
  public ColumnChunkReader reader(int rowGroup, int leafIndex, RandomAccessInput from)
      throws IOException {
    RowGroup group = footer.rowGroups().get(rowGroup);
    return new ColumnChunkReader(from, options, group.column(leafIndex), group.rowCount());
  }
}
