package io.vivace.parquet;

import java.util.Arrays;

/// Byte strings one after another: string `i` is `data[offsets[i] … offsets[i + 1])`. The arrays
/// are shared, may be longer than needed, and are not to be changed.
public record PackedDictionary(byte[] data, int[] offsets, int size) implements BinaryDictionary {
  /// A dictionary without entries.
  public static PackedDictionary empty() {
    return new PackedDictionary(new byte[0], new int[1], 0);
  }

  @Override
  public int lengthBytes(int id) {
    return offsets[id + 1] - offsets[id];
  }

  @Override
  public void copy(int id, byte[] target, int offset) {
    System.arraycopy(data, offsets[id], target, offset, lengthBytes(id));
  }

  /// The first id of these bytes, or -1. Looks at every entry.
  public int find(byte[] bytes) {
    for (int id = 0; id < size; id++) {
      if (Arrays.equals(data, offsets[id], offsets[id + 1], bytes, 0, bytes.length)) {
        return id;
      }
    }
    return -1;
  }
}
