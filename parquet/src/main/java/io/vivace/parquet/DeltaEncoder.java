package io.vivace.parquet;

/// Encodes DELTA_BINARY_PACKED in blocks of 128 values in 4 miniblocks, the shape that every reader
/// knows.
final class DeltaEncoder {
  private static final int BLOCK = 128;
  private static final int MINIBLOCKS = 4;
  private static final int MINIBLOCK = BLOCK / MINIBLOCKS;

  private final long[] deltas = new long[BLOCK];
  private final long[] packed = new long[MINIBLOCK];

  void longs(long[] values, int from, int to, ByteBuilder out) {
    header(to - from, from < to ? values[from] : 0, out);
    for (int i = from + 1; i < to; i += BLOCK) {
      int n = Math.min(BLOCK, to - i);
      long min = Long.MAX_VALUE;
      for (int k = 0; k < n; k++) {
        long delta = values[i + k] - values[i + k - 1];
        deltas[k] = delta;
        min = Math.min(min, delta);
      }
      block(n, min, -1L, out);
    }
  }

  /// Differences wrap at 32 bits, as readers of INT32 expect.
  void ints(int[] values, int from, int to, ByteBuilder out) {
    header(to - from, from < to ? values[from] : 0, out);
    for (int i = from + 1; i < to; i += BLOCK) {
      int n = Math.min(BLOCK, to - i);
      int min = Integer.MAX_VALUE;
      for (int k = 0; k < n; k++) {
        int delta = values[i + k] - values[i + k - 1];
        deltas[k] = delta;
        min = Math.min(min, delta);
      }
      block(n, min, 0xffffffffL, out);
    }
  }

  private static void header(int count, long first, ByteBuilder out) {
    out.putVarint(BLOCK);
    out.putVarint(MINIBLOCKS);
    out.putVarint(count);
    out.putZigZag(first);
  }

  private void block(int n, long min, long mask, ByteBuilder out) {
    out.putZigZag(min);
    out.reserve(MINIBLOCKS);
    int widths = out.size;
    out.size += MINIBLOCKS;
    for (int mini = 0; mini < MINIBLOCKS; mini++) {
      int start = mini * MINIBLOCK;
      int values = Math.min(MINIBLOCK, n - start);
      if (values <= 0) {
        out.bytes[widths + mini] = 0;
        continue;
      }
      long bits = 0;
      for (int k = 0; k < values; k++) {
        long value = (deltas[start + k] - min) & mask;
        packed[k] = value;
        bits |= value;
      }
      int width = 64 - Long.numberOfLeadingZeros(bits);
      out.bytes[widths + mini] = (byte) width;
      if (width > 0) {
        java.util.Arrays.fill(packed, values, MINIBLOCK, 0);
        BitPacker.longs(packed, MINIBLOCK, width, out);
      }
    }
  }
}
