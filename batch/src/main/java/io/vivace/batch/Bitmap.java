package io.vivace.batch;

import java.util.Arrays;

/// A fixed-length set of row numbers. Confined to one thread.
public final class Bitmap {
  private final long[] words;
  private final int length;

  /// An empty set over `[0, length)`.
  public Bitmap(int length) {
    this.length = length;
    this.words = new long[(length + 63) >>> 6];
  }

  private Bitmap(long[] words, int length) {
    this.words = words;
    this.length = length;
  }

  /// All rows of `[0, length)`.
  public static Bitmap all(int length) {
    Bitmap bitmap = new Bitmap(length);
    bitmap.setAll();
    return bitmap;
  }

  public int length() {
    return length;
  }

  public boolean get(int row) {
    return (words[row >>> 6] & 1L << row) != 0;
  }

  public void set(int row) {
    words[row >>> 6] |= 1L << row;
  }

  public void clear(int row) {
    words[row >>> 6] &= ~(1L << row);
  }

  public void setAll() {
    Arrays.fill(words, -1L);
    trim();
  }

  /// Adds `[from, to)`.
  public void setRange(int from, int to) {
    if (from >= to) {
      return;
    }
    int firstWord = from >>> 6;
    int lastWord = (to - 1) >>> 6;
    long firstMask = -1L << from;
    long lastMask = -1L >>> -to;
    if (firstWord == lastWord) {
      words[firstWord] |= firstMask & lastMask;
      return;
    }
    words[firstWord] |= firstMask;
    Arrays.fill(words, firstWord + 1, lastWord, -1L);
    words[lastWord] |= lastMask;
  }

  public void and(Bitmap other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= other.words[i];
    }
  }

  public void andNot(Bitmap other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= ~other.words[i];
    }
  }

  public void or(Bitmap other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  public void flip() {
    for (int i = 0; i < words.length; i++) {
      words[i] = ~words[i];
    }
    trim();
  }

  public Bitmap copy() {
    return new Bitmap(words.clone(), length);
  }

  public boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  public int cardinality() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /// The first row at or after `from` that is set, or -1.
  public int next(int from) {
    if (from >= length) {
      return -1;
    }
    int word = from >>> 6;
    long rest = words[word] & -1L << from;
    while (rest == 0) {
      if (++word == words.length) {
        return -1;
      }
      rest = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(rest);
  }

  /// True if a row of `[from, to)` is set.
  public boolean intersects(int from, int to) {
    int next = next(from);
    return next >= 0 && next < to;
  }

  /// The 64-bit words, bit `i & 63` of word `i >>> 6` for row `i`; bits at and behind [#length] are
  /// zero. Shared: for kernels that work word by word.
  public long[] words() {
    return words;
  }

  private void trim() {
    if ((length & 63) != 0) {
      words[words.length - 1] &= -1L >>> -length;
    }
  }
}
