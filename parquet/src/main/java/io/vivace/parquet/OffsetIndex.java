package io.vivace.parquet;

/// Where the data pages of a column chunk are. Arrays are shared and not to be changed.
///
/// @param offsets of the page headers in the file
/// @param sizesBytes header and compressed body
/// @param firstRows row of the row group that each page starts with
/// @param rowCount rows of the row group
public record OffsetIndex(long[] offsets, int[] sizesBytes, int[] firstRows, int rowCount) {
  public int pageCount() {
    return offsets.length;
  }

  /// One after the last row of `page`.
  public int endRow(int page) {
    return page + 1 < firstRows.length ? firstRows[page + 1] : rowCount;
  }
}
