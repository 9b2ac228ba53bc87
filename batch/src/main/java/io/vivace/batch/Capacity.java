package io.vivace.batch;

/// How growing arrays grow.
final class Capacity {
  private static final int MOST = Integer.MAX_VALUE - 16;

  private Capacity() {}

  /// A new length for an array of `length` of which `size` are used and `more` are wanted.
  static int grown(int length, int size, int more) {
    long needed = (long) size + more;
    if (needed > MOST) {
      throw new IllegalStateException("a column of more than 2^31 entries (expected: fewer)");
    }
    return (int) Math.min(MOST, Math.max(needed, Math.max(16, length + (length >> 1))));
  }
}
