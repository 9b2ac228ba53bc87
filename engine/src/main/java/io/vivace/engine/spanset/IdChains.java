package io.vivace.engine.spanset;

import java.util.Arrays;

/// Finds the positions at which an id occurs, in ascending order.
final class IdChains {
  private static final int NONE = -1;

  private final long[] ids;
  private final int[] heads;
  private final int[] next;

  IdChains(long[] ids) {
    this.ids = ids;
    this.heads = new int[Integer.highestOneBit(Math.max(4, ids.length)) << 1];
    this.next = new int[ids.length];
    Arrays.fill(heads, NONE);
    for (int i = ids.length - 1; i >= 0; i--) {
      int slot = slot(ids[i]);
      next[i] = heads[slot];
      heads[slot] = i;
    }
  }

  private int slot(long id) {
    long mixed = id * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & heads.length - 1;
  }

  /// The first position of `id`, or -1.
  int first(long id) {
    return same(heads[slot(id)], id);
  }

  /// The next position with the id of `position`, or -1.
  int next(int position) {
    return same(next[position], ids[position]);
  }

  private int same(int position, long id) {
    int at = position;
    while (at != NONE && ids[at] != id) {
      at = next[at];
    }
    return at;
  }
}
