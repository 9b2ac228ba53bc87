package io.vivace.parquet;

import java.util.Arrays;

/// Encodes byte strings without a dictionary.
final class BinaryEncoder extends ColumnEncoder {
  private final byte[] data;
  private final int[] offsets;
  private final boolean plain;
  private final DeltaEncoder encoder = new DeltaEncoder();
  private int[] lengths = {};

  BinaryEncoder(Values.Binary values, boolean plain) {
    this.data = values.data();
    this.offsets = values.offsets();
    this.plain = plain;
  }

  @Override
  int encoding() {
    return plain ? PageEncodings.PLAIN : PageEncodings.DELTA_LENGTH_BYTE_ARRAY;
  }

  @Override
  long sizeBytes(int from, int to) {
    return (long) offsets[to] - offsets[from] + 4L * (to - from);
  }

  @Override
  void encode(int from, int to, ByteBuilder out) {
    if (plain) {
      for (int i = from; i < to; i++) {
        int length = offsets[i + 1] - offsets[i];
        out.putInt(length);
        out.put(data, offsets[i], length);
      }
      return;
    }
    int n = to - from;
    if (lengths.length < n) {
      lengths = new int[n];
    }
    for (int i = 0; i < n; i++) {
      lengths[i] = offsets[from + i + 1] - offsets[from + i];
    }
    encoder.ints(lengths, 0, n, out);
    out.put(data, offsets[from], offsets[to] - offsets[from]);
  }

  @Override
  PageBounds bounds(int from, int to) {
    int min = from;
    int max = from;
    long minPrefix = prefix(from);
    long maxPrefix = minPrefix;
    for (int i = from + 1; i < to; i++) {
      long prefix = prefix(i);
      if (prefix <= minPrefix && (prefix < minPrefix || compare(i, min) < 0)) {
        min = i;
        minPrefix = prefix;
      }
      if (prefix >= maxPrefix && (prefix > maxPrefix || compare(i, max) > 0)) {
        max = i;
        maxPrefix = prefix;
      }
    }
    return new PageBounds(copy(min), copy(max));
  }

  /// The first 8 bytes as a number whose signed order is theirs; missing ones count as 0.
  private long prefix(int i) {
    int start = offsets[i];
    int length = offsets[i + 1] - start;
    if (start + 8 <= data.length) {
      long word = Long.reverseBytes(LittleEndian.getLong(data, start));
      long kept = length >= 8 ? word : length == 0 ? 0 : word & (-1L << (64 - 8 * length));
      return kept ^ Long.MIN_VALUE;
    }
    long word = 0;
    for (int k = 0; k < 8; k++) {
      word = word << 8 | (k < length ? data[start + k] & 0xff : 0);
    }
    return word ^ Long.MIN_VALUE;
  }

  private int compare(int a, int b) {
    return Arrays.compareUnsigned(
        data, offsets[a], offsets[a + 1], data, offsets[b], offsets[b + 1]);
  }

  private byte[] copy(int i) {
    return Arrays.copyOfRange(data, offsets[i], offsets[i + 1]);
  }
}
