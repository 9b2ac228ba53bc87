package io.vivace.batch;

/// Finds which rows of a trace are equal: an open-addressing table from hash to group number,
/// emptied in constant time.
final class GroupTable {
  private int[] groups = new int[32];
  private int[] stamps = new int[32];
  private int stamp;
  private int mask;
  private int slot;

  /// Empties the table and makes room for `count` groups.
  void clear(int count) {
    int capacity = Integer.highestOneBit(Math.max(8, count * 2 - 1)) << 1;
    if (groups.length < capacity) {
      groups = new int[capacity];
      stamps = new int[capacity];
      stamp = 0;
    }
    mask = capacity - 1;
    stamp++;
  }

  /// The first group whose place `hash` leads to, or -1; then [#next] gives the others.
  int find(int hash) {
    slot = (hash * 0x9e3779b9 >>> 7) & mask;
    return at();
  }

  int next() {
    slot = slot + 1 & mask;
    return at();
  }

  /// Puts `group` into the free place that the last [#find] or [#next] ended at.
  void put(int group) {
    groups[slot] = group;
    stamps[slot] = stamp;
  }

  private int at() {
    return stamps[slot] == stamp ? groups[slot] : -1;
  }
}
