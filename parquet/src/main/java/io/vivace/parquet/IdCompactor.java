package io.vivace.parquet;

import java.util.Arrays;

/// Brings byte strings into the form that a dictionary column is written from: ids from 0 in order
/// of first use, and only the entries that are used. Reuses its working space from column to
/// column.
final class IdCompactor {
  private static final long HASH_STEP = 0x9e3779b97f4a7c15L;

  /// New id plus 1 for each old one; all 0 between calls.
  private int[] renamed = {};

  /// @param ids one for each value
  record Compacted(int[] ids, PackedDictionary dictionary) {}

  Compacted compact(Values.Ids values) {
    BinaryDictionary words = values.dictionary();
    if (renamed.length < words.size()) {
      renamed = new int[Math.max(words.size(), renamed.length * 2)];
    }
    int count = values.count();
    int[] source = values.ids();
    int[] ids = new int[count];
    int[] used = new int[64];
    int size = 0;
    for (int i = 0; i < count; i++) {
      int old = source[i];
      int id = renamed[old];
      if (id == 0) {
        if (size == used.length) {
          used = Arrays.copyOf(used, size * 2);
        }
        used[size++] = old;
        id = size;
        renamed[old] = id;
      }
      ids[i] = id - 1;
    }
    for (int id = 0; id < size; id++) {
      renamed[used[id]] = 0;
    }
    return new Compacted(ids, pack(words, used, size));
  }

  private static PackedDictionary pack(BinaryDictionary words, int[] used, int size) {
    int[] offsets = new int[size + 1];
    for (int id = 0; id < size; id++) {
      offsets[id + 1] = Math.addExact(offsets[id], words.lengthBytes(used[id]));
    }
    byte[] data = new byte[offsets[size]];
    for (int id = 0; id < size; id++) {
      words.copy(used[id], data, offsets[id]);
    }
    return new PackedDictionary(data, offsets, size);
  }

  /// The bytes of every value.
  static Values.Binary expand(Values.Ids values) {
    BinaryDictionary words = values.dictionary();
    int count = values.count();
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = Math.addExact(offsets[i], words.lengthBytes(values.ids()[i]));
    }
    byte[] data = new byte[offsets[count]];
    for (int i = 0; i < count; i++) {
      words.copy(values.ids()[i], data, offsets[i]);
    }
    return new Values.Binary(data, offsets, count);
  }

  /// Finds equal byte strings.
  static Compacted intern(Values.Binary values) {
    int count = values.count();
    byte[] data = values.data();
    int[] offsets = values.offsets();
    int[] ids = new int[count];
    int[] first = new int[64];
    int[] table = new int[256];
    int size = 0;
    for (int i = 0; i < count; i++) {
      int start = offsets[i];
      int end = offsets[i + 1];
      int slot = hash(data, start, end) & (table.length - 1);
      int id = table[slot];
      while (id != 0
          && !Arrays.equals(
              data, offsets[first[id - 1]], offsets[first[id - 1] + 1], data, start, end)) {
        slot = (slot + 1) & (table.length - 1);
        id = table[slot];
      }
      if (id == 0) {
        if (size == first.length) {
          first = Arrays.copyOf(first, size * 2);
        }
        first[size++] = i;
        id = size;
        table[slot] = id;
        if (size * 2 > table.length) {
          table = rehash(values, first, size, table.length * 2);
        }
      }
      ids[i] = id - 1;
    }
    BinaryDictionary words =
        new BinaryDictionary() {
          @Override
          public int size() {
            return count;
          }

          @Override
          public int lengthBytes(int id) {
            return offsets[id + 1] - offsets[id];
          }

          @Override
          public void copy(int id, byte[] target, int offset) {
            System.arraycopy(data, offsets[id], target, offset, lengthBytes(id));
          }
        };
    return new Compacted(ids, pack(words, first, size));
  }

  private static int[] rehash(Values.Binary values, int[] first, int size, int capacity) {
    int[] table = new int[capacity];
    for (int id = 1; id <= size; id++) {
      int i = first[id - 1];
      int slot = hash(values.data(), values.offsets()[i], values.offsets()[i + 1]) & (capacity - 1);
      while (table[slot] != 0) {
        slot = (slot + 1) & (capacity - 1);
      }
      table[slot] = id;
    }
    return table;
  }

  private static int hash(byte[] data, int start, int end) {
    long hash = end - start;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      hash = (hash ^ LittleEndian.getLong(data, i)) * HASH_STEP;
      hash ^= hash >>> 32;
    }
    for (; i < end; i++) {
      hash = (hash ^ (data[i] & 0xff)) * HASH_STEP;
    }
    hash ^= hash >>> 29;
    return (int) (hash ^ (hash >>> 32));
  }
}
