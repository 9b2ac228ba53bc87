package io.vivace.parquet;

import java.util.Arrays;

/// The values of a run of rows of one column: only those that are not null, densely. Where nulls
/// and list boundaries are is told by [Levels]. Arrays are shared, may be longer than `count`, and
/// are not to be changed.
public sealed interface Values {
  /// How many values there are.
  int count();

  /// INT64.
  record Longs(long[] values, int count) implements Values {}

  /// INT32.
  record Ints(int[] values, int count) implements Values {}

  /// DOUBLE, and FLOAT widened when reading.
  record Doubles(double[] values, int count) implements Values {}

  /// BOOLEAN, 0 or 1 each.
  record Booleans(byte[] values, int count) implements Values {}

  /// Byte strings: value `i` is `data[offsets[i] … offsets[i + 1])`. Also INT96 (12 bytes) and
  /// FIXED_LEN_BYTE_ARRAY when reading. The first offset need not be 0.
  record Binary(byte[] data, int[] offsets, int count) implements Values {
    /// The bytes of value `i` in a new array.
    public byte[] bytes(int i) {
      return Arrays.copyOfRange(data, offsets[i], offsets[i + 1]);
    }
  }

  /// Byte strings as ids of a dictionary. What the reader returns has its ids checked against the
  /// dictionary's size. For the writer the dictionary may have entries that do not occur: only
  /// those that do are written.
  record Ids(int[] ids, int count, BinaryDictionary dictionary) implements Values {}
}
