package io.vivace.batch;

import java.util.Arrays;

/// A growing `long[]`. Entries `[0, size)` of [#a] count; the array is replaced as it grows.
final class LongArray {
  long[] a;
  int size;

  LongArray() {
    this(64);
  }

  LongArray(int capacity) {
    a = new long[capacity];
  }

  void add(long value) {
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

  void addAll(long[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, a, size, to - from);
    size += to - from;
  }

  long[] toArray() {
    return Arrays.copyOf(a, size);
  }
}
