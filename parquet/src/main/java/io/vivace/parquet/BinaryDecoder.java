package io.vivace.parquet;

import java.util.Arrays;

/// Collects byte strings: as ids while all pages have ids, else as bytes.
final class BinaryDecoder extends ValueDecoder {
  private final int fixedLength;
  private final int maxBytes;
  private final int capacity;
  private int[] ids = {};
  private PackedDictionary dictionary = PackedDictionary.empty();
  private boolean packed;
  private boolean dictionaryPages;
  private byte[] data = {};
  private int[] offsets = {};

  /// @param fixedLength of each value, or 0 if they differ
  BinaryDecoder(int capacity, int fixedLength, int maxBytes) {
    this.capacity = capacity;
    this.fixedLength = fixedLength;
    this.maxBytes = maxBytes;
  }

  @Override
  void appendNothing(int encoding) {
    dictionaryPages |= PageEncodings.isDictionary(encoding);
  }

  @Override
  void decode(int encoding, byte[] source, int at, int end, int n, Values entries)
      throws MalformedParquetException {
    if (PageEncodings.isDictionary(encoding)) {
      appendIds(source, at, end, n, entries);
      return;
    }
    becomePacked(n);
    switch (encoding) {
      case PageEncodings.PLAIN -> {
        if (fixedLength > 0) {
          appendFixed(source, at, end, n);
        } else {
          appendPlain(source, at, end, n);
        }
      }
      case PageEncodings.DELTA_LENGTH_BYTE_ARRAY -> {
        int[] lengths = new int[n];
        int from = lengths(source, at, end, lengths);
        appendLengths(source, from, end, lengths);
      }
      case PageEncodings.DELTA_BYTE_ARRAY -> appendPrefixed(source, at, end, n);
      default -> throw unsupported(encoding, "byte strings");
    }
  }

  private void appendIds(byte[] source, int at, int end, int n, Values entries)
      throws MalformedParquetException {
    dictionaryPages = true;
    if (!(entries instanceof Values.Binary binary)) {
      throw new MalformedParquetException("the dictionary page is missing");
    }
    PackedDictionary words = new PackedDictionary(binary.data(), binary.offsets(), binary.count());
    if (!packed) {
      dictionary = words;
      if (n > ids.length - count) {
        ids = Arrays.copyOf(ids, Math.max(capacity, grown(ids.length, (long) count + n)));
      }
      ids(source, at, end, ids, count, n, words.size());
      count += n;
      return;
    }
    int[] page = new int[n];
    ids(source, at, end, page, 0, n, words.size());
    appendWords(page, n, words);
  }

  private void appendWords(int[] page, int n, PackedDictionary words)
      throws MalformedParquetException {
    long bytes = 0;
    for (int i = 0; i < n; i++) {
      bytes += words.lengthBytes(page[i]);
    }
    reserve(n, bytes);
    int to = offsets[count];
    for (int i = 0; i < n; i++) {
      words.copy(page[i], data, to);
      to += words.lengthBytes(page[i]);
      offsets[count + i + 1] = to;
    }
    count += n;
  }

  /// From here on bytes are kept, not ids.
  private void becomePacked(int n) throws MalformedParquetException {
    if (packed) {
      return;
    }
    packed = true;
    offsets = new int[Math.max(capacity, count + n) + 1];
    int ready = count;
    count = 0;
    if (ready > 0) {
      appendWords(ids, ready, dictionary);
    }
    ids = new int[0];
  }

  private void appendFixed(byte[] source, int at, int end, int n) throws MalformedParquetException {
    checkFixed(at, end, n, fixedLength);
    reserve(n, (long) n * fixedLength);
    int to = offsets[count];
    System.arraycopy(source, at, data, to, n * fixedLength);
    for (int i = 1; i <= n; i++) {
      offsets[count + i] = to + i * fixedLength;
    }
    count += n;
  }

