package io.vivace.batch;

/// All values of one attribute key at one level, sparse: entry `i` belongs to row `rows[i]` of that
/// level; rows ascend and occur once (of equal keys in one row the first stored wins). Gathered
/// from **all** physical columns that may hold the key.
///
/// `types[i]` is an [AttributeType] code. The value of a scalar is `values[starts[i]]`, an array's
/// elements are `values[starts[i] … starts[i + 1])`: strings as ids of `dictionary`, longs as they
/// are, doubles as raw bits, booleans as 0 and 1. Types without a queryable value have no elements
/// (`starts[i] == starts[i + 1]`).
///
/// The arrays are shared, may be longer than `size`, and are not to be changed.
public record AttributeColumn(
    Dictionary dictionary, int size, int[] rows, byte[] types, int[] starts, long[] values) {

  public boolean isEmpty() {
    return size == 0;
  }
}
