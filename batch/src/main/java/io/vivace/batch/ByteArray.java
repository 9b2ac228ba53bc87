package io.vivace.batch;

import java.util.Arrays;

/// A growing `byte[]`. Entries `[0, size)` of [#a] count; the array is replaced as it grows.
final class ByteArray {
  byte[] a;
  int size;

  ByteArray() {
    this(64);
  }

  ByteArray(int capacity) {
    a = new byte[capacity];
  }

  void add(byte value) {
    if (size == a.length) {
      ensure(1);
    }
    a[size++] = value;
  }

  void ensure(int more) {
    if (a.length - size < more) {
      a = Arrays.copyOf(a, Capacity.grown(a.length, size, more));
    }
  }

  void addAll(byte[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, a, size, to - from);
    size += to - from;
  }

  /// Appends the low bytes of `text`, which is ASCII.
  void addAscii(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      a[size++] = (byte) text.charAt(i);
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(a, size);
  }
}
