package io.vivace.engine.tags;

import java.util.Arrays;

/// Distinct numbers without boxing, by open addressing. Confined to one thread.
final class LongSet {
  private long[] slots = new long[64];
  private int size;
  private boolean hasZero;

  /// False if it was there already.
  boolean add(long number) {
    if (number == 0) {
      boolean isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    int at = slot(slots, number);
    if (slots[at] == number) {
      return false;
    }
    slots[at] = number;
    size++;
    if (2 * size > slots.length) {
      grow();
    }
    return true;
  }

  /// Where the number is or belongs.
  private static int slot(long[] slots, long number) {
    long hash = number * 0x9e3779b97f4a7c15L;
    int mask = slots.length - 1;
    int at = (int) (hash >>> 32) & mask;
    while (slots[at] != 0 && slots[at] != number) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    Arrays.stream(old).filter(number -> number != 0).forEach(n -> slots[slot(slots, n)] = n);
  }
}
