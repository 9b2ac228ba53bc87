package io.vivace.model.proto;

import java.util.Arrays;

/// Appends protobuf fields to a growing byte array. Nested messages are written either with a known
/// length ([#writeTag] + [#writeVarint] + bytes) or between [#beginMessage] and [#endMessage],
/// which reserves a five-byte length.
///
/// Reusable after [#clear]. Confined to one thread.
public final class ProtoWriter {
  private static final int LENGTH_BYTES = 5;

  private byte[] bytes;
  private int size;

  public ProtoWriter() {
    this(256);
  }

  public ProtoWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /// The backing array; valid up to [#size] and until the next write.
  public byte[] array() {
    return bytes;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  public void writeTag(int field, int wireType) {
    writeVarint((long) field << 3 | wireType);
  }

  public void writeVarint(long value) {
    // A writer that was given the exact size must not grow for the last bytes.
    if (bytes.length - size < 10) {
      ensure(varintSize(value));
    }
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /// A varint field; written even if zero.
  public void writeVarint(int field, long value) {
    writeTag(field, ProtoCursor.VARINT);
    writeVarint(value);
  }

  public void writeFixed64(int field, long value) {
    writeTag(field, ProtoCursor.FIXED64);
    ensure(8);
    Bytes.LONG.set(bytes, size, value);
    size += 8;
  }

  public void writeFixed32(int field, int value) {
    writeTag(field, ProtoCursor.FIXED32);
    ensure(4);
    Bytes.INT.set(bytes, size, value);
    size += 4;
  }

  public void writeDouble(int field, double value) {
    writeFixed64(field, Double.doubleToRawLongBits(value));
  }

  /// A length-delimited field.
  public void writeBytes(int field, byte[] source, int offset, int length) {
    writeTag(field, ProtoCursor.LENGTH);
    writeVarint(length);
    writeRaw(source, offset, length);
  }

  public void writeBytes(int field, byte[] source) {
    writeBytes(field, source, 0, source.length);
  }

  /// Bytes without tag or length.
  public void writeRaw(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /// Starts a nested message; the returned mark goes to [#endMessage].
  public int beginMessage(int field) {
    writeTag(field, ProtoCursor.LENGTH);
    ensure(LENGTH_BYTES);
    size += LENGTH_BYTES;
    return size;
  }

  /// Ends the nested message that began at `mark`: writes its length and closes the gap.
  public void endMessage(int mark) {
    int length = size - mark;
    int needed = varintSize(length);
    int lengthAt = mark - LENGTH_BYTES;
    System.arraycopy(bytes, mark, bytes, lengthAt + needed, length);
    size = lengthAt;
    writeVarint(length);
    size += length;
  }

  /// Bytes that `value` takes as a varint.
  public static int varintSize(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max((long) size + more, bytes.length * 3L / 2);
      if ((long) size + more > Integer.MAX_VALUE - 16) {
        throw new OutOfMemoryError("message larger than 2 GiB");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
  }
}
