package io.vivace.ingest.otlp;

import io.vivace.model.proto.ProtoWriter;

/// Rewrites messages whose attributes have keys or string values over the limit: those are cut at a
/// code point boundary, everything else is copied as it is. The rewritten messages go to the side
/// buffer of the span table. Expects bytes that the scanner has checked.
public final class AttributeTruncator {
  private static final byte[] NOTHING = {};

  private final ProtoWriter side;
  private final WireReader in = new WireReader();
  private final int[] counts = new int[Scope.values().length];
  private int maxBytes;
  private int rewrittenLength;

  AttributeTruncator(ProtoWriter side) {
    this.side = side;
  }

  /// Which attributes were cut.
  public enum Scope {
    RESOURCE,
    SCOPE,
    SPAN,
    EVENT,
    LINK
  }

  /// Keys and values that were cut since the scan began.
  public int count(Scope scope) {
    return counts[scope.ordinal()];
  }

  void clear() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 0;
    }
  }

  int rewrittenLength() {
    return rewrittenLength;
  }

  int rewriteResource(byte[] bytes, int offset, int length, int limit) {
    int from = begin(bytes, offset, limit);
    copyWithAttributes(offset + length, 0x0A, Scope.RESOURCE);
    return finish(from);
  }

  int rewriteScope(byte[] bytes, int offset, int length, int limit) {
    int from = begin(bytes, offset, limit);
    copyWithAttributes(offset + length, 0x1A, Scope.SCOPE);
    return finish(from);
  }

  int rewriteSpan(byte[] bytes, int offset, int length, int limit) {
    int from = begin(bytes, offset, limit);
    int end = offset + length;
    while (in.position < end) {
      int fieldStart = in.position;
      int tag = in.readTag(end);
      switch (tag) {
        case 0x4A -> copyAttribute(9, in.readLength(end), Scope.SPAN);
        case 0x5A -> copyNested(11, in.readLength(end), 0x1A, Scope.EVENT);
        case 0x6A -> copyNested(13, in.readLength(end), 0x22, Scope.LINK);
        default -> copyField(fieldStart, tag, end);
      }
    }
    return finish(from);
  }

  private int begin(byte[] bytes, int offset, int limit) {
    in.bytes = bytes;
    in.position = offset;
    maxBytes = limit;
    return side.size();
  }

  private int finish(int from) {
    in.bytes = NOTHING;
    rewrittenLength = side.size() - from;
    return from;
  }

  private void copyNested(int field, int length, int attributeTag, Scope scope) {
    int mark = side.beginMessage(field);
    copyWithAttributes(in.position + length, attributeTag, scope);
    side.endMessage(mark);
  }

  private void copyWithAttributes(int end, int attributeTag, Scope scope) {
    while (in.position < end) {
      int fieldStart = in.position;
      int tag = in.readTag(end);
      if (tag == attributeTag) {
        copyAttribute(tag >>> 3, in.readLength(end), scope);
      } else {
        copyField(fieldStart, tag, end);
      }
    }
  }

  private void copyAttribute(int field, int length, Scope scope) {
    int end = in.position + length;
    int mark = side.beginMessage(field);
    while (in.position < end) {
      int fieldStart = in.position;
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> copyCut(in.readLength(end), scope);
        case 0x12 -> copyValue(in.readLength(end), scope);
        default -> copyField(fieldStart, tag, end);
      }
    }
    side.endMessage(mark);
  }

  private void copyValue(int length, Scope scope) {
    int end = in.position + length;
    int mark = side.beginMessage(2);
    while (in.position < end) {
      int fieldStart = in.position;
      int tag = in.readTag(end);
      if (tag == 0x0A) {
        copyCut(in.readLength(end), scope);
      } else {
        copyField(fieldStart, tag, end);
      }
    }
    side.endMessage(mark);
  }

  // Keys and string values are both field 1 of their message.
  private void copyCut(int length, Scope scope) {
    int kept = length;
    if (length > maxBytes) {
      kept = boundaryBefore(in.bytes, in.position, maxBytes);
      counts[scope.ordinal()]++;
    }
    side.writeBytes(1, in.bytes, in.position, kept);
    in.position += length;
  }

  private void copyField(int fieldStart, int tag, int end) {
    in.skip(tag, end);
    side.writeRaw(in.bytes, fieldStart, in.position - fieldStart);
  }

  /// The largest length of at most `length` after which no code point is cut apart. Bytes that are
  /// not UTF-8 are cut at `length`.
  static int boundaryBefore(byte[] bytes, int offset, int length) {
    int at = length;
    int lowest = Math.max(0, length - 3);
    while (at > lowest && (bytes[offset + at] & 0xC0) == 0x80) {
      at--;
    }
    return (bytes[offset + at] & 0xC0) == 0x80 ? length : at;
  }
}
