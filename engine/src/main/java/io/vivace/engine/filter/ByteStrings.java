package io.vivace.engine.filter;

import io.vivace.batch.Dictionary;
import java.util.Arrays;

/// A growing list of byte strings as a dictionary.
final class ByteStrings implements Dictionary {
  static final Dictionary EMPTY = new ByteStrings(0);

  private byte[][] strings;
  private int size;

  ByteStrings(int capacity) {
    strings = new byte[capacity][];
  }

  static ByteStrings of(byte[] only) {
    ByteStrings strings = new ByteStrings(1);
    strings.add(only);
    return strings;
  }

  int add(byte[] string) {
    if (size == strings.length) {
      strings = Arrays.copyOf(strings, 2 * size + 16);
    }
    strings[size] = string;
    return size++;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public byte[] bytes(int id) {
    return strings[id];
  }

  /// Two dictionaries seen as one: ids of the second follow those of the first.
  static Dictionary concat(Dictionary first, Dictionary second) {
    if (second.size() == 0 || first == second) {
      return first;
    }
    int split = first.size();
    return new Dictionary() {
      @Override
      public int size() {
        return split + second.size();
      }

      @Override
      public byte[] bytes(int id) {
        return id < split ? first.bytes(id) : second.bytes(id - split);
      }
    };
  }
}
