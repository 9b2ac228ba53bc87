package io.vivace.parquet;

import java.util.Arrays;

/// Decodes the mixture of runs and bit-packed groups that levels, dictionary ids and some booleans
/// are stored in. Sources must be followed by [BitUnpacker#PADDING_BYTES] in their array.
final class RunLengthDecoder {
  private final byte[] source;
  private final int end;
  private int position;

  private RunLengthDecoder(byte[] source, int position, int end) {
    this.source = source;
    this.position = position;
    this.end = end;
  }

  /// Decodes `count` levels.
  ///
  /// @return how many of them are `max`
  static int levels(byte[] source, int at, int end, int max, byte[] target, int from, int count)
      throws MalformedParquetException {
    int width = 32 - Integer.numberOfLeadingZeros(max);
    return new RunLengthDecoder(source, at, end).decodeBytes(width, max, target, from, count);
  }

  /// Decodes `count` ids.
  ///
  /// @param width 0 to 32
  static void ids(byte[] source, int at, int end, int width, int[] target, int from, int count)
      throws MalformedParquetException {
    new RunLengthDecoder(source, at, end).decodeInts(width, target, from, count);
  }

  private int decodeBytes(int width, int max, byte[] target, int from, int count)
      throws MalformedParquetException {
    int done = 0;
    int atMax = 0;
    while (done < count) {
      int header = readHeader();
      int n;
      if ((header & 1) == 0) {
        n = Math.min(header >>> 1, count - done);
        int value = readRunValue(1);
        if (value > max) {
          throw new MalformedParquetException(
              "level " + value + " where at most " + max + " is possible");
        }
        Arrays.fill(target, from + done, from + done + n, (byte) value);
        atMax += value == max ? n : 0;
      } else {
        n = packedCount(header, width, count - done);
        BitUnpacker.bytes(source, position, width, target, from + done, n);
        position = (int) Math.min(end, position + (long) (header >>> 1) * width);
        atMax += countMax(target, from + done, n, max);
      }
      done += n;
    }
    return atMax;
  }

  private static int countMax(byte[] levels, int from, int count, int max)
      throws MalformedParquetException {
    int atMax = 0;
    int above = 0;
    for (int i = from; i < from + count; i++) {
      int difference = levels[i] - max;
      atMax += difference == 0 ? 1 : 0;
      above |= -difference;
    }
    if (above < 0) {
      // At least one difference was positive.
      for (int i = from; i < from + count; i++) {
        if (levels[i] > max) {
          throw new MalformedParquetException(
              "level " + levels[i] + " where at most " + max + " is possible");
        }
      }
    }
    return atMax;
  }

  private void decodeInts(int width, int[] target, int from, int count)
      throws MalformedParquetException {
    if (width == 0) {
      Arrays.fill(target, from, from + count, 0);
      return;
    }
    int done = 0;
    while (done < count) {
      int header = readHeader();
      int n;
      if ((header & 1) == 0) {
        n = Math.min(header >>> 1, count - done);
        Arrays.fill(target, from + done, from + done + n, readRunValue((width + 7) >>> 3));
      } else {
        n = packedCount(header, width, count - done);
        BitUnpacker.ints(source, position, width, target, from + done, n);
        position = (int) Math.min(end, position + (long) (header >>> 1) * width);
      }
      done += n;
    }
  }

  private int readHeader() throws MalformedParquetException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= end) {
        throw new MalformedParquetException("a run of levels or ids is missing");
      }
      int b = source[position++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedParquetException("the header of a run has more than 5 bytes");
  }

  private int readRunValue(int bytes) throws MalformedParquetException {
    if (end - position < bytes) {
      throw new MalformedParquetException("the value of a run is cut off");
    }
    int value = LittleEndian.getInt(source, position);
    position += bytes;
    return bytes == 4 ? value : value & ((1 << (8 * bytes)) - 1);
  }

  /// How many values of a packed run are wanted; they must be there.
  private int packedCount(int header, int width, int wanted) throws MalformedParquetException {
    int n = (int) Math.min((long) (header >>> 1) * 8, wanted);
    if (((long) n * width + 7) >>> 3 > end - position) {
      throw new MalformedParquetException("a bit-packed run is cut off");
    }
    return n;
  }
}
