package io.vivace.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One pass over pages of a column chunk, collecting levels and values of the rows asked for.
final class ChunkScan {
  private static final Values NO_DICTIONARY = new Values.Booleans(new byte[0], 0);
  private static final int SMALL = 1 << 16;
  private static final int ENTRIES_PER_BYTE = 16;

  private final ColumnChunkReader reader;
  private final ParquetLeaf leaf;
  private final RowRanges rows;
  private final @Nullable Levels sibling;
  private final boolean full;
  private final int rowCount;
  private final PageBody body = new PageBody();
  private final @Nullable ValueDecoder decoder;

  private byte[] repetition = {};
  private byte[] definition = {};
  private int entries;
  private int valueCount;
  // Rows that have begun before the current page, where no index tells.
  private int nextRow;
  // Runs of values of the current page to be kept: start and end in turn.
  private int[] segments = new int[16];
  private int segmentCount;

  /// @param sibling levels that are the same, so that they need not be decoded; or null
  ChunkScan(
      ColumnChunkReader reader, RowRanges rows, @Nullable Levels sibling, boolean withValues) {
    this.reader = reader;
    this.leaf = reader.chunk().leaf();
    this.rows = rows;
    this.sibling = sibling;
    this.rowCount = reader.rowCount();
    this.full = rows.rowCount() == rowCount;
    ColumnChunk chunk = reader.chunk();
    double share = rowCount == 0 ? 1 : Math.min(1, rows.rowCount() * 1.1 / rowCount);
    long expectedEntries = (long) (chunk.entryCount() * share) + 1024;
    long bytes = (long) (chunk.uncompressedBytes() * share) + 1024;
    if (sibling == null) {
      int capacity =
          (int)
              Math.min(
                  Math.min(
                      Math.min(chunk.entryCount(), expectedEntries), reader.options().maxEntries()),
                  SMALL + bytes * ENTRIES_PER_BYTE);
      repetition = new byte[leaf.maxRepetitionLevel() > 0 ? capacity : 0];
      definition = new byte[leaf.maxDefinitionLevel() > 0 ? capacity : 0];
    }
    long expectedValues = Math.min(chunk.entryCount(), expectedEntries);
    if (sibling != null) {
      expectedValues = sibling.valueCount();
    } else if (chunk.statistics().nullCount() > 0) {
      long all = Math.max(0, chunk.entryCount() - chunk.statistics().nullCount());
      expectedValues = Math.min(all, (long) (all * share) + 64);
    }
    this.decoder =
        withValues ? ValueDecoder.of(leaf, expectedValues, bytes, reader.options()) : null;
  }

  void run(PageSource source) throws IOException {
    try (Decompressor decompressor = new Decompressor()) {
      while ((!full || entries < reader.chunk().entryCount()) && next(source)) {
        try {
          page(source, decompressor);
        } catch (MalformedParquetException e) {
          throw reader.at("page", source.pageOffset(), e);
        }
      }
    }
    if (full && entries != reader.chunk().entryCount()) {
      throw problem(entries + " entries, the footer says " + reader.chunk().entryCount());
    }
  }

  private boolean next(PageSource source) throws IOException {
    try {
      return source.next();
    } catch (MalformedParquetException e) {
      throw reader.at("page header", source.pageOffset(), e);
    }
  }

