package io.vivace.parquet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The smallest and the largest value of a page or column chunk, as far as the file states them.
/// Binary bounds may be shortened: no value is below `min` or above `max`.
///
/// @param min as in PLAIN encoding without a length; null if unknown or there is no value
/// @param max likewise
/// @param nullCount nulls, or -1 if unknown
/// @param allNull whether there is certainly no value
public record Bounds(
    byte @Nullable [] min, byte @Nullable [] max, long nullCount, boolean allNull) {
  static final Bounds UNKNOWN = new Bounds(null, null, -1, false);

  /// Whether there may be a value in `[low, high]`, for INT32 and INT64; both bounds signed or both
  /// unsigned as the column is. INT32 values of an unsigned column count as 0 to 2^32 - 1.
  public boolean mayContain(ParquetLeaf leaf, long low, long high) {
    if (allNull) {
      return false;
    }
    if (min == null || max == null) {
      return true;
    }
    int width = leaf.type() == PhysicalType.INT32 ? 4 : 8;
    if (min.length != width || max.length != width) {
      return true;
    }
    boolean unsigned = leaf.unsigned();
    long smallest = number(min, unsigned);
    long largest = number(max, unsigned);
    if (unsigned) {
      return Long.compareUnsigned(smallest, high) <= 0 && Long.compareUnsigned(largest, low) >= 0;
    }
    return smallest <= high && largest >= low;
  }

  /// Whether there may be this byte string, for BYTE_ARRAY.
  public boolean mayContain(byte[] value) {
    if (allNull) {
      return false;
    }
    return (min == null || Arrays.compareUnsigned(min, value) <= 0)
        && (max == null || Arrays.compareUnsigned(max, value) >= 0);
  }

  private static long number(byte[] bound, boolean unsigned) {
    if (bound.length == 8) {
      return LittleEndian.getLong(bound, 0);
    }
    int value = LittleEndian.getInt(bound, 0);
    return unsigned ? Integer.toUnsignedLong(value) : value;
  }
}
