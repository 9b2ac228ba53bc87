package io.vivace.parquet;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Fetches pages of a column chunk and steps through them: all that lie between two positions, or
/// those that an offset index selects, neighbours with one read.
final class PageSource {
  private final RandomAccessInput input;
  private final ReadOptions options;

  private byte[] buffer = new byte[0];
  private long bufferAt;
  private int bufferEnd;
  private int position;

  private final @Nullable OffsetIndex index;
  private final int[] selected;
  private int nextSelected;
  private int fetchedSelected;

  private @Nullable PageHeader header;
  private int bodyAt;
  private long pageOffset;
  private int page = -1;

  private PageSource(
      RandomAccessInput input, ReadOptions options, @Nullable OffsetIndex index, int[] selected) {
    this.input = input;
    this.options = options;
    this.index = index;
    this.selected = selected;
  }

  /// All pages from `offset` on.
  static PageSource all(RandomAccessInput input, ReadOptions options, long offset, long length)
      throws IOException {
    PageSource source = new PageSource(input, options, null, new int[0]);
    source.fetch(offset, length);
    return source;
  }

  /// The pages that hold any of `rows`.
  static PageSource selected(
      RandomAccessInput input, ReadOptions options, OffsetIndex index, RowRanges rows) {
    int[] selected = new int[index.pageCount()];
    int n = 0;
    for (int page = 0; page < index.pageCount(); page++) {
      if (rows.overlaps(index.firstRows()[page], index.endRow(page))) {
        selected[n++] = page;
      }
    }
    return new PageSource(input, options, index, java.util.Arrays.copyOf(selected, n));
  }

  /// Moves to the next page.
  ///
  /// @return false if there is none
  boolean next() throws IOException {
    if (index != null && !seek(index)) {
      return false;
    }
    if (position >= bufferEnd) {
      return false;
    }
    pageOffset = bufferAt + position;
    PageHeader next = PageHeader.read(buffer, position, bufferEnd);
    bodyAt = position + next.headerBytes();
    if (next.compressedBytes() > bufferEnd - bodyAt) {
      throw new MalformedParquetException(
          "a page of "
              + next.compressedBytes()
              + " bytes at offset "
              + pageOffset
              + " where "
              + (bufferEnd - bodyAt)
              + " are left");
    }
    if (next.entryCount() > options.maxEntries()) {
      throw new MalformedParquetException(
          "a page of " + next.entryCount() + " entries, the limit is " + options.maxEntries());
    }
    position = bodyAt + next.compressedBytes();
    header = next;
    return true;
  }

  private boolean seek(OffsetIndex pages) throws IOException {
    if (nextSelected >= selected.length) {
      return false;
    }
    if (nextSelected >= fetchedSelected) {
      fetchNeighbours(pages);
    }
    page = selected[nextSelected++];
    position = (int) (pages.offsets()[page] - bufferAt);
    return true;
  }

  private void fetchNeighbours(OffsetIndex pages) throws IOException {
    int last = nextSelected;
    long start = pages.offsets()[selected[last]];
    long end = start + pages.sizesBytes()[selected[last]];
    while (last + 1 < selected.length
        && pages.offsets()[selected[last + 1]] - end <= options.maxGapBytes()) {
      last++;
      end = pages.offsets()[selected[last]] + pages.sizesBytes()[selected[last]];
    }
    fetch(start, end - start);
    fetchedSelected = last + 1;
  }

  private void fetch(long offset, long length) throws IOException {
    if (length > Integer.MAX_VALUE - 64) {
      throw new MalformedParquetException("a column chunk of " + length + " bytes is too large");
    }
    int bytes = (int) length;
    if (buffer.length < bytes + BitUnpacker.PADDING_BYTES) {
      buffer = new byte[bytes + BitUnpacker.PADDING_BYTES];
    }
    input.read(offset, buffer, 0, bytes);
    bufferAt = offset;
    bufferEnd = bytes;
    position = 0;
  }

  PageHeader header() {
    if (header == null) {
      throw new IllegalStateException("next() comes first");
    }
    return header;
  }

  byte[] bytes() {
    return buffer;
  }

  int bodyAt() {
    return bodyAt;
  }

  /// Of the page's header in the file.
  long pageOffset() {
    return pageOffset;
  }

  /// The number of the page in the offset index, or -1 without one.
  int page() {
    return page;
  }
}
