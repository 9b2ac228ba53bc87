package io.vivace.parquet;

/// A row group as the footer describes it. Immutable; the descriptions of its columns are made on
/// request from the footer's bytes.
public final class RowGroup {
  // One slot of numbers for each column, so that a footer of many thousand chunks is few objects.
  static final int CODEC = 0;
  static final int ENTRIES = 1;
  static final int UNCOMPRESSED = 2;
  static final int COMPRESSED = 3;
  static final int DATA_PAGE = 4;
  static final int DICTIONARY_PAGE = 5;
  static final int OFFSET_INDEX = 6;
  static final int OFFSET_INDEX_BYTES = 7;
  static final int COLUMN_INDEX = 8;
  static final int COLUMN_INDEX_BYTES = 9;
  static final int STATISTICS = 10;
  static final int SLOTS = 11;

  private final ParquetSchema schema;
  private final byte[] footer;
  private final int footerEnd;
  private final int ordinal;
  private final int rowCount;
  private final long[] columns;

  RowGroup(
      ParquetSchema schema,
      byte[] footer,
      int footerEnd,
      int ordinal,
      int rowCount,
      long[] columns) {
    this.schema = schema;
    this.footer = footer;
    this.footerEnd = footerEnd;
    this.ordinal = ordinal;
    this.rowCount = rowCount;
    this.columns = columns;
  }

  /// Position in the file, from 0.
  public int ordinal() {
    return ordinal;
  }

  public int rowCount() {
    return rowCount;
  }

  /// Pages of all columns with their headers.
  public long compressedBytes() {
    long sum = 0;
    for (int at = COMPRESSED; at < columns.length; at += SLOTS) {
      sum += columns[at];
    }
    return sum;
  }

  /// The column of the leaf with this index.
  ///
  /// @throws MalformedParquetException if the footer states something impossible for it
  public ColumnChunk column(int leafIndex) throws MalformedParquetException {
    ParquetLeaf leaf = schema.leaf(leafIndex);
    int base = leafIndex * SLOTS;
    long dataPage = columns[base + DATA_PAGE];
    long dictionaryPage = columns[base + DICTIONARY_PAGE];
    // Some writers set the offset of a dictionary that is not there to 0, or behind the data.
    boolean dictionary = dictionaryPage > 0 && dictionaryPage < dataPage;
    return new ColumnChunk(
        leaf,
        Codec.of((int) columns[base + CODEC]),
        columns[base + ENTRIES],
        dictionary ? dictionaryPage : dataPage,
        columns[base + COMPRESSED],
        columns[base + UNCOMPRESSED],
        dataPage,
        dictionary ? dictionaryPage : -1,
        columns[base + OFFSET_INDEX],
        (int) columns[base + OFFSET_INDEX_BYTES],
        columns[base + COLUMN_INDEX],
        (int) columns[base + COLUMN_INDEX_BYTES],
        statistics(leaf, (int) columns[base + STATISTICS], columns[base + ENTRIES]));
  }

  private Bounds statistics(ParquetLeaf leaf, int position, long entries)
      throws MalformedParquetException {
    if (position == 0) {
      return Bounds.UNKNOWN;
    }
    ThriftReader in =
        new ThriftReader(footer, position, footerEnd, "statistics of " + leaf.dottedPath());
    return FooterReader.readStatistics(in, entries);
  }
}
