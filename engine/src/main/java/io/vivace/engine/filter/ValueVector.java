package io.vivace.engine.filter;

import io.vivace.batch.Dictionary;
import java.util.Arrays;

/// One value for each of some rows, of a type that may differ from row to row ([ValueType] codes).
///
/// `values[i]` holds integers, durations, status and kind as they are, floats as raw bits, booleans
/// as 0 and 1, strings as ids of [#dictionary], and arrays as `start << 32 | length` of a run of
/// [#elements], which are coded alike. A constant has one row that stands for all.
///
/// Filled by one thread, read-only afterwards.
public final class ValueVector {
  final byte[] types;
  final long[] values;
  final Dictionary dictionary;
  private final boolean isConstant;
  private long[] elements = NO_ELEMENTS;
  private int elementCount;

  private static final long[] NO_ELEMENTS = {};

  /// All rows nil.
  ValueVector(int size, Dictionary dictionary) {
    this(new byte[size], new long[size], dictionary, false);
  }

  private ValueVector(byte[] types, long[] values, Dictionary dictionary, boolean isConstant) {
    this.types = types;
    this.values = values;
    this.dictionary = dictionary;
    this.isConstant = isConstant;
  }

  /// The same value for every row.
  static ValueVector constant(byte type, long value) {
    return new ValueVector(new byte[] {type}, new long[] {value}, ByteStrings.EMPTY, true);
  }

  /// The same string for every row.
  static ValueVector constant(byte[] string) {
    return new ValueVector(
        new byte[] {ValueType.STRING}, new long[] {0}, ByteStrings.of(string), true);
  }

  /// The type of row `i`.
  public byte type(int i) {
    return types[isConstant ? 0 : i];
  }

  /// The coded value of row `i`.
  public long value(int i) {
    return values[isConstant ? 0 : i];
  }

  /// A number as a double; durations in nanoseconds.
  public double number(int i) {
    long value = value(i);
    return type(i) == ValueType.FLOAT ? Double.longBitsToDouble(value) : (double) value;
  }

  /// The strings that string values stand for.
  public Dictionary dictionary() {
    return dictionary;
  }

  /// How many elements the array of row `i` has.
  public int arrayLength(int i) {
    return (int) value(i);
  }

  /// Element `k` of the array of row `i`.
  public long element(int i, int k) {
    return elements[(int) (value(i) >>> 32) + k];
  }

  /// How many rows there are; 1 for a constant.
  int size() {
    return types.length;
  }

  /// Takes over the arrays of `other`, so that its array values mean the same here. Must come
  /// before the first [#setArray].
  void shareElements(ValueVector other) {
    elements = other.elements;
    elementCount = other.elementCount;
  }

  /// Becomes a copy of `other`, whose dictionary this one's begins with.
  void copyFrom(ValueVector other) {
    System.arraycopy(other.types, 0, types, 0, types.length);
    System.arraycopy(other.values, 0, values, 0, values.length);
    elements = Arrays.copyOf(other.elements, other.elements.length);
    elementCount = other.elementCount;
  }

  void set(int i, byte type, long value) {
    types[i] = type;
    values[i] = value;
  }

  /// Sets an array from `source[from … to)`.
  ///
  /// @param idShift added to elements that are string ids
  void setArray(int i, byte type, long[] source, int from, int to, int idShift) {
    int length = to - from;
    if (elementCount + length > elements.length) {
      elements = Arrays.copyOf(elements, Math.max(elementCount + length, 2 * elements.length + 16));
    }
    long shift = type == ValueType.STRING_ARRAY ? idShift : 0;
    for (int k = 0; k < length; k++) {
      elements[elementCount + k] = source[from + k] + shift;
    }
    set(i, type, (long) elementCount << 32 | length);
    elementCount += length;
  }
}
