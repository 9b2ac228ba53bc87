package io.vivace.model;

import java.util.HexFormat;

/// A 128-bit trace id, ordered as its 16 big-endian bytes are (unsigned), which is the row order of
/// a block.
public record TraceId(long high, long low) implements Comparable<TraceId> {
  /// Length of the binary form.
  public static final int BYTES = 16;

  /// Reads an id of any length as blocks store it: shorter ids are left-padded with zeros, of
  /// longer ones the last 16 bytes count.
  public static TraceId from(byte[] bytes, int offset, int length) {
    long high = 0;
    long low = 0;
    for (int i = Math.max(0, length - BYTES); i < length; i++) {
      high = high << 8 | low >>> 56;
      low = low << 8 | bytes[offset + i] & 0xff;
    }
    return new TraceId(high, low);
  }

  /// Parses the text of a request: 1 to 32 hex digits in any case; shorter ids are left-padded with
  /// zeros.
  public static TraceId parse(String text) {
    if (text.isEmpty()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "trace ID is empty (expected: 1 to 32 hex digits)");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
        throw new RequestException(
            ErrorCategory.INVALID_ARGUMENT,
            "trace IDs can only contain hex characters: invalid character '"
                + text.charAt(i)
                + "' at position "
                + (i + 1));
      }
    }
    if (text.length() > 2 * BYTES) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "trace IDs can't be larger than 128 bits");
    }
    int split = Math.max(0, text.length() - BYTES);
    long high = split == 0 ? 0 : HexFormat.fromHexDigitsToLong(text, 0, split);
    return new TraceId(high, HexFormat.fromHexDigitsToLong(text, split, text.length()));
  }

  /// The 16 bytes, in a new array.
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    write(bytes, 0);
    return bytes;
  }

  /// Writes the 16 bytes to `target` at `offset`.
  public void write(byte[] target, int offset) {
    for (int i = 0; i < 8; i++) {
      target[offset + i] = (byte) (high >>> (56 - 8 * i));
      target[offset + 8 + i] = (byte) (low >>> (56 - 8 * i));
    }
  }

  /// 32 lower-case hex digits.
  public String toHex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  @Override
  public int compareTo(TraceId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
