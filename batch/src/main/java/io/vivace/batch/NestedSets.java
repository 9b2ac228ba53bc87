package io.vivace.batch;

import java.util.Arrays;

/// Numbers the spans of one trace so that ancestry is containment of intervals, and counts
/// children. Reused from trace to trace.
final class NestedSets {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;

  // Inputs, one entry for each span of the trace in row order.
  long[] keys = new long[64];
  long[] parentKeys = new long[64];
  boolean[] roots = new boolean[64];
  int[] kinds = new int[64];

  // Open addressing from key to the first two spans that have it; -1 is free.
  private int[] first = new int[128];
  private int[] second = new int[64];

  private int[] parent = new int[64];
  private int[] firstChild = new int[64];
  private int[] nextSibling = new int[64];

  void ensure(int count) {
    if (keys.length < count) {
      int length = Math.max(count, keys.length * 2);
      keys = new long[length];
      parentKeys = new long[length];
      roots = new boolean[length];
      kinds = new int[length];
      second = new int[length];
      parent = new int[length];
      firstChild = new int[length];
      nextSibling = new int[length];
    }
  }

  /// Fills entries `[at, at + count)` of the outputs, which are zero before.
  void assign(int count, int[] left, int[] right, int[] parentLeft, int[] children, int at) {
    boolean rooted = false;
    for (int i = 0; i < count && !rooted; i++) {
      rooted = roots[i];
    }
    if (!rooted || !index(count)) {
      return;
    }
    link(count, children, at);
    number(count, left, right, parentLeft, at);
  }

  /// False if three spans share a key.
  private boolean index(int count) {
    int capacity = Integer.highestOneBit(Math.max(8, count * 2 - 1)) << 1;
    if (first.length < capacity) {
      first = new int[capacity];
    }
    Arrays.fill(first, 0, capacity, -1);
    int mask = capacity - 1;
    for (int i = 0; i < count; i++) {
      int slot = slot(keys[i], mask);
      int other = first[slot];
      second[i] = -1;
      if (other < 0) {
        first[slot] = i;
      } else if (second[other] < 0) {
        second[other] = i;
      } else {
        return false;
      }
    }
    return true;
  }

  private int slot(long key, int mask) {
    long hash = key * 0x9e3779b97f4a7c15L;
    int slot = (int) (hash >>> 32) & mask;
    while (first[slot] >= 0 && keys[first[slot]] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void link(int count, int[] children, int at) {
    int capacity = Integer.highestOneBit(Math.max(8, count * 2 - 1)) << 1;
    int mask = capacity - 1;
    Arrays.fill(firstChild, 0, count, -1);
    for (int i = count - 1; i >= 0; i--) {
      int found = roots[i] ? -1 : parentOf(i, mask);
      parent[i] = found;
      if (found >= 0) {
        nextSibling[i] = firstChild[found];
        firstChild[found] = i;
        children[at + found]++;
      }
    }
  }

  private int parentOf(int span, int mask) {
    int one = first[slot(parentKeys[span], mask)];
    if (one < 0) {
      return -1;
    }
    int two = second[one];
    if (two < 0) {
      return one;
    }
    int wanted = kinds[span] == SERVER ? CLIENT : SERVER;
    if (kinds[one] == wanted) {
      return one;
    }
    return kinds[two] == wanted ? two : -1;
  }

  private void number(int count, int[] left, int[] right, int[] parentLeft, int at) {
    int counter = 1;
    for (int root = 0; root < count; root++) {
      if (!roots[root]) {
        continue;
      }
      parentLeft[at + root] = -1;
      left[at + root] = counter++;
      int span = root;
      while (span >= 0) {
        int next = firstChild[span];
        if (next >= 0) {
          firstChild[span] = nextSibling[next];
          parentLeft[at + next] = left[at + span];
          left[at + next] = counter++;
          span = next;
        } else {
          right[at + span] = counter++;
          span = parent[span];
        }
      }
    }
  }
}
