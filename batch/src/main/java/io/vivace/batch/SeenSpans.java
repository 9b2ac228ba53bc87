package io.vivace.batch;

import java.util.Arrays;

/// Span ids with their kinds, and the number under which each was first added. An open hash table
/// over primitives. Confined to one thread.
final class SeenSpans {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private long[] keys = new long[64];
  private long[] kinds = new long[64];

  /// 0 is a free place.
  private int[] numbers = new int[64];

  private int size;

  /// Adds a span unless it is there.
  ///
  /// @param number positive
  /// @return the number under which it is now known
  int add(long id, int idLength, int kind, int number) {
    if (2 * size >= numbers.length) {
      grow();
    }
    int at = place(id, kind(idLength, kind));
    if (numbers[at] == 0) {
      keys[at] = id;
      kinds[at] = kind(idLength, kind);
      numbers[at] = number;
      size++;
    }
    return numbers[at];
  }

  boolean contains(long id, int idLength, int kind) {
    return numbers[place(id, kind(idLength, kind))] != 0;
  }

  /// The ids of all, in no order, some repeatedly.
  long[] ids() {
    long[] ids = new long[size];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != 0) {
        ids[count++] = keys[i];
      }
    }
    return Arrays.copyOf(ids, count);
  }

  private static long kind(int idLength, int kind) {
    return (long) idLength << 32 | kind & 0xffff_ffffL;
  }

  private int place(long id, long kind) {
    int mask = numbers.length - 1;
    long hash = (id * MIX + kind) * MIX;
    int at = (int) (hash >>> 32) & mask;
    while (numbers[at] != 0 && (keys[at] != id || kinds[at] != kind)) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldKinds = kinds;
    int[] oldNumbers = numbers;
    keys = new long[2 * oldKeys.length];
    kinds = new long[keys.length];
    numbers = new int[keys.length];
    for (int i = 0; i < oldNumbers.length; i++) {
      if (oldNumbers[i] != 0) {
        int at = place(oldKeys[i], oldKinds[i]);
        keys[at] = oldKeys[i];
        kinds[at] = oldKinds[i];
        numbers[at] = oldNumbers[i];
      }
    }
  }
}
