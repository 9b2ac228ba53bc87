package io.vivace.parquet;

/// Unpacks numbers of equal width, lowest bit first. Loads 8 bytes at a time and may look up to
/// [#PADDING_BYTES] beyond the packed bytes, which must lie in the array.
final class BitUnpacker {
  /// Bytes that must follow the packed ones in the array.
  static final int PADDING_BYTES = 16;

  private BitUnpacker() {}

  /// @param width 1 to 8
  static void bytes(byte[] source, int at, int width, byte[] target, int from, int count) {
    long field = (1L << width) - 1;
    // Eight fields of `width` bits are spread to eight bytes by moving halves apart three times.
    long low4 = (1L << (4 * width)) - 1;
    long low2 = (1L << (2 * width)) - 1;
    low2 |= low2 << 32;
    long low1 = field | field << 16 | field << 32 | field << 48;
    int shift4 = 32 - 4 * width;
    int shift2 = 16 - 2 * width;
    int shift1 = 8 - width;
    int full = count & ~7;
    int position = at;
    for (int i = 0; i < full; i += 8) {
      long x = LittleEndian.getLong(source, position);
      position += width;
      x = (x & low4) | ((x & (low4 << (4 * width))) << shift4);
      x = (x & low2) | ((x & (low2 << (2 * width))) << shift2);
      x = (x & low1) | ((x & (low1 << width)) << shift1);
      LittleEndian.putLong(target, from + i, x);
    }
    long rest = LittleEndian.getLong(source, position);
    for (int i = full; i < count; i++) {
      target[from + i] = (byte) (rest & field);
      rest >>>= width;
    }
  }

  /// @param width 1 to 32
  static void ints(byte[] source, int at, int width, int[] target, int from, int count) {
    int full = count & ~7;
    int position = at;
    if (width <= 8) {
      for (int i = 0; i < full; i += 8) {
        eight(LittleEndian.getLong(source, position), width, target, from + i);
        position += width;
      }
    } else if (width <= 16) {
      int half = width >>> 1;
      int odd = (width & 1) << 2;
      for (int i = 0; i < full; i += 8) {
        four(LittleEndian.getLong(source, position), width, target, from + i);
        four(LittleEndian.getLong(source, position + half) >>> odd, width, target, from + i + 4);
        position += width;
      }
    } else {
      full = 0;
    }
    long mask = (1L << width) - 1;
    for (int i = full; i < count; i++) {
      long bit = (long) i * width;
      long word = LittleEndian.getLong(source, at + (int) (bit >>> 3));
      target[from + i] = (int) ((word >>> (bit & 7)) & mask);
    }
  }

  private static void eight(long word, int width, int[] target, int to) {
    int mask = (1 << width) - 1;
    target[to] = (int) word & mask;
    target[to + 1] = (int) (word >>> width) & mask;
    target[to + 2] = (int) (word >>> (2 * width)) & mask;
    target[to + 3] = (int) (word >>> (3 * width)) & mask;
    target[to + 4] = (int) (word >>> (4 * width)) & mask;
    target[to + 5] = (int) (word >>> (5 * width)) & mask;
    target[to + 6] = (int) (word >>> (6 * width)) & mask;
    target[to + 7] = (int) (word >>> (7 * width)) & mask;
  }

  private static void four(long word, int width, int[] target, int to) {
    int mask = (1 << width) - 1;
    target[to] = (int) word & mask;
    target[to + 1] = (int) (word >>> width) & mask;
    target[to + 2] = (int) (word >>> (2 * width)) & mask;
    target[to + 3] = (int) (word >>> (3 * width)) & mask;
  }

  /// @param width 1 to 64
  static void longs(byte[] source, int at, int width, long[] target, int from, int count) {
    long mask = -1L >>> (64 - width);
    if (width <= 57) {
      for (int i = 0; i < count; i++) {
        long bit = (long) i * width;
        long word = LittleEndian.getLong(source, at + (int) (bit >>> 3));
        target[from + i] = (word >>> (bit & 7)) & mask;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long bit = (long) i * width;
      int position = at + (int) (bit >>> 3);
      int shift = (int) (bit & 7);
      long low = LittleEndian.getLong(source, position) >>> shift;
      long high = (LittleEndian.getLong(source, position + 8) << 1) << (63 - shift);
      target[from + i] = (low | high) & mask;
    }
  }
}
