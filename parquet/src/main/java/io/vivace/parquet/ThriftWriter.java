package io.vivace.parquet;

import java.nio.charset.StandardCharsets;

/// Writes Thrift's compact protocol.
final class ThriftWriter {
  private static final int MAX_DEPTH = 16;

  private final ByteBuilder out;
  private final int[] outerFields = new int[MAX_DEPTH];
  private int depth;
  private int lastField;

  ThriftWriter(ByteBuilder out) {
    this.out = out;
  }

  void field(int id, boolean value) {
    header(id, value ? ThriftReader.TYPE_TRUE : ThriftReader.TYPE_FALSE);
  }

  void byteField(int id, int value) {
    header(id, ThriftReader.TYPE_BYTE);
    out.put(value);
  }

  void shortField(int id, int value) {
    header(id, ThriftReader.TYPE_I16);
    out.putZigZag(value);
  }

  void field(int id, int value) {
    header(id, ThriftReader.TYPE_I32);
    out.putZigZag(value);
  }

  void field(int id, long value) {
    header(id, ThriftReader.TYPE_I64);
    out.putZigZag(value);
  }

  void field(int id, byte[] value) {
    header(id, ThriftReader.TYPE_BINARY);
    element(value);
  }

  void field(int id, String value) {
    field(id, value.getBytes(StandardCharsets.UTF_8));
  }

  /// The fields of the struct follow, then [#end].
  void struct(int id) {
    header(id, ThriftReader.TYPE_STRUCT);
    elementStruct();
  }

  /// A struct as element of a list; its fields follow, then [#end].
  void elementStruct() {
    outerFields[depth++] = lastField;
    lastField = 0;
  }

  void end() {
    out.put(0);
    lastField = outerFields[--depth];
  }

  /// Ends the outermost struct.
  void endAll() {
    out.put(0);
    lastField = 0;
  }

  /// The elements follow.
  void list(int id, int elementType, int size) {
    header(id, ThriftReader.TYPE_LIST);
    if (size < 15) {
      out.put(size << 4 | elementType);
    } else {
      out.put(0xf0 | elementType);
      out.putVarint(size);
    }
  }

  void element(boolean value) {
    out.put(value ? ThriftReader.TYPE_TRUE : ThriftReader.TYPE_FALSE);
  }

  void element(long value) {
    out.putZigZag(value);
  }

  void element(byte[] value) {
    out.putVarint(value.length);
    out.put(value, 0, value.length);
  }

  private void header(int id, int type) {
    int delta = id - lastField;
    if (delta > 0 && delta <= 15) {
      out.put(delta << 4 | type);
    } else {
      out.put(type);
      out.putZigZag(id);
    }
    lastField = id;
  }
}
