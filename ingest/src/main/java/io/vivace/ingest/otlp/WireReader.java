package io.vivace.ingest.otlp;

import io.vivace.model.proto.MalformedProtoException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads protobuf primitives at a moving position of one array. Unlike
/// [io.vivace.model.proto.ProtoCursor] it has no end of its own: the caller passes the end of the
/// message that it is in, so nested messages need no second reader. Confined to one thread.
final class WireReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private static final int MAX_GROUP_DEPTH = 32;
  private static final byte[] NOTHING = {};
  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  byte[] bytes = NOTHING;
  int position;

  /// Reads the tag of the next field (field number × 8 + wire type).
  int readTag(int end) {
    int at = position;
    if (at < end) {
      byte first = bytes[at];
      if (first >= 8) {
        position = at + 1;
        return first;
      }
    }
    long tag = readVarint(end);
    if (tag >>> 32 != 0) {
      throw malformed("tag larger than 32 bits");
    }
    if (tag >>> 3 == 0) {
      throw malformed("field number 0");
    }
    return (int) tag;
  }

  long readVarint(int end) {
    int at = position;
    if (at < end) {
      byte first = bytes[at];
      if (first >= 0) {
        position = at + 1;
        return first;
      }
    }
    return readLongVarint(end);
  }

  private long readLongVarint(int end) {
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

  /// Reads the length of a length-delimited value; the position is then at its first byte, and the
  /// value is sure to lie within `end`.
  int readLength(int end) {
    long length = readVarint(end);
    if (length < 0 || length > end - position) {
      throw malformed(
          "length "
              + Long.toUnsignedString(length)
              + " exceeds the "
              + (end - position)
              + " bytes left");
    }
    return (int) length;
  }

  void skipFixed(int size, int end) {
    if (end - position < size) {
      throw malformed("truncated fixed" + size * 8);
    }
    position += size;
  }

  void skipLength(int end) {
    int length = readLength(end);
    position += length;
  }

  long longAt(int offset) {
    return (long) BIG_ENDIAN_LONG.get(bytes, offset);
  }

  /// Moves behind the value of the field whose tag was just read.
  void skip(int tag, int end) {
    skip(tag, end, 0);
  }

  private void skip(int tag, int end, int depth) {
    switch (tag & 7) {
      case VARINT -> readVarint(end);
      case FIXED64 -> skipFixed(8, end);
      case LENGTH -> skipLength(end);
      case FIXED32 -> skipFixed(4, end);
      case START_GROUP -> skipGroup(tag, end, depth);
      default -> throw malformed("wire type " + (tag & 7) + " of field " + (tag >>> 3));
    }
  }

  private void skipGroup(int startTag, int end, int depth) {
    if (depth >= MAX_GROUP_DEPTH) {
      throw malformed("groups nested deeper than " + MAX_GROUP_DEPTH);
    }
    while (position < end) {
      int tag = readTag(end);
      if ((tag & 7) == END_GROUP) {
        if (tag >>> 3 != startTag >>> 3) {
          throw malformed("end of group " + (tag >>> 3) + " inside group " + (startTag >>> 3));
        }
        return;
      }
      skip(tag, end, depth + 1);
    }
    throw malformed("group " + (startTag >>> 3) + " without end");
  }

  /// Skips a field that is not one of the known tags of a message: an unknown field, or a known one
  /// with a wire type that it cannot have, which is an error.
  void skipUnknown(int tag, int lastKnownField, int end, String message) {
    int field = tag >>> 3;
    if (field <= lastKnownField) {
      throw malformed("wire type " + (tag & 7) + " for field " + field + " of " + message);
    }
    skip(tag, end);
  }

  MalformedProtoException malformed(String problem) {
    return new MalformedProtoException("malformed protobuf: " + problem + " at byte " + position);
  }
}
