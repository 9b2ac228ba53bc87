package io.vivace.parquet;

import java.util.Arrays;

/// Encodes byte strings as ids of a dictionary in which every entry is used.
final class IdEncoder extends ColumnEncoder {
  private final int[] ids;
  private final PackedDictionary dictionary;
  private final int width;
  // For each entry the number of the last page whose bounds it was compared with.
  private final int[] comparedIn;
  private int page;

  IdEncoder(IdCompactor.Compacted column) {
    this.ids = column.ids();
    this.dictionary = column.dictionary();
    this.comparedIn = new int[dictionary.size()];
    // Width 0 would do for one entry, but not every reader has met it.
    this.width = Math.max(1, 32 - Integer.numberOfLeadingZeros(dictionary.size() - 1));
  }

  PackedDictionary dictionary() {
    return dictionary;
  }

  /// Appends the body of the dictionary page.
  void encodeDictionary(ByteBuilder out) {
    for (int id = 0; id < dictionary.size(); id++) {
      int length = dictionary.lengthBytes(id);
      out.putInt(length);
      out.put(dictionary.data(), dictionary.offsets()[id], length);
    }
  }

  @Override
  int encoding() {
    return PageEncodings.RLE_DICTIONARY;
  }

  @Override
  long sizeBytes(int from, int to) {
    return 1 + (((long) to - from) * width + 7 >>> 3);
  }

  @Override
  void encode(int from, int to, ByteBuilder out) {
    out.put(dictionary.size() == 0 ? 0 : width);
    RunLengthEncoder.ids(ids, from, to, width, out);
  }

  @Override
  PageBounds bounds(int from, int to) {
    page++;
    int min = ids[from];
    int max = min;
    comparedIn[min] = page;
    for (int i = from + 1; i < to; i++) {
      int id = ids[i];
      if (comparedIn[id] == page) {
        continue;
      }
      comparedIn[id] = page;
      if (compare(id, min) < 0) {
        min = id;
      } else if (compare(id, max) > 0) {
        max = id;
      }
    }
    return new PageBounds(dictionary.bytes(min), dictionary.bytes(max));
  }

  private int compare(int a, int b) {
    int[] offsets = dictionary.offsets();
    return Arrays.compareUnsigned(
        dictionary.data(),
        offsets[a],
        offsets[a + 1],
        dictionary.data(),
        offsets[b],
        offsets[b + 1]);
  }
}
