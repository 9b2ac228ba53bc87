package io.vivace.parquet;

/// Parses offset and column indexes.
final class PageIndexReader {
  private PageIndexReader() {}

  static OffsetIndex offsets(byte[] bytes, int length, ColumnChunk chunk, int rowCount)
      throws MalformedParquetException {
    ThriftReader in =
        new ThriftReader(bytes, 0, length, "offset index of " + chunk.leaf().dottedPath());
    OffsetIndex index = null;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      if (id == 1) {
        index = locations(in, rowCount);
      } else {
        in.skipField();
      }
    }
    if (index == null) {
      throw in.malformed("the page locations are missing");
    }
    check(in, index, chunk);
    return index;
  }

  private static OffsetIndex locations(ThriftReader in, int rowCount)
      throws MalformedParquetException {
    int pages = in.enterList(ThriftReader.TYPE_STRUCT);
    long[] offsets = new long[pages];
    int[] sizes = new int[pages];
    int[] firstRows = new int[pages];
    for (int page = 0; page < pages; page++) {
      for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
        switch (id) {
          case 1 -> offsets[page] = in.readI64();
          case 2 -> sizes[page] = in.readI32();
          case 3 -> {
            long row = in.readI64();
            if (row < 0 || row > rowCount) {
              throw in.malformed("page " + page + " starts at row " + row + " of " + rowCount);
            }
            firstRows[page] = (int) row;
          }
          default -> in.skipField();
        }
      }
    }
    return new OffsetIndex(offsets, sizes, firstRows, rowCount);
  }

  private static void check(ThriftReader in, OffsetIndex index, ColumnChunk chunk)
      throws MalformedParquetException {
    long position = chunk.offset();
    long end = chunk.offset() + chunk.compressedBytes();
    int row = 0;
    for (int page = 0; page < index.pageCount(); page++) {
      long offset = index.offsets()[page];
      int size = index.sizesBytes()[page];
      if (offset < position || size < 0 || offset > end - size) {
        throw in.malformed(
            "page " + page + " at " + offset + "+" + size + " is outside the column");
      }
      position = offset + size;
      if (index.firstRows()[page] < row || (page == 0 && index.firstRows()[0] != 0)) {
        throw in.malformed("the first rows of the pages do not ascend at page " + page);
      }
      row = index.firstRows()[page];
    }
    if (index.pageCount() == 0 && index.rowCount() > 0) {
      throw in.malformed("there are rows but no pages");
    }
  }

  static ColumnIndex bounds(byte[] bytes, int length, ColumnChunk chunk)
      throws MalformedParquetException {
    ThriftReader in =
        new ThriftReader(bytes, 0, length, "column index of " + chunk.leaf().dottedPath());
    boolean[] nullPages = null;
    byte[][] mins = null;
    byte[][] maxes = null;
    long[] nullCounts = null;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> {
          nullPages = new boolean[in.enterList(ThriftReader.TYPE_TRUE)];
          for (int i = 0; i < nullPages.length; i++) {
            nullPages[i] = in.readListBool();
          }
        }
        case 2 -> mins = binaries(in);
        case 3 -> maxes = binaries(in);
        case 5 -> {
          nullCounts = new long[in.enterList(ThriftReader.TYPE_I64)];
          for (int i = 0; i < nullCounts.length; i++) {
            nullCounts[i] = in.readListI64();
          }
        }
        default -> in.skipField();
      }
    }
    if (nullPages == null || mins == null || maxes == null) {
      throw in.malformed("null pages, minima or maxima are missing");
    }
    int pages = nullPages.length;
    // Writers that know no null counts leave them out or empty.
    if (nullCounts != null && nullCounts.length == 0 && pages > 0) {
      nullCounts = null;
    }
    if (mins.length != pages
        || maxes.length != pages
        || (nullCounts != null && nullCounts.length != pages)) {
      throw in.malformed("the lists are of different length");
    }
    return new ColumnIndex(nullPages, mins, maxes, nullCounts);
  }

  private static byte[][] binaries(ThriftReader in) throws MalformedParquetException {
    byte[][] values = new byte[in.enterList(ThriftReader.TYPE_BINARY)][];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readListBinary();
    }
    return values;
  }
}