  private void appendPlain(byte[] source, int at, int end, int n) throws MalformedParquetException {
    checkFixed(at, end, n, 4);
    reserve(n, end - at - 4L * n);
    int from = at;
    int to = offsets[count];
    for (int i = 0; i < n; i++) {
      if (end - from < 4) {
        throw new MalformedParquetException("the length of a byte string is cut off");
      }
      int length = LittleEndian.getInt(source, from);
      from += 4;
      // What is left must also hold the lengths that follow, so the reserved space is enough.
      if (length < 0 || length > end - from - 4L * (n - 1 - i)) {
        throw new MalformedParquetException(
            "a byte string of "
                + Integer.toUnsignedString(length)
                + " bytes where "
                + (end - from)
                + " are left");
      }
      System.arraycopy(source, from, data, to, length);
      from += length;
      to += length;
      offsets[count + i + 1] = to;
    }
    count += n;
  }

  /// Decodes lengths.
  ///
  /// @return where what follows them starts
  private static int lengths(byte[] source, int at, int end, int[] lengths)
      throws MalformedParquetException {
    DeltaDecoder decoder = new DeltaDecoder(source, at, end);
    decoder.ints(lengths, 0, lengths.length);
    return decoder.position();
  }

  private static long sum(int[] lengths) throws MalformedParquetException {
    long bytes = 0;
    int sign = 0;
    for (int length : lengths) {
      bytes += length;
      sign |= length;
    }
    if (sign < 0) {
      throw new MalformedParquetException("a byte string of negative length");
    }
    return bytes;
  }

  private void appendLengths(byte[] source, int from, int end, int[] lengths)
      throws MalformedParquetException {
    long bytes = sum(lengths);
    if (bytes > end - from) {
      throw new MalformedParquetException(
          "byte strings of " + bytes + " bytes where " + (end - from) + " are left");
    }
    int n = lengths.length;
    reserve(n, bytes);
    int to = offsets[count];
    System.arraycopy(source, from, data, to, (int) bytes);
    for (int i = 0; i < n; i++) {
      to += lengths[i];
      offsets[count + i + 1] = to;
    }
    count += n;
  }

  private void appendPrefixed(byte[] source, int at, int end, int n)
      throws MalformedParquetException {
    int[] prefixes = new int[n];
    int[] suffixes = new int[n];
    int from = lengths(source, at, end, prefixes);
    from = lengths(source, from, end, suffixes);
    long bytes = sum(suffixes);
    if (bytes > end - from) {
      throw new MalformedParquetException(
          "byte strings of " + bytes + " bytes where " + (end - from) + " are left");
    }
    bytes += sum(prefixes);
    reserve(n, bytes);
    int previous = offsets[count];
    int to = previous;
    for (int i = 0; i < n; i++) {
      if (prefixes[i] > to - previous || (i == 0 && prefixes[i] > 0)) {
        throw new MalformedParquetException("a prefix longer than the byte string before it");
      }
      System.arraycopy(data, previous, data, to, prefixes[i]);
      System.arraycopy(source, from, data, to + prefixes[i], suffixes[i]);
      from += suffixes[i];
      previous = to;
      to += prefixes[i] + suffixes[i];
      offsets[count + i + 1] = to;
    }
    count += n;
  }

  private void reserve(int n, long bytes) throws MalformedParquetException {
    if (bytes > maxBytes) {
      throw new MalformedParquetException(
          "byte strings of " + bytes + " bytes in one page, the limit is " + maxBytes);
    }
    if (n + 1 > offsets.length - count) {
      offsets = Arrays.copyOf(offsets, grown(offsets.length, (long) count + n + 1));
    }
    int used = offsets[count];
    if (bytes > data.length - used) {
      data = Arrays.copyOf(data, grown(data.length, used + bytes));
    }
  }

  @Override
  void move(int base, int kept, int from, int to) {
    if (!packed) {
      if (ids.length > 0) {
        System.arraycopy(ids, base + from, ids, base + kept, to - from);
      }
      return;
    }
    int start = offsets[base + from];
    int target = offsets[base + kept];
    System.arraycopy(data, start, data, target, offsets[base + to] - start);
    for (int i = 0; i < to - from; i++) {
      offsets[base + kept + i + 1] = offsets[base + from + i + 1] - start + target;
    }
  }

  @Override
  Values result() {
    if (packed) {
      return new Values.Binary(data, offsets, count);
    }
    return dictionaryPages
        ? new Values.Ids(ids, count, dictionary)
        : new Values.Binary(new byte[0], new int[1], 0);
  }
}
