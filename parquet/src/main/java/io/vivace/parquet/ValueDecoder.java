package io.vivace.parquet;

import java.util.Arrays;

/// Collects the values of pages in arrays that grow. Space for values is taken only after the page
/// was found to be able to hold them, or step by step.
abstract sealed class ValueDecoder
    permits LongDecoder, IntDecoder, DoubleDecoder, BooleanDecoder, BinaryDecoder {
  // A first guess of space may be this many values for each byte that the pages hold.
  private static final int VALUES_PER_BYTE = 8;
  private static final int SMALL = 1 << 16;

  int count;

  static ValueDecoder of(
      ParquetLeaf leaf, long expectedValues, long pageBytes, ReadOptions options) {
    int capacity =
        (int)
            Math.min(
                Math.min(expectedValues, options.maxEntries()),
                SMALL + pageBytes * VALUES_PER_BYTE);
    return switch (leaf.type()) {
      case INT64 -> new LongDecoder(capacity);
      case INT32 -> new IntDecoder(capacity);
      case DOUBLE -> new DoubleDecoder(capacity, false);
      case FLOAT -> new DoubleDecoder(capacity, true);
      case BOOLEAN -> new BooleanDecoder(capacity);
      case BYTE_ARRAY -> new BinaryDecoder(capacity, 0, options.maxPageBytes());
      case INT96 -> new BinaryDecoder(capacity, 12, options.maxPageBytes());
      case FIXED_LEN_BYTE_ARRAY ->
          new BinaryDecoder(capacity, leaf.typeLengthBytes(), options.maxPageBytes());
    };
  }

  /// Appends the `n` values of a page.
  ///
  /// @param dictionary of the chunk; empty if the encoding needs none
  final void append(int encoding, byte[] source, int at, int end, int n, Values dictionary)
      throws MalformedParquetException {
    if (n == 0) {
      // Some writers leave the body of a page of nulls empty, or the dictionary away.
      appendNothing(encoding);
    } else {
      decode(encoding, source, at, end, n, dictionary);
    }
  }

  void appendNothing(int encoding) {}

  abstract void decode(int encoding, byte[] source, int at, int end, int n, Values dictionary)
      throws MalformedParquetException;

  /// Keeps, of the values from `base` on, only those from `from` to before `to`, moved to `base`
  /// plus `kept`. Called with ascending ranges.
  abstract void move(int base, int kept, int from, int to);

  abstract Values result();

  final void truncate(int newCount) {
    count = newCount;
  }

  static MalformedParquetException unsupported(int encoding, String type) {
    return new MalformedParquetException(
        "encoding " + encoding + " of " + type + " is not supported");
  }

  static void checkFixed(int at, int end, int n, int width) throws MalformedParquetException {
    if ((long) n * width > end - at) {
      throw new MalformedParquetException(
          n + " values of " + width + " bytes do not fit in " + (end - at));
    }
  }

  /// Decodes the ids of a page and checks them against the dictionary.
  static void ids(byte[] source, int at, int end, int[] target, int from, int n, int dictionarySize)
      throws MalformedParquetException {
    if (at >= end) {
      throw new MalformedParquetException("the bit width of dictionary ids is missing");
    }
    int width = source[at];
    if (width < 0 || width > 32) {
      throw new MalformedParquetException("dictionary ids of " + width + " bits");
    }
    RunLengthDecoder.ids(source, at + 1, end, width, target, from, n);
    int largest = 0;
    for (int i = from; i < from + n; i++) {
      // As unsigned: a negative id must count as large.
      largest = Math.max(largest, target[i] < 0 ? Integer.MAX_VALUE : target[i]);
    }
    if (largest >= dictionarySize) {
      throw new MalformedParquetException(
          "dictionary id " + largest + " of a dictionary of " + dictionarySize);
    }
  }

  static int grown(int capacity, long needed) throws MalformedParquetException {
    if (needed > Integer.MAX_VALUE - 64) {
      throw new MalformedParquetException(needed + " values or bytes are too many for one read");
    }
    return (int)
        Math.min(Integer.MAX_VALUE - 64, Math.max(needed, capacity + ((long) capacity >>> 1)));
  }
}

final class LongDecoder extends ValueDecoder {
  private long[] values;

  LongDecoder(int capacity) {
    values = new long[capacity];
  }

  @Override
  void decode(int encoding, byte[] source, int at, int end, int n, Values dictionary)
      throws MalformedParquetException {
    switch (encoding) {
      case PageEncodings.PLAIN -> {
        checkFixed(at, end, n, 8);
        reserve(n);
        for (int i = 0; i < n; i++) {
          values[count + i] = LittleEndian.getLong(source, at + 8 * i);
        }
      }
      case PageEncodings.DELTA_BINARY_PACKED -> {
        reserve(n);
        new DeltaDecoder(source, at, end).longs(values, count, n);
      }
      case PageEncodings.PLAIN_DICTIONARY, PageEncodings.RLE_DICTIONARY -> {
        if (!(dictionary instanceof Values.Longs entries)) {
          throw new MalformedParquetException("the dictionary page is missing");
        }
        int[] ids = new int[n];
        ids(source, at, end, ids, 0, n, entries.count());
        reserve(n);
        for (int i = 0; i < n; i++) {
          values[count + i] = entries.values()[ids[i]];
        }
      }
      default -> throw unsupported(encoding, "INT64");
    }
    count += n;
  }

