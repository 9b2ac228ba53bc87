package io.vivace.parquet;

/// Encodes runs of the values of one column chunk.
abstract sealed class ColumnEncoder
    permits LongEncoder, IntEncoder, DoubleEncoder, BooleanEncoder, BinaryEncoder, IdEncoder {
  /// The number of the encoding of data pages.
  abstract int encoding();

  /// About how many bytes values `[from, to)` take, before compression; grows with `to`.
  abstract long sizeBytes(int from, int to);

  /// Appends values `[from, to)`.
  abstract void encode(int from, int to, ByteBuilder out);

  /// Bounds of values `[from, to)`, of which there is at least one.
  abstract PageBounds bounds(int from, int to);

  /// @throws IllegalArgumentException if values and column do not fit each other
  static ColumnEncoder of(
      ParquetLeaf leaf, Values values, ColumnOptions options, IdCompactor compactor) {
    boolean delta = options.encoding() == Encoding.DELTA_BINARY_PACKED;
    boolean dictionary = options.encoding() == Encoding.DICTIONARY;
    boolean plain = options.encoding() == Encoding.PLAIN;
    PhysicalType type = leaf.type();
    return switch (values) {
      case Values.Longs longs when type == PhysicalType.INT64 ->
          new LongEncoder(longs.values(), leaf.unsigned(), delta);
      case Values.Ints ints when type == PhysicalType.INT32 ->
          new IntEncoder(ints.values(), leaf.unsigned(), delta);
      case Values.Doubles doubles when type == PhysicalType.DOUBLE ->
          new DoubleEncoder(doubles.values());
      case Values.Booleans booleans when type == PhysicalType.BOOLEAN ->
          new BooleanEncoder(booleans.values());
      case Values.Ids ids when type == PhysicalType.BYTE_ARRAY && dictionary ->
          new IdEncoder(compactor.compact(ids));
      case Values.Ids ids when type == PhysicalType.BYTE_ARRAY ->
          new BinaryEncoder(IdCompactor.expand(ids), plain);
      case Values.Binary binary when type == PhysicalType.BYTE_ARRAY && dictionary ->
          new IdEncoder(IdCompactor.intern(binary));
      case Values.Binary binary when type == PhysicalType.BYTE_ARRAY ->
          new BinaryEncoder(binary, plain);
      default ->
          throw new IllegalArgumentException(
              "column "
                  + leaf.dottedPath()
                  + " of type "
                  + type
                  + " cannot take "
                  + values.getClass().getSimpleName());
    };
  }

  static byte[] plain(long value) {
    byte[] bytes = new byte[8];
    LittleEndian.putLong(bytes, 0, value);
    return bytes;
  }

  static byte[] plain(int value) {
    byte[] bytes = new byte[4];
    LittleEndian.putInt(bytes, 0, value);
    return bytes;
  }
}

final class LongEncoder extends ColumnEncoder {
  private final long[] values;
  private final long flip;
  private final boolean delta;
  private final DeltaEncoder encoder = new DeltaEncoder();

  LongEncoder(long[] values, boolean unsigned, boolean delta) {
    this.values = values;
    // Flipping the sign turns the signed order into the unsigned one.
    this.flip = unsigned ? Long.MIN_VALUE : 0;
    this.delta = delta;
  }

  @Override
  int encoding() {
    return delta ? PageEncodings.DELTA_BINARY_PACKED : PageEncodings.PLAIN;
  }

  @Override
  long sizeBytes(int from, int to) {
    return 8L * (to - from);
  }

  @Override
  void encode(int from, int to, ByteBuilder out) {
    if (delta) {
      encoder.longs(values, from, to, out);
      return;
    }
    out.reserve(Math.multiplyExact(8, to - from));
    for (int i = from; i < to; i++) {
      LittleEndian.putLong(out.bytes, out.size + 8 * (i - from), values[i]);
    }
    out.size += 8 * (to - from);
  }

  @Override
  PageBounds bounds(int from, int to) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = from; i < to; i++) {
      long value = values[i] ^ flip;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new PageBounds(plain(min ^ flip), plain(max ^ flip));
  }
}

final class IntEncoder extends ColumnEncoder {
  private final int[] values;
  private final int flip;
  private final boolean delta;
  private final DeltaEncoder encoder = new DeltaEncoder();

  IntEncoder(int[] values, boolean unsigned, boolean delta) {
    this.values = values;
    this.flip = unsigned ? Integer.MIN_VALUE : 0;
    this.delta = delta;
  }

  @Override
  int encoding() {
    return delta ? PageEncodings.DELTA_BINARY_PACKED : PageEncodings.PLAIN;
  }

  @Override
  long sizeBytes(int from, int to) {
    return 4L * (to - from);
  }

  @Override
  void encode(int from, int to, ByteBuilder out) {
    if (delta) {
      encoder.ints(values, from, to, out);
      return;
    }
    out.reserve(Math.multiplyExact(4, to - from));
    for (int i = from; i < to; i++) {
      LittleEndian.putInt(out.bytes, out.size + 4 * (i - from), values[i]);
    }
    out.size += 4 * (to - from);
  }

  @Override
  PageBounds bounds(int from, int to) {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = from; i < to; i++) {
      int value = values[i] ^ flip;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new PageBounds(plain(min ^ flip), plain(max ^ flip));
  }
}

final class DoubleEncoder extends ColumnEncoder {
  private final double[] values;

  DoubleEncoder(double[] values) {
    this.values = values;
  }

  @Override
  int encoding() {
    return PageEncodings.PLAIN;
  }

  @Override
  long sizeBytes(int from, int to) {
    return 8L * (to - from);
  }

  @Override
  void encode(int from, int to, ByteBuilder out) {
    out.reserve(Math.multiplyExact(8, to - from));
    for (int i = from; i < to; i++) {
      long bits = Double.doubleToRawLongBits(values[i]);
      LittleEndian.putLong(out.bytes, out.size + 8 * (i - from), bits);
    }
    out.size += 8 * (to - from);
  }

  @Override
  PageBounds bounds(int from, int to) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean ordered = true;
    for (int i = from; i < to; i++) {
      double value = values[i];
      ordered &= !Double.isNaN(value);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (!ordered) {
      // NaN has no place in the order, and readers differ: no bounds then.
      return PageBounds.NONE;
    }
    // The format asks for these zeros, because not all readers tell them apart.
    double low = min == 0 ? -0.0 : min;
    double high = max == 0 ? 0.0 : max;
    return new PageBounds(
        plain(Double.doubleToRawLongBits(low)), plain(Double.doubleToRawLongBits(high)));
  }
}

final class BooleanEncoder extends ColumnEncoder {
  private final byte[] values;

  BooleanEncoder(byte[] values) {
    this.values = values;
  }

  @Override
  int encoding() {
    return PageEncodings.PLAIN;
  }

  @Override
  long sizeBytes(int from, int to) {
    return ((long) to - from + 7) >>> 3;
  }

  @Override
  void encode(int from, int to, ByteBuilder out) {
    BitPacker.bytes(values, from, to, 1, out);
  }

  @Override
  PageBounds bounds(int from, int to) {
    byte all = 1;
    byte any = 0;
    for (int i = from; i < to; i++) {
      all &= values[i];
      any |= values[i];
    }
    return new PageBounds(new byte[] {all}, new byte[] {any});
  }
}
