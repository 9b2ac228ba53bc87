package io.vivace.parquet;

/// Reads Thrift's compact protocol from a byte array, field by field, skipping what is not asked
/// for. Every count is checked against the bytes that are left, so that a forged one cannot make
/// the caller allocate more than the input's own size times a small factor.
final class ThriftReader {
  static final int TYPE_TRUE = 1;
  static final int TYPE_FALSE = 2;
  static final int TYPE_BYTE = 3;
  static final int TYPE_I16 = 4;
  static final int TYPE_I32 = 5;
  static final int TYPE_I64 = 6;
  static final int TYPE_DOUBLE = 7;
  static final int TYPE_BINARY = 8;
  static final int TYPE_LIST = 9;
  static final int TYPE_SET = 10;
  static final int TYPE_MAP = 11;
  static final int TYPE_STRUCT = 12;
  static final int TYPE_UUID = 13;

  private static final int MAX_DEPTH = 32;

  private final byte[] bytes;
  private final int end;
  private final String what;
  private int position;
  private int fieldType;

  /// @param what named in errors
  ThriftReader(byte[] bytes, int start, int end, String what) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.what = what;
  }

  int position() {
    return position;
  }

  void position(int newPosition) {
    position = newPosition;
  }

  byte[] bytes() {
    return bytes;
  }

  MalformedParquetException malformed(String problem) {
    return new MalformedParquetException(what + ": " + problem + " at byte " + position);
  }

  /// The id of the next field of the struct, or 0 at its end.
  ///
  /// @param previous the id of the field before it, 0 at the start
  int nextField(int previous) throws MalformedParquetException {
    int header = readByte();
    if (header == 0) {
      return 0;
    }
    fieldType = header & 0x0f;
    int delta = (header >>> 4) & 0x0f;
    int id = delta == 0 ? (int) readZigZag() : previous + delta;
    if (id <= 0 || id > Short.MAX_VALUE) {
      throw malformed("field id " + id);
    }
    return id;
  }

  /// The type of the field that [#nextField] came to.
  int fieldType() {
    return fieldType;
  }

  void skipField() throws MalformedParquetException {
    skip(fieldType, 0);
  }

  boolean readBool() throws MalformedParquetException {
    if (fieldType != TYPE_TRUE && fieldType != TYPE_FALSE) {
      throw malformed("a bool is expected, not type " + fieldType);
    }
    return fieldType == TYPE_TRUE;
  }

  int readI32() throws MalformedParquetException {
    if (fieldType != TYPE_I32 && fieldType != TYPE_I16) {
      throw malformed("an i32 is expected, not type " + fieldType);
    }
    return (int) readZigZag();
  }

  int readI8() throws MalformedParquetException {
    expect(TYPE_BYTE, "a byte");
    return (byte) readByte();
  }

  long readI64() throws MalformedParquetException {
    expect(TYPE_I64, "an i64");
    return readZigZag();
  }

  /// Checks that the current field is a struct; its fields follow.
  void enterStruct() throws MalformedParquetException {
    expect(TYPE_STRUCT, "a struct");
  }

  /// The size of the list that the current field is; its elements follow.
  int enterList(int elementType) throws MalformedParquetException {
    expect(TYPE_LIST, "a list");
    int header = readByte();
    int size = header >>> 4;
    if (size == 15) {
      size = readLength("a list");
    }
    checkLeft(size, "a list");
    int type = header & 0x0f;
    boolean matches =
        type == elementType || (elementType == TYPE_TRUE && type == TYPE_FALSE) || size == 0;
    if (!matches) {
      throw malformed("a list of type " + elementType + " is expected, not " + type);
    }
    return size;
  }

  boolean readListBool() throws MalformedParquetException {
    return readByte() == 1;
  }

  int readListI32() throws MalformedParquetException {
    return (int) readZigZag();
  }

  long readListI64() throws MalformedParquetException {
    return readZigZag();
  }

  byte[] readBinary() throws MalformedParquetException {
    expect(TYPE_BINARY, "binary");
    return readListBinary();
  }

  byte[] readListBinary() throws MalformedParquetException {
    int length = readLength("binary");
    byte[] copy = java.util.Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  /// Skips binary whose bytes then lie before [#position].
  ///
  /// @return its length
  int skipListBinary() throws MalformedParquetException {
    int length = readLength("binary");
    position += length;
    return length;
  }

  private void expect(int type, String name) throws MalformedParquetException {
    if (fieldType != type) {
      throw malformed(name + " is expected, not type " + fieldType);
    }
  }

  private int readByte() throws MalformedParquetException {
    if (position >= end) {
      throw malformed("ends too early");
    }
    return bytes[position++] & 0xff;
  }

  private long readVarint() throws MalformedParquetException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = readByte();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed("a number has more than 10 bytes");
  }

  private long readZigZag() throws MalformedParquetException {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  private int readLength(String of) throws MalformedParquetException {
    long length = readVarint();
    checkLeft(length, of);
    return (int) length;
  }

  private void checkLeft(long size, String of) throws MalformedParquetException {
    if (size < 0 || size > end - position) {
      throw malformed(of + " of " + size + " where " + (end - position) + " bytes are left");
    }
  }

  private void skip(int type, int depth) throws MalformedParquetException {
    if (depth > MAX_DEPTH) {
      throw malformed("nested more than " + MAX_DEPTH + " deep");
    }
    switch (type) {
      case TYPE_TRUE, TYPE_FALSE -> {}
      case TYPE_BYTE -> readByte();
      case TYPE_I16, TYPE_I32, TYPE_I64 -> readVarint();
      case TYPE_DOUBLE -> skipBytes(8);
      case TYPE_UUID -> skipBytes(16);
      case TYPE_BINARY -> skipListBinary();
      case TYPE_LIST, TYPE_SET -> skipList(depth);
      case TYPE_MAP -> skipMap(depth);
      case TYPE_STRUCT -> skipStruct(depth);
      default -> throw malformed("type " + type);
    }
  }

  private void skipBytes(int length) throws MalformedParquetException {
    checkLeft(length, "a value");
    position += length;
  }

  private void skipStruct(int depth) throws MalformedParquetException {
    for (int id = nextField(0); id != 0; id = nextField(id)) {
      skip(fieldType, depth + 1);
    }
  }

  private void skipList(int depth) throws MalformedParquetException {
    int header = readByte();
    int size = header >>> 4;
    if (size == 15) {
      size = readLength("a list");
    }
    for (int i = 0; i < size; i++) {
      skipElement(header & 0x0f, depth);
    }
  }

  private void skipMap(int depth) throws MalformedParquetException {
    int size = readLength("a map");
    if (size == 0) {
      return;
    }
    int types = readByte();
    for (int i = 0; i < size; i++) {
      skipElement(types >>> 4, depth);
      skipElement(types & 0x0f, depth);
    }
  }

  /// Inside lists and maps a bool is a byte of its own.
  private void skipElement(int type, int depth) throws MalformedParquetException {
    if (type == TYPE_TRUE || type == TYPE_FALSE) {
      readByte();
    } else {
      skip(type, depth + 1);
    }
  }
}
