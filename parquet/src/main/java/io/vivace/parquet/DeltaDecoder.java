package io.vivace.parquet;

/// Decodes DELTA_BINARY_PACKED. Sources must be followed by [BitUnpacker#PADDING_BYTES] in their
/// array.
final class DeltaDecoder {
  private static final int MAX_BLOCK_VALUES = 1 << 16;

  private final byte[] source;
  private final int end;
  private int position;

  DeltaDecoder(byte[] source, int position, int end) {
    this.source = source;
    this.position = position;
    this.end = end;
  }

  /// Where the decoded stream ends.
  int position() {
    return position;
  }

  /// Decodes a stream of exactly `count` values.
  void longs(long[] target, int from, int count) throws MalformedParquetException {
    int blockValues = readLength("block size");
    int miniBlocks = readLength("miniblock count");
    int miniValues = checkShape(blockValues, miniBlocks, readLength("value count"), count);
    long value = readZigZag();
    if (count == 0) {
      return;
    }
    target[from] = value;
    int done = 1;
    while (done < count) {
      long minDelta = readZigZag();
      int widths = position;
      if (end - position < miniBlocks) {
        throw new MalformedParquetException("the widths of a delta block are cut off");
      }
      position += miniBlocks;
      for (int mini = 0; mini < miniBlocks && done < count; mini++) {
        int width = source[widths + mini];
        int n = Math.min(miniValues, count - done);
        checkBody(width, n);
        value = miniBlock(target, from + done, n, width, minDelta, value);
        position = (int) Math.min(end, position + (((long) miniValues * width) >>> 3));
        done += n;
      }
    }
  }

  private long miniBlock(long[] target, int from, int count, int width, long minDelta, long start) {
    long value = start;
    if (width == 0) {
      for (int i = 0; i < count; i++) {
        value += minDelta;
        target[from + i] = value;
      }
      return value;
    }
    BitUnpacker.longs(source, position, width, target, from, count);
    for (int i = from; i < from + count; i++) {
      value += minDelta + target[i];
      target[i] = value;
    }
    return value;
  }

  /// Decodes a stream of exactly `count` values, each cut to 32 bits.
  void ints(int[] target, int from, int count) throws MalformedParquetException {
    int blockValues = readLength("block size");
    int miniBlocks = readLength("miniblock count");
    int miniValues = checkShape(blockValues, miniBlocks, readLength("value count"), count);
    long value = readZigZag();
    if (count == 0) {
      return;
    }
    long[] deltas = new long[Math.min(miniValues, count)];
    target[from] = (int) value;
    int done = 1;
    while (done < count) {
      long minDelta = readZigZag();
      int widths = position;
      if (end - position < miniBlocks) {
        throw new MalformedParquetException("the widths of a delta block are cut off");
      }
      position += miniBlocks;
      for (int mini = 0; mini < miniBlocks && done < count; mini++) {
        int width = source[widths + mini];
        int n = Math.min(miniValues, count - done);
        checkBody(width, n);
        value = miniBlock(deltas, 0, n, width, minDelta, value);
        for (int i = 0; i < n; i++) {
          target[from + done + i] = (int) deltas[i];
        }
        position = (int) Math.min(end, position + (((long) miniValues * width) >>> 3));
        done += n;
      }
    }
  }

  private static int checkShape(int blockValues, int miniBlocks, int total, int count)
      throws MalformedParquetException {
    if (total != count) {
      throw new MalformedParquetException(
          "a delta stream of " + total + " values where " + count + " are expected");
    }
    if (blockValues < 8
        || blockValues > MAX_BLOCK_VALUES
        || miniBlocks < 1
        || miniBlocks > blockValues / 8
        || blockValues % miniBlocks != 0
        || (blockValues / miniBlocks) % 8 != 0) {
      throw new MalformedParquetException(
          "delta blocks of " + blockValues + " values in " + miniBlocks + " miniblocks");
    }
    return blockValues / miniBlocks;
  }

  private void checkBody(int width, int count) throws MalformedParquetException {
    if (width < 0 || width > 64) {
      throw new MalformedParquetException("a delta width of " + width + " bits");
    }
    if (((long) width * count + 7) >>> 3 > end - position) {
      throw new MalformedParquetException("a delta miniblock is cut off");
    }
  }

  private int readLength(String what) throws MalformedParquetException {
    long value = readVarint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedParquetException(
          "a delta " + what + " of " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  private long readZigZag() throws MalformedParquetException {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  private long readVarint() throws MalformedParquetException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position >= end) {
        throw new MalformedParquetException("a delta stream is cut off");
      }
      int b = source[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedParquetException("a number of a delta stream has more than 10 bytes");
  }
}
