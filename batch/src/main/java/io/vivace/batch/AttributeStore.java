package io.vivace.batch;

/// The attributes of all rows of one level while they are collected; the layout is that of
/// [AttributeList].
final class AttributeStore {
  private static final byte STRING = AttributeType.STRING.code();
  private static final byte STRING_ARRAY = AttributeType.STRING_ARRAY.code();
  private static final byte UNSUPPORTED = AttributeType.UNSUPPORTED.code();

  final IntArray offsets = new IntArray();
  final IntArray keys = new IntArray();
  final ByteArray types = new ByteArray();
  final IntArray starts = new IntArray();
  final LongArray values = new LongArray();

  AttributeStore() {
    offsets.add(0);
    starts.add(0);
  }

  /// True if values of `type` are ids of strings.
  static boolean holdsStrings(byte type) {
    return type == STRING || type == STRING_ARRAY || type == UNSUPPORTED;
  }

  /// Appends an entry whose elements have been appended to [#values] already.
  void endEntry(int key, AttributeType type) {
    keys.add(key);
    types.add(type.code());
    starts.add(values.size);
  }

  void add(int key, AttributeType type, long value) {
    values.add(value);
    endEntry(key, type);
  }

  void endRow() {
    offsets.add(keys.size);
  }

  int rows() {
    return offsets.size - 1;
  }

  /// Keeps the first `rows` rows, whole, and nothing of a row that was begun.
  void truncate(int rows) {
    offsets.size = rows + 1;
    int entries = offsets.a[rows];
    keys.size = entries;
    types.size = entries;
    starts.size = entries + 1;
    values.size = starts.a[entries];
  }

  int hash(int row) {
    int hash = 1;
    int to = offsets.a[row + 1];
    for (int e = offsets.a[row]; e < to; e++) {
      hash = (hash * 31 + keys.a[e]) * 31 + types.a[e];
      for (int v = starts.a[e]; v < starts.a[e + 1]; v++) {
        long value = values.a[v] * 0x9e3779b97f4a7c15L;
        hash = hash * 31 + (int) (value ^ value >>> 32);
      }
    }
    return hash;
  }

  boolean equal(int rowA, int rowB) {
    int a = offsets.a[rowA];
    int b = offsets.a[rowB];
    int count = offsets.a[rowA + 1] - a;
    if (count != offsets.a[rowB + 1] - b) {
      return false;
    }
    for (int i = 0; i < count; i++, a++, b++) {
      if (keys.a[a] != keys.a[b] || types.a[a] != types.a[b] || !equalValues(a, b)) {
        return false;
      }
    }
    return true;
  }

  private boolean equalValues(int a, int b) {
    int from = starts.a[a];
    int other = starts.a[b];
    int count = starts.a[a + 1] - from;
    if (count != starts.a[b + 1] - other) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (values.a[from + i] != values.a[other + i]) {
        return false;
      }
    }
    return true;
  }

  /// Sorts the entries of the last row, which has not been ended, by key bytes, keeping the order
  /// of equal keys.
  void sortOpenRow(InternPool strings) {
    int from = offsets.last();
    int to = keys.size;
    boolean sorted = true;
    for (int e = from + 1; e < to && sorted; e++) {
      sorted = strings.compare(keys.a[e - 1], keys.a[e]) <= 0;
    }
    if (sorted) {
      return;
    }
    int count = to - from;
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = from + i;
    }
    IndexSort.sort(order, 0, count, (a, b) -> strings.compare(keys.a[a], keys.a[b]));
    reorder(order, from, to);
  }

  private void reorder(int[] order, int from, int to) {
    int[] oldKeys = java.util.Arrays.copyOfRange(keys.a, from, to);
    byte[] oldTypes = java.util.Arrays.copyOfRange(types.a, from, to);
    int firstValue = starts.a[from];
    int[] oldStarts = java.util.Arrays.copyOfRange(starts.a, from, to + 1);
    long[] oldValues = java.util.Arrays.copyOfRange(values.a, firstValue, values.size);
    int at = firstValue;
    for (int i = 0; i < order.length; i++) {
      int old = order[i] - from;
      keys.a[from + i] = oldKeys[old];
      types.a[from + i] = oldTypes[old];
      for (int v = oldStarts[old]; v < oldStarts[old + 1]; v++) {
        values.a[at++] = oldValues[v - firstValue];
      }
      starts.a[from + i + 1] = at;
    }
  }

  /// Appends rows `[from, to)` of `source`, string ids going through `ids`.
  void addAll(AttributeList source, int from, int to, IdMap ids) {
    int firstEntry = source.offsets()[from];
    int lastEntry = source.offsets()[to];
    int entryShift = keys.size - firstEntry;
    offsets.ensure(to - from);
    for (int r = from; r < to; r++) {
      offsets.a[offsets.size++] = source.offsets()[r + 1] + entryShift;
    }
    types.addAll(source.types(), firstEntry, lastEntry);
    keys.ensure(lastEntry - firstEntry);
    starts.ensure(lastEntry - firstEntry);
    int valueShift = values.size - source.starts()[firstEntry];
    values.addAll(source.values(), source.starts()[firstEntry], source.starts()[lastEntry]);
    for (int e = firstEntry; e < lastEntry; e++) {
      keys.a[keys.size++] = ids.map(source.keys()[e]);
      int end = source.starts()[e + 1] + valueShift;
      if (holdsStrings(source.types()[e])) {
        for (int v = starts.last(); v < end; v++) {
          values.a[v] = ids.map((int) values.a[v]);
        }
      }
      starts.a[starts.size++] = end;
    }
  }

  /// The rows `order[0 … count)`.
  AttributeList gather(int[] order, int count) {
    int entries = 0;
    int elements = 0;
    for (int i = 0; i < count; i++) {
      int from = offsets.a[order[i]];
      int to = offsets.a[order[i] + 1];
      entries += to - from;
      elements += starts.a[to] - starts.a[from];
    }
    int[] outOffsets = new int[count + 1];
    int[] outKeys = new int[entries];
    byte[] outTypes = new byte[entries];
    int[] outStarts = new int[entries + 1];
    long[] outValues = new long[elements];
    int entry = 0;
    int element = 0;
    int i = 0;
    while (i < count) {
      // Rows that follow one another here and there are copied in one go.
      int run = i + 1;
      while (run < count && order[run] == order[run - 1] + 1) {
        run++;
      }
      int from = offsets.a[order[i]];
      int to = offsets.a[order[run - 1] + 1];
      System.arraycopy(keys.a, from, outKeys, entry, to - from);
      System.arraycopy(types.a, from, outTypes, entry, to - from);
      int firstValue = starts.a[from];
      int valueCount = starts.a[to] - firstValue;
      System.arraycopy(values.a, firstValue, outValues, element, valueCount);
      int startShift = element - firstValue;
      for (int e = from; e < to; e++) {
        outStarts[entry + e - from + 1] = starts.a[e + 1] + startShift;
      }
      int entryShift = entry - from;
      for (int r = i; r < run; r++) {
        outOffsets[r + 1] = offsets.a[order[r] + 1] + entryShift;
      }
      entry += to - from;
      element += valueCount;
      i = run;
    }
    return new AttributeList(outOffsets, outKeys, outTypes, outStarts, outValues);
  }

  long sizeBytes() {
    return 4L * offsets.a.length
        + 4L * keys.a.length
        + types.a.length
        + 4L * starts.a.length
        + 8L * values.a.length;
  }
}
