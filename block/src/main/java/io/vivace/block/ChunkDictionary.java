package io.vivace.block;

import io.vivace.batch.Dictionary;
import io.vivace.parquet.PackedDictionary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The dictionary of a column chunk: one instance for all batches of the row group while it is
/// cached. Immutable but for the lookup table, which is made when first needed.
final class ChunkDictionary implements Dictionary {
  private final byte[] data;
  private final int[] offsets;
  private final int size;
  private volatile int @Nullable [] table;

  ChunkDictionary(PackedDictionary packed) {
    this(packed.data(), packed.offsets(), packed.size());
  }

  /// Strings `data[offsets[i] … offsets[i + 1])`.
  ChunkDictionary(byte[] data, int[] offsets, int size) {
    this.data = data;
    this.offsets = offsets;
    this.size = size;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public byte[] bytes(int id) {
    return Arrays.copyOfRange(data, offsets[id], offsets[id + 1]);
  }

  @Override
  public int lengthBytes(int id) {
    return offsets[id + 1] - offsets[id];
  }

  @Override
  public void copy(int id, byte[] target, int offset) {
    System.arraycopy(data, offsets[id], target, offset, lengthBytes(id));
  }

  @Override
  public String string(int id) {
    return new String(data, offsets[id], lengthBytes(id), java.nio.charset.StandardCharsets.UTF_8);
  }

  byte[] data() {
    return data;
  }

  int start(int id) {
    return offsets[id];
  }

  /// The id of an equal string, or -1. (Dictionaries on disk have no equal strings.)
  int find(byte[] text) {
    int[] slots = table;
    if (slots == null) {
      slots = buildTable();
      table = slots;
    }
    int mask = slots.length - 1;
    int hash = hash(text, 0, text.length);
    for (int slot = hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
      int id = slots[slot] - 1;
      if (Arrays.equals(data, offsets[id], offsets[id + 1], text, 0, text.length)) {
        return id;
      }
    }
    return -1;
  }

  private int[] buildTable() {
    int[] slots = new int[Integer.highestOneBit(Math.max(4, size)) << 2];
    int mask = slots.length - 1;
    for (int id = 0; id < size; id++) {
      int slot = hash(data, offsets[id], offsets[id + 1]) & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = id + 1;
    }
    return slots;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    hash *= 0x9e3779b9;
    return hash ^ hash >>> 15;
  }

  long sizeBytes() {
    // The table is counted from the start: it may come at any time.
    return data.length + 4L * offsets.length + 16L * size;
  }
}
