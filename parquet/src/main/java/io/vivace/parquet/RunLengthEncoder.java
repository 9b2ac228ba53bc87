package io.vivace.parquet;

/// Encodes levels and ids as the mixture of runs and bit-packed groups that [RunLengthDecoder]
/// reads.
final class RunLengthEncoder {
  private static final int MIN_LEVEL_RUN = 16;
  private static final int MIN_ID_RUN = 8;
  private static final long ONES = 0x0101010101010101L;

  private RunLengthEncoder() {}

  /// @param width 1 to 7
  static void levels(byte[] levels, int from, int to, int width, ByteBuilder out) {
    int i = from;
    while (i < to) {
      int run = levelRun(levels, i, to);
      if (run >= MIN_LEVEL_RUN || run == to - i) {
        out.putVarint((long) run << 1);
        out.put(levels[i]);
        i += run;
        continue;
      }
      int start = i;
      do {
        i += 8;
      } while (i < to && !startsRun(levels, i, to));
      int end = Math.min(i, to);
      out.putVarint((long) ((end - start + 7) >>> 3) << 1 | 1);
      BitPacker.bytes(levels, start, end, width, out);
    }
  }

  private static boolean startsRun(byte[] levels, int at, int to) {
    if (to - at < MIN_LEVEL_RUN) {
      return false;
    }
    long pattern = (levels[at] & 0xff) * ONES;
    return LittleEndian.getLong(levels, at) == pattern
        && LittleEndian.getLong(levels, at + 8) == pattern;
  }

  private static int levelRun(byte[] levels, int at, int to) {
    byte value = levels[at];
    long pattern = (value & 0xff) * ONES;
    int i = at + 1;
    while (i + 8 <= to && LittleEndian.getLong(levels, i) == pattern) {
      i += 8;
    }
    while (i < to && levels[i] == value) {
      i++;
    }
    return i - at;
  }

  /// @param width 1 to 32
  static void ids(int[] ids, int from, int to, int width, ByteBuilder out) {
    int i = from;
    int valueBytes = (width + 7) >>> 3;
    while (i < to) {
      if (startsRun(ids, i, to)) {
        int run = idRun(ids, i, to);
        out.putVarint((long) run << 1);
        out.reserve(4);
        LittleEndian.putInt(out.bytes, out.size, ids[i]);
        out.size += valueBytes;
        i += run;
        continue;
      }
      int start = i;
      do {
        i += 8;
      } while (i < to && !startsRun(ids, i, to));
      int end = Math.min(i, to);
      out.putVarint((long) ((end - start + 7) >>> 3) << 1 | 1);
      BitPacker.ints(ids, start, end, width, out);
    }
  }

  private static boolean startsRun(int[] ids, int at, int to) {
    if (to - at < MIN_ID_RUN) {
      return false;
    }
    int value = ids[at];
    int difference = 0;
    for (int i = at + 1; i < at + MIN_ID_RUN; i++) {
      difference |= ids[i] ^ value;
    }
    return difference == 0;
  }

  private static int idRun(int[] ids, int at, int to) {
    int i = at + 1;
    while (i < to && ids[i] == ids[at]) {
      i++;
    }
    return i - at;
  }
}
