package io.vivace.parquet;

/// Byte strings by id, from 0 to [#size] - 1. Immutable while it is used here.
public interface BinaryDictionary {
  int size();

  int lengthBytes(int id);

  /// Copies the bytes of `id` to `target` from `offset` on.
  void copy(int id, byte[] target, int offset);

  /// The bytes of `id` in a new array.
  default byte[] bytes(int id) {
    byte[] copy = new byte[lengthBytes(id)];
    copy(id, copy, 0);
    return copy;
  }
}
