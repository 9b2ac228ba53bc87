package io.vivace.parquet;

/// Packs numbers of equal width, lowest bit first.
final class BitPacker {
  private BitPacker() {}

  /// Packs levels in groups of 8, the last one filled up with 0.
  static void bytes(byte[] values, int from, int to, int width, ByteBuilder out) {
    int groups = (to - from + 7) >>> 3;
    out.reserve(groups * width + 8);
    int position = out.size;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      long x = LittleEndian.getLong(values, i);
      // Eight fields, one in each byte, move together three times.
      x = (x & 0x00ff00ff00ff00ffL) | ((x & 0xff00ff00ff00ff00L) >>> (8 - width));
      x = (x & 0x0000ffff0000ffffL) | ((x & 0xffff0000ffff0000L) >>> (16 - 2 * width));
      x = (x & 0x00000000ffffffffL) | ((x & 0xffffffff00000000L) >>> (32 - 4 * width));
      LittleEndian.putLong(out.bytes, position, x);
      position += width;
    }
    if (i < to) {
      long x = 0;
      for (int k = 0; i + k < to; k++) {
        x |= (long) values[i + k] << (k * width);
      }
      LittleEndian.putLong(out.bytes, position, x);
      position += width;
    }
    out.size = position;
  }

  /// Packs ids in groups of 8, the last one filled up with 0.
  ///
  /// @param width 1 to 32
  static void ints(int[] values, int from, int to, int width, ByteBuilder out) {
    int groups = (to - from + 7) >>> 3;
    int bytes = groups * width;
    out.reserve(bytes + 8);
    int position = out.size;
    long word = 0;
    int bits = 0;
    for (int i = from; i < to; i++) {
      long value = Integer.toUnsignedLong(values[i]);
      word |= value << bits;
      bits += width;
      if (bits >= 64) {
        LittleEndian.putLong(out.bytes, position, word);
        position += 8;
        bits -= 64;
        // What did not fit; nothing if the value ended with the word.
        word = bits == 0 ? 0 : value >>> (width - bits);
      }
    }
    out.size += bytes;
    finish(out, position, word);
  }

  /// @param width 1 to 64
  static void longs(long[] values, int count, int width, ByteBuilder out) {
    int bytes = (count * width + 7) >>> 3;
    out.reserve(bytes + 8);
    int position = out.size;
    long word = 0;
    int bits = 0;
    for (int i = 0; i < count; i++) {
      long value = values[i];
      word |= value << bits;
      bits += width;
      if (bits >= 64) {
        LittleEndian.putLong(out.bytes, position, word);
        position += 8;
        bits -= 64;
        word = bits == 0 ? 0 : value >>> (width - bits);
      }
    }
    out.size += bytes;
    finish(out, position, word);
  }

  /// Writes the last word, which may be cut off by the end, and 0 up to the end.
  private static void finish(ByteBuilder out, int from, long last) {
    int position = from;
    long word = last;
    while (position < out.size) {
      LittleEndian.putLong(out.bytes, position, word);
      position += 8;
      word = 0;
    }
  }
}
