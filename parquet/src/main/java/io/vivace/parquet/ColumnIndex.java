package io.vivace.parquet;

import org.jspecify.annotations.Nullable;

/// Bounds of the data pages of a column chunk, in the order of its [OffsetIndex].
public final class ColumnIndex {
  private final boolean[] nullPages;
  private final byte[][] mins;
  private final byte[][] maxes;
  private final long @Nullable [] nullCounts;

  ColumnIndex(boolean[] nullPages, byte[][] mins, byte[][] maxes, long @Nullable [] nullCounts) {
    this.nullPages = nullPages;
    this.mins = mins;
    this.maxes = maxes;
    this.nullCounts = nullCounts;
  }

  public int pageCount() {
    return nullPages.length;
  }

  /// The bounds of `page`.
  public Bounds bounds(int page) {
    long nulls = nullCounts == null ? -1 : nullCounts[page];
    return nullPages[page]
        ? new Bounds(null, null, nulls, true)
        : new Bounds(mins[page], maxes[page], nulls, false);
  }
}
