package io.vivace.batch;

/// Byte strings one after another: string `i` is `data[offsets[i] … offsets[i + 1])`.
final class ByteStrings {
  final ByteArray data = new ByteArray();
  final IntArray offsets = new IntArray();

  ByteStrings() {
    offsets.add(0);
  }

  void add(byte[] source, int from, int to) {
    data.addAll(source, from, to);
    offsets.add(data.size);
  }

  /// Appends rows `[from, to)` of `source`.
  void addAll(BytesColumn source, int from, int to) {
    int[] theirs = source.offsets();
    int shift = data.size - theirs[from];
    data.addAll(source.data(), theirs[from], theirs[to]);
    offsets.ensure(to - from);
    for (int i = from; i < to; i++) {
      offsets.a[offsets.size++] = theirs[i + 1] + shift;
    }
  }

  int start(int row) {
    return offsets.a[row];
  }

  int length(int row) {
    return offsets.a[row + 1] - offsets.a[row];
  }

  /// The first 8 bytes of `row` as a big-endian number, padded with zeros on the right.
  long key(int row) {
    return key(data.a, offsets.a[row], length(row));
  }

  static long key(byte[] bytes, int offset, int length) {
    long key = 0;
    int count = Math.min(8, length);
    for (int i = 0; i < count; i++) {
      key = key << 8 | bytes[offset + i] & 0xff;
    }
    return count == 0 ? 0 : key << (8 - count) * 8;
  }

  int compare(int rowA, int rowB) {
    return java.util.Arrays.compareUnsigned(
        data.a, start(rowA), offsets.a[rowA + 1], data.a, start(rowB), offsets.a[rowB + 1]);
  }

  boolean equal(int rowA, int rowB) {
    return java.util.Arrays.equals(
        data.a, start(rowA), offsets.a[rowA + 1], data.a, start(rowB), offsets.a[rowB + 1]);
  }

  /// Keeps the first `rows` strings.
  void truncate(int rows) {
    offsets.size = rows + 1;
    data.size = offsets.a[rows];
  }

  /// The rows `order[0 … count)`.
  BytesColumn gather(int[] order, int count) {
    int[] outOffsets = new int[count + 1];
    int total = 0;
    for (int i = 0; i < count; i++) {
      total += length(order[i]);
      outOffsets[i + 1] = total;
    }
    byte[] out = new byte[total];
    byte[] in = data.a;
    for (int i = 0; i < count; i++) {
      int from = start(order[i]);
      int to = outOffsets[i];
      int length = outOffsets[i + 1] - to;
      if (length == 8) {
        InternPool.LONG.set(out, to, (long) InternPool.LONG.get(in, from));
      } else {
        System.arraycopy(in, from, out, to, length);
      }
    }
    return new BytesColumn(out, outOffsets);
  }
}
