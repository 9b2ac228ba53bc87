package io.vivace.engine.metrics;

import java.util.Arrays;

/// Numbers for keys, without boxing. Confined to one thread.
final class LongIntMap {
  private static final int ABSENT = -1;

  private long[] keys = new long[64];
  private int[] values = new int[64];
  private int size;

  LongIntMap() {
    Arrays.fill(values, ABSENT);
  }

  int size() {
    return size;
  }

  /// The value of `key`, or -1.
  int get(long key) {
    return values[slot(keys, values, key)];
  }

  /// @param value not negative
  void put(long key, int value) {
    int slot = slot(keys, values, key);
    if (values[slot] == ABSENT && ++size > keys.length / 2) {
      grow();
      slot = slot(keys, values, key);
    }
    keys[slot] = key;
    values[slot] = value;
  }

  private void grow() {
    long[] newKeys = new long[2 * keys.length];
    int[] newValues = new int[newKeys.length];
    Arrays.fill(newValues, ABSENT);
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != ABSENT) {
        int slot = slot(newKeys, newValues, keys[i]);
        newKeys[slot] = keys[i];
        newValues[slot] = values[i];
      }
    }
    keys = newKeys;
    values = newValues;
  }

  private static int slot(long[] keys, int[] values, long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed ^ mixed >>> 32) & mask;
    while (values[slot] != ABSENT && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
