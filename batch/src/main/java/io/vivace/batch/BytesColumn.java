package io.vivace.batch;

/// Byte strings, row by row: row `i` is `data[offsets[i] … offsets[i + 1])`. The arrays are shared
/// and not to be changed.
public record BytesColumn(byte[] data, int[] offsets) {
  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }
}
