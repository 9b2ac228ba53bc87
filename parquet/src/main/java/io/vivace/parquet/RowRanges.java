package io.vivace.parquet;

import java.util.Arrays;

/// Rows of a row group: ascending, disjoint, non-empty half-open ranges. Immutable.
public final class RowRanges {
  private final int[] bounds;

  private RowRanges(int[] bounds) {
    this.bounds = bounds;
  }

  /// The rows from `from` to before `to`; none if they are equal.
  public static RowRanges of(int from, int to) {
    return from == to ? new RowRanges(new int[0]) : ofBounds(from, to);
  }

  /// @param bounds start and end of each range in turn, strictly ascending
  public static RowRanges ofBounds(int... bounds) {
    if ((bounds.length & 1) != 0) {
      throw new IllegalArgumentException("an even number of bounds is expected");
    }
    for (int i = 0; i < bounds.length; i++) {
      if (bounds[i] < 0 || (i > 0 && bounds[i] <= bounds[i - 1])) {
        throw new IllegalArgumentException("bounds are not ascending: " + Arrays.toString(bounds));
      }
    }
    return new RowRanges(bounds.clone());
  }

  /// How many ranges there are.
  public int rangeCount() {
    return bounds.length / 2;
  }

  public int start(int range) {
    return bounds[2 * range];
  }

  /// One after the last row.
  public int end(int range) {
    return bounds[2 * range + 1];
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /// How many rows there are in all.
  public int rowCount() {
    int rows = 0;
    for (int range = 0; range < rangeCount(); range++) {
      rows += end(range) - start(range);
    }
    return rows;
  }

  /// Whether any of the rows from `from` to before `to` is included.
  public boolean overlaps(int from, int to) {
    int range = firstEndingAfter(from);
    return range < rangeCount() && start(range) < to;
  }

  /// The first range that ends after row `row`, or [#rangeCount] if there is none.
  int firstEndingAfter(int row) {
    int low = 0;
    int high = rangeCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) > row) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Whether all of the rows from `from` to before `to` are included in one range.
  public boolean covers(int from, int to) {
    for (int range = 0; range < rangeCount() && start(range) <= from; range++) {
      if (to <= end(range)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return Arrays.toString(bounds);
  }
}