  private void page(PageSource source, Decompressor decompressor) throws IOException {
    PageHeader header = source.header();
    switch (header.kind()) {
      case OTHER -> {
        return;
      }
      case DICTIONARY -> {
        if (decoder != null) {
          reader.readDictionary(source);
        }
        return;
      }
      case DATA_V1, DATA_V2 -> {}
    }
    int firstRow = nextRow;
    int endRow = -1;
    OffsetIndex index = source.page() >= 0 ? reader.offsetIndex() : null;
    if (index != null) {
      firstRow = index.firstRows()[source.page()];
      endRow = index.endRow(source.page());
    } else if (leaf.maxRepetitionLevel() == 0) {
      endRow = firstRow + header.entryCount();
    } else if (header.rowCount() >= 0) {
      endRow = firstRow + header.rowCount();
    }
    if (endRow >= 0 && (endRow < firstRow || endRow > rowCount)) {
      throw new MalformedParquetException(
          "rows " + firstRow + " to " + endRow + " of a row group of " + rowCount);
    }
    if (endRow >= 0 && !full && !rows.overlaps(firstRow, endRow)) {
      nextRow = endRow;
      return;
    }
    body.open(
        header,
        leaf,
        reader.chunk().codec(),
        source.bytes(),
        source.bodyAt(),
        reader.options(),
        decompressor);
    if (full || (endRow >= 0 && rows.covers(firstRow, endRow))) {
      whole(header);
      nextRow = Math.max(nextRow, endRow);
    } else {
      part(header, firstRow, endRow);
    }
  }

  private void whole(PageHeader header) throws IOException {
    int n = header.entryCount();
    int values;
    if (sibling != null) {
      if (n > sibling.count() - entries) {
        throw new MalformedParquetException("more entries than the levels of its sibling");
      }
      values = header.nullCount() >= 0 ? n - header.nullCount() : siblingValues(sibling, n);
    } else {
      values = decodeLevels(header, entries);
    }
    entries += n;
    valueCount += values;
    appendValues(header, values);
  }

  private int siblingValues(Levels levels, int n) {
    byte @Nullable [] shared = levels.definition();
    if (shared == null || levels.valueCount() == levels.count()) {
      return n;
    }
    int max = levels.maxDefinition();
    int values = 0;
    for (int i = entries; i < entries + n; i++) {
      values += shared[i] == max ? 1 : 0;
    }
    return values;
  }

  /// Decodes the levels of the current page to the arrays here.
  ///
  /// @return how many entries have a value
  private int decodeLevels(PageHeader header, int to) throws MalformedParquetException {
    int n = header.entryCount();
    long needed = (long) to + n;
    if (needed > reader.options().maxEntries()) {
      throw new MalformedParquetException(
          needed + " entries in one read, the limit is " + reader.options().maxEntries());
    }
    if (leaf.maxRepetitionLevel() > 0) {
      if (needed > repetition.length) {
        repetition = Arrays.copyOf(repetition, ValueDecoder.grown(repetition.length, needed));
      }
      RunLengthDecoder.levels(
          body.levels,
          body.repetitionAt,
          body.repetitionEnd,
          leaf.maxRepetitionLevel(),
          repetition,
          to,
          n);
    }
    if (leaf.maxDefinitionLevel() == 0) {
      return n;
    }
    if (needed > definition.length) {
      definition = Arrays.copyOf(definition, ValueDecoder.grown(definition.length, needed));
    }
    return RunLengthDecoder.levels(
        body.levels,
        body.definitionAt,
        body.definitionEnd,
        leaf.maxDefinitionLevel(),
        definition,
        to,
        n);
  }

  private void appendValues(PageHeader header, int values) throws IOException {
    if (decoder == null) {
      return;
    }
    Values dictionary = NO_DICTIONARY;
    if (PageEncodings.isDictionary(header.encoding()) && values > 0) {
      Values entriesOfDictionary = reader.dictionaryValues();
      dictionary = entriesOfDictionary == null ? NO_DICTIONARY : entriesOfDictionary;
    }
    decoder.append(
        header.encoding(), body.values, body.valuesAt, body.valuesEnd, values, dictionary);
  }

  /// Keeps what belongs to the rows asked for of a page that also has others.
  private void part(PageHeader header, int firstRow, int endRow) throws IOException {
    // With a sibling's levels given, those of this page are only looked at: behind nothing.
    int to = sibling == null ? entries : 0;
    int values = decodeLevels(header, to);
    int base = decoder == null ? 0 : decoder.count;
    appendValues(header, values);
    select(header.entryCount(), to, firstRow, endRow);
    int kept = 0;
    for (int i = 0; i < segmentCount; i += 2) {
      if (decoder != null) {
        decoder.move(base, kept, segments[i], segments[i + 1]);
      }
      kept += segments[i + 1] - segments[i];
    }
    if (decoder != null) {
      decoder.truncate(base + kept);
    }
    valueCount += kept;
  }

