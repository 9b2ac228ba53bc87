package io.vivace.model.proto;

/// Walks the fields of one protobuf message that lies in a byte array. Nothing is copied or
/// allocated per field.
///
/// Use: `while (cursor.next()) switch (cursor.field()) { case 1 -> …; default -> cursor.skip(); }`.
/// After [#next] exactly one of the value methods or [#skip] must be called. A length-delimited
/// field is entered by reading its bounds with [#readLength] (the value starts at [#position],
/// which the call has already moved **past** it; see [#valueOffset]) and placing another cursor, or
/// this one after [#reset], on them.
///
/// Every read is bounds-checked against the message's end; violations throw
/// [MalformedProtoException]. Confined to one thread.
public final class ProtoCursor {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int LENGTH = 2;
  public static final int START_GROUP = 3;
  public static final int END_GROUP = 4;
  public static final int FIXED32 = 5;

  private static final int MAX_GROUP_DEPTH = 32;

  private byte[] bytes;
  private int position;
  private int end;
  private int field;
  private int wireType;
  private int valueOffset;

  public ProtoCursor(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    reset(bytes, offset, length);
  }

  /// Places the cursor before the first field of another message.
  public void reset(byte[] newBytes, int offset, int length) {
    if (offset < 0 || length < 0 || offset > newBytes.length - length) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + ", length " + length + " of " + newBytes.length);
    }
    bytes = newBytes;
    position = offset;
    end = offset + length;
  }

  /// Reads the next tag; false at the end of the message.
  public boolean next() {
    if (position >= end) {
      return false;
    }
    long tag = readVarint();
    if (tag >>> 32 != 0) {
      throw malformed("tag larger than 32 bits");
    }
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (field == 0) {
      throw malformed("field number 0");
    }
    return true;
  }

  public int field() {
    return field;
  }

  public int wireType() {
    return wireType;
  }

  /// The array that is read, shared with the caller.
  public byte[] bytes() {
    return bytes;
  }

  /// Index of the next unread byte.
  public int position() {
    return position;
  }

  /// Index behind the last byte of the message.
  public int end() {
    return end;
  }

  /// Where the last length-delimited value begins in [#bytes].
  public int valueOffset() {
    return valueOffset;
  }

  /// True if the current field has `expected` as its wire type; otherwise the field is skipped, as
  /// parsers do with unknown fields.
  public boolean is(int expected) {
    if (wireType == expected) {
      return true;
    }
    skip();
    return false;
  }

  public long readVarint() {
    int at = position;
    if (at < end) {
      byte first = bytes[at];
      if (first >= 0) {
        position = at + 1;
        return first;
      }
    }
    return readLongVarint();
  }

  private long readLongVarint() {
    long value = 0;
    int at = position;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) {
        throw malformed("truncated varint");
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        position = at;
        return value;
      }
    }
    throw malformed("varint longer than 10 bytes");
  }

  public long readFixed64() {
    if (end - position < 8) {
      throw malformed("truncated fixed64");
    }
    long value = (long) Bytes.LONG.get(bytes, position);
    position += 8;
    return value;
  }

  public int readFixed32() {
    if (end - position < 4) {
      throw malformed("truncated fixed32");
    }
    int value = (int) Bytes.INT.get(bytes, position);
    position += 4;
    return value;
  }

  /// Reads a length, remembers where the value begins ([#valueOffset]), moves behind the value and
  /// returns its length.
  public int readLength() {
    long length = readVarint();
    if (length < 0 || length > end - position) {
      throw malformed(
          "length "
              + Long.toUnsignedString(length)
              + " exceeds the "
              + (end - position)
              + " bytes left");
    }
    valueOffset = position;
    position += (int) length;
    return (int) length;
  }

  /// Moves behind the current field, whatever it is.
  public void skip() {
    skip(0);
  }

  private void skip(int depth) {
    switch (wireType) {
      case VARINT -> readVarint();
      case FIXED64 -> readFixed64();
      case LENGTH -> readLength();
      case FIXED32 -> readFixed32();
      case START_GROUP -> skipGroup(depth);
      default -> throw malformed("wire type " + wireType);
    }
  }

  private void skipGroup(int depth) {
    if (depth >= MAX_GROUP_DEPTH) {
      throw malformed("groups nested deeper than " + MAX_GROUP_DEPTH);
    }
    int group = field;
    while (next()) {
      if (wireType == END_GROUP) {
        if (field != group) {
          throw malformed("end of group " + field + " inside group " + group);
        }
        return;
      }
      skip(depth + 1);
    }
    throw malformed("group " + group + " without end");
  }

  /// An exception that names `problem` and the current offset.
  public MalformedProtoException malformed(String problem) {
    return new MalformedProtoException("malformed protobuf: " + problem + " at byte " + position);
  }
}