  @Override
  void move(int base, int kept, int from, int to) {
    System.arraycopy(values, base + from, values, base + kept, to - from);
  }

  @Override
  Values result() {
    return new Values.Longs(values, count);
  }

  private void reserve(int n) throws MalformedParquetException {
    if (n > values.length - count) {
      values = Arrays.copyOf(values, grown(values.length, (long) count + n));
    }
  }
}

final class IntDecoder extends ValueDecoder {
  private int[] values;

  IntDecoder(int capacity) {
    values = new int[capacity];
  }

  @Override
  void decode(int encoding, byte[] source, int at, int end, int n, Values dictionary)
      throws MalformedParquetException {
    switch (encoding) {
      case PageEncodings.PLAIN -> {
        checkFixed(at, end, n, 4);
        reserve(n);
        for (int i = 0; i < n; i++) {
          values[count + i] = LittleEndian.getInt(source, at + 4 * i);
        }
      }
      case PageEncodings.DELTA_BINARY_PACKED -> {
        reserve(n);
        new DeltaDecoder(source, at, end).ints(values, count, n);
      }
      case PageEncodings.PLAIN_DICTIONARY, PageEncodings.RLE_DICTIONARY -> {
        if (!(dictionary instanceof Values.Ints entries)) {
          throw new MalformedParquetException("the dictionary page is missing");
        }
        reserve(n);
        ids(source, at, end, values, count, n, entries.count());
        for (int i = count; i < count + n; i++) {
          values[i] = entries.values()[values[i]];
        }
      }
      default -> throw unsupported(encoding, "INT32");
    }
    count += n;
  }

  @Override
  void move(int base, int kept, int from, int to) {
    System.arraycopy(values, base + from, values, base + kept, to - from);
  }

  @Override
  Values result() {
    return new Values.Ints(values, count);
  }

  private void reserve(int n) throws MalformedParquetException {
    if (n > values.length - count) {
      values = Arrays.copyOf(values, grown(values.length, (long) count + n));
    }
  }
}

final class DoubleDecoder extends ValueDecoder {
  private final boolean fromFloat;
  private double[] values;

  DoubleDecoder(int capacity, boolean fromFloat) {
    this.values = new double[capacity];
    this.fromFloat = fromFloat;
  }

  @Override
  void decode(int encoding, byte[] source, int at, int end, int n, Values dictionary)
      throws MalformedParquetException {
    switch (encoding) {
      case PageEncodings.PLAIN -> {
        checkFixed(at, end, n, fromFloat ? 4 : 8);
        reserve(n);
        for (int i = 0; i < n; i++) {
          values[count + i] =
              fromFloat
                  ? Float.intBitsToFloat(LittleEndian.getInt(source, at + 4 * i))
                  : Double.longBitsToDouble(LittleEndian.getLong(source, at + 8 * i));
        }
      }
      case PageEncodings.PLAIN_DICTIONARY, PageEncodings.RLE_DICTIONARY -> {
        if (!(dictionary instanceof Values.Doubles entries)) {
          throw new MalformedParquetException("the dictionary page is missing");
        }
        int[] ids = new int[n];
        ids(source, at, end, ids, 0, n, entries.count());
        reserve(n);
        for (int i = 0; i < n; i++) {
          values[count + i] = entries.values()[ids[i]];
        }
      }
      default -> throw unsupported(encoding, fromFloat ? "FLOAT" : "DOUBLE");
    }
    count += n;
  }

  @Override
  void move(int base, int kept, int from, int to) {
    System.arraycopy(values, base + from, values, base + kept, to - from);
  }

  @Override
  Values result() {
    return new Values.Doubles(values, count);
  }

  private void reserve(int n) throws MalformedParquetException {
    if (n > values.length - count) {
      values = Arrays.copyOf(values, grown(values.length, (long) count + n));
    }
  }
}

final class BooleanDecoder extends ValueDecoder {
  private byte[] values;

  BooleanDecoder(int capacity) {
    values = new byte[capacity];
  }

  @Override
  void decode(int encoding, byte[] source, int at, int end, int n, Values dictionary)
      throws MalformedParquetException {
    switch (encoding) {
      case PageEncodings.PLAIN -> {
        checkFixed(at, end, (n + 7) >>> 3, 1);
        reserve(n);
        BitUnpacker.bytes(source, at, 1, values, count, n);
      }
      case PageEncodings.RLE -> {
        checkFixed(at, end, 1, 4);
        int length = LittleEndian.getInt(source, at);
        if (length < 0 || length > end - at - 4) {
          throw new MalformedParquetException("RLE booleans of " + length + " bytes");
        }
        reserve(n);
        RunLengthDecoder.levels(source, at + 4, at + 4 + length, 1, values, count, n);
      }
      default -> throw unsupported(encoding, "BOOLEAN");
    }
    count += n;
  }

  @Override
  void move(int base, int kept, int from, int to) {
    System.arraycopy(values, base + from, values, base + kept, to - from);
  }

  @Override
  Values result() {
    return new Values.Booleans(values, count);
  }

  private void reserve(int n) throws MalformedParquetException {
    if (n > values.length - count) {
      values = Arrays.copyOf(values, grown(values.length, (long) count + n));
    }
  }
}
