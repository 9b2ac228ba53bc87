package io.vivace.batch;

import java.util.Arrays;

/// A growing `int[]`. Entries `[0, size)` of [#a] count; the array is replaced as it grows.
final class IntArray {
  int[] a;
  int size;

  IntArray() {
    this(64);
  }

  IntArray(int capacity) {
    a = new int[capacity];
  }

  void add(int value) {
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

  void addAll(int[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, a, size, to - from);
    size += to - from;
  }

  void addZeros(int count) {
    ensure(count);
    Arrays.fill(a, size, size + count, 0);
    size += count;
  }

  int last() {
    return a[size - 1];
  }

  int[] toArray() {
    return Arrays.copyOf(a, size);
  }
}
