package io.vivace.batch;

import io.vivace.model.proto.ProtoCursor;

/// One OTLP `AnyValue`, taken apart without copying: its kind, and the number or the bounds of its
/// bytes.
final class AnyValueCursor {
  static final int UNSET = 0;
  static final int STRING = 1;
  static final int BOOLEAN = 2;
  static final int LONG = 3;
  static final int DOUBLE = 4;
  static final int ARRAY = 5;
  static final int KVLIST = 6;
  static final int BYTES = 7;

  private static final byte[] NONE = {};

  private final ProtoCursor cursor = new ProtoCursor(NONE, 0, 0);

  /// The number of the field that is set, which are the constants above.
  int kind;

  /// Boolean as 0 or 1, long, or the raw bits of a double.
  long bits;

  /// Where the string, bytes or nested message begins.
  int offset;

  int length;

  /// Reads the message; of several fields the last counts.
  void read(byte[] bytes, int from, int size) {
    kind = UNSET;
    cursor.reset(bytes, from, size);
    while (cursor.next()) {
      int field = cursor.field();
      switch (field) {
        case STRING, ARRAY, KVLIST, BYTES -> {
          if (cursor.is(ProtoCursor.LENGTH)) {
            length = cursor.readLength();
            offset = cursor.valueOffset();
            kind = field;
          }
        }
        case BOOLEAN, LONG -> {
          if (cursor.is(ProtoCursor.VARINT)) {
            long number = cursor.readVarint();
            bits = field == BOOLEAN && number != 0 ? 1 : number;
            kind = field;
          }
        }
        case DOUBLE -> {
          if (cursor.is(ProtoCursor.FIXED64)) {
            bits = cursor.readFixed64();
            kind = field;
          }
        }
        default -> cursor.skip();
      }
    }
  }
}
