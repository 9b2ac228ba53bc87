package io.vivace.parquet;

import java.util.Arrays;

/// A growing byte array. [#reserve] before writing to the array directly.
final class ByteBuilder {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  byte[] bytes;
  int size;

  ByteBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    size = 0;
  }

  /// Makes room for `more` bytes behind the ones that are there.
  void reserve(int more) {
    if (more > bytes.length - size) {
      long needed = (long) size + more;
      if (needed > MAX_BYTES) {
        throw new IllegalStateException(needed + " bytes do not fit in one array");
      }
      long grown = Math.max(needed, bytes.length + ((long) bytes.length >>> 1));
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, grown));
    }
  }

  void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    reserve(4);
    LittleEndian.putInt(bytes, size, value);
    size += 4;
  }

  void put(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  void putVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void putZigZag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }
}