  /// Moves the levels of entries to be kept to the front and notes the runs of their values.
  ///
  /// @param endRow one after the page's last row, or -1 if no index tells
  private void select(int n, int to, int firstRow, int endRow) throws MalformedParquetException {
    boolean nested = leaf.maxRepetitionLevel() > 0;
    boolean nullable = leaf.maxDefinitionLevel() > 0;
    if (endRow >= 0 && nested && n > 0 && repetition[to] != 0) {
      throw new MalformedParquetException("the page does not start with a row");
    }
    int max = leaf.maxDefinitionLevel();
    // The row of the entries before the first one that starts a row.
    int row = firstRow - 1;
    int i = 0;
    int value = 0;
    int kept = 0;
    segmentCount = 0;
    for (int range = rows.firstEndingAfter(row); range < rows.rangeCount() && i < n; range++) {
      int start = rows.start(range);
      int end = rows.end(range);
      while (i < n) {
        if (!nested || repetition[to + i] == 0) {
          if (row + 1 >= start) {
            break;
          }
          row++;
        } else if (row >= start) {
          break;
        }
        value += !nullable || definition[to + i] == max ? 1 : 0;
        i++;
      }
      int from = value;
      while (i < n) {
        if (!nested || repetition[to + i] == 0) {
          if (row + 1 >= end) {
            break;
          }
          row++;
        }
        if (nested) {
          repetition[to + kept] = repetition[to + i];
        }
        if (nullable) {
          definition[to + kept] = definition[to + i];
          value += definition[to + i] == max ? 1 : 0;
        } else {
          value++;
        }
        kept++;
        i++;
      }
      addSegment(from, value);
    }
    nextRow = endRow >= 0 ? endRow : row + 1 + startsOfRows(to + i, to + n);
    entries += kept;
  }

  private int startsOfRows(int from, int to) {
    if (leaf.maxRepetitionLevel() == 0) {
      return to - from;
    }
    int starts = 0;
    for (int i = from; i < to; i++) {
      starts += repetition[i] == 0 ? 1 : 0;
    }
    return starts;
  }

  private void addSegment(int from, int to) {
    if (from == to) {
      return;
    }
    if (segmentCount + 2 > segments.length) {
      segments = Arrays.copyOf(segments, segments.length * 2);
    }
    segments[segmentCount++] = from;
    segments[segmentCount++] = to;
  }

  Levels levels() throws MalformedParquetException {
    boolean nested = leaf.maxRepetitionLevel() > 0;
    int found = entries;
    if (nested) {
      found = 0;
      for (int i = 0; i < entries; i++) {
        found += repetition[i] == 0 ? 1 : 0;
      }
      if (entries > 0 && repetition[0] != 0) {
        throw problem("the first entry continues a row");
      }
    }
    if (found != rows.rowCount()) {
      throw problem(found + " rows where " + rows.rowCount() + " are expected");
    }
    return new Levels(
        nested ? repetition : null,
        leaf.maxDefinitionLevel() > 0 ? definition : null,
        entries,
        found,
        valueCount,
        leaf.maxRepetitionLevel(),
        leaf.maxDefinitionLevel());
  }

  Values values() throws MalformedParquetException {
    if (decoder == null) {
      throw new IllegalStateException("values were not asked for");
    }
    if (sibling != null && (entries != sibling.count() || valueCount != sibling.valueCount())) {
      throw problem(
          entries
              + " entries and "
              + valueCount
              + " values, its sibling has "
              + sibling.count()
              + " and "
              + sibling.valueCount());
    }
    return decoder.result();
  }

  private MalformedParquetException problem(String what) {
    return new MalformedParquetException("column " + leaf.dottedPath() + ": " + what);
  }
}
