package io.vivace.batch;

import java.util.Arrays;

/// A stable merge sort of row numbers by a comparison of the rows.
final class IndexSort {
  private static final int INSERTION = 12;

  private IndexSort() {}

  /// Compares two rows.
  @FunctionalInterface
  interface Order {
    int compare(int rowA, int rowB);
  }

  static void sort(int[] rows, int from, int to, Order order) {
    if (isSorted(rows, from, to, order)) {
      return;
    }
    int[] copy = Arrays.copyOfRange(rows, from, to);
    sort(copy, 0, rows, from, to - from, order);
  }

  private static boolean isSorted(int[] rows, int from, int to, Order order) {
    for (int i = from + 1; i < to; i++) {
      if (order.compare(rows[i - 1], rows[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  /// Sorts `count` rows into `target`; `source` holds the same rows and is used up.
  private static void sort(
      int[] source, int sourceFrom, int[] target, int targetFrom, int count, Order order) {
    if (count <= INSERTION) {
      insertion(target, targetFrom, targetFrom + count, order);
      return;
    }
    int half = count >>> 1;
    sort(target, targetFrom, source, sourceFrom, half, order);
    sort(target, targetFrom + half, source, sourceFrom + half, count - half, order);
    int left = sourceFrom;
    int right = sourceFrom + half;
    int leftEnd = right;
    int rightEnd = sourceFrom + count;
    for (int i = targetFrom; i < targetFrom + count; i++) {
      boolean takeLeft =
          right == rightEnd || left < leftEnd && order.compare(source[left], source[right]) <= 0;
      target[i] = takeLeft ? source[left++] : source[right++];
    }
  }

  private static void insertion(int[] rows, int from, int to, Order order) {
    for (int i = from + 1; i < to; i++) {
      int row = rows[i];
      int at = i;
      while (at > from && order.compare(rows[at - 1], row) > 0) {
        rows[at] = rows[at - 1];
        at--;
      }
      rows[at] = row;
    }
  }
}
