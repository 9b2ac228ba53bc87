package io.vivace.livestore.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The bytes of a segment.
///
/// ```
/// segment  = header record*              name: <base sequence, 16 hex>-<salt, 16 hex>.wal
/// header   = magic "VIVAWAL1" (8), base sequence (8), salt (8), crc32c of these 24 bytes (4), zero (4)
/// record   = magic (4), type (1), tenant length (1), zero (2), payload length (4), crc32c of the body (4),
///            sequence (8), arrival in epoch nanoseconds (8), crc32c of the seed and these 32 bytes (4), body
/// body     = tenant, payload
/// data     payload: the push record
/// close    payload: range start (8), range end (8), salt of the block ids (16)
/// done     payload: range end (8)
/// ```
///
/// All numbers are little-endian. The record's own checksum lets a reader trust the length before
/// it reads the body, and find the next record behind damaged bytes. Its seed, the segment's random
/// salt plus the record's position, keeps bytes that a client sent, and records that a disk put in
/// the wrong place, from looking like a record. The name repeats base and salt, so that a damaged
/// segment header costs nothing.
final class WalFormat {
  static final String SUFFIX = ".wal";
  static final int SEGMENT_HEADER_BYTES = 32;
  static final int RECORD_HEADER_BYTES = 36;
  static final int RECORD_MAGIC = 0x43455256;
  static final int CLOSE_BYTES = 32;
  static final int DONE_BYTES = 8;

  static final byte DATA = 1;
  static final byte CLOSE = 2;
  static final byte DONE = 3;

  private static final long SEGMENT_MAGIC = 0x314c4157_41564956L;
  private static final int HEX_DIGITS = 16;
  private static final int NAME_LENGTH = 2 * HEX_DIGITS + 1 + SUFFIX.length();
  private static final int CHECKED_HEADER_BYTES = 24;
  private static final int CHECKED_RECORD_BYTES = 32;

  private WalFormat() {}

  /// Base sequence and salt of a segment, as its name says.
  record SegmentName(long baseSequence, long salt) {
    String fileName() {
      java.util.HexFormat hex = java.util.HexFormat.of();
      return hex.toHexDigits(baseSequence) + "-" + hex.toHexDigits(salt) + SUFFIX;
    }

    /// The parts of a segment's file name; null if `name` is none.
    static @Nullable SegmentName parse(String name) {
      if (name.length() != NAME_LENGTH
          || !name.endsWith(SUFFIX)
          || name.charAt(HEX_DIGITS) != '-') {
        return null;
      }
      try {
        long base = java.util.HexFormat.fromHexDigitsToLong(name, 0, HEX_DIGITS);
        long salt =
            java.util.HexFormat.fromHexDigitsToLong(name, HEX_DIGITS + 1, 2 * HEX_DIGITS + 1);
        return base < 0 ? null : new SegmentName(base, salt);
      } catch (IllegalArgumentException e) {
        // Not hex digits: a foreign file.
        return null;
      }
    }
  }

  /// The fixed part of a record.
  record RecordHeader(
      byte type,
      int tenantLength,
      int payloadLength,
      int bodyCrc,
      long sequence,
      long arrivalEpochNanos) {
    long totalBytes() {
      return (long) RECORD_HEADER_BYTES + tenantLength + payloadLength;
    }
  }

  static void putSegmentHeader(ByteBuffer target, SegmentName name) {
    ByteBuffer header = ByteBuffer.allocate(SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(SEGMENT_MAGIC).putLong(name.baseSequence()).putLong(name.salt());
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, CHECKED_HEADER_BYTES);
    header.putInt((int) crc.getValue()).putInt(0);
    target.put(header.flip());
  }

  /// True if `bytes` begin with the header of the segment of that name.
  static boolean isSegmentHeader(ByteBuffer bytes, SegmentName name) {
    ByteBuffer expected = ByteBuffer.allocate(SEGMENT_HEADER_BYTES);
    putSegmentHeader(expected, name);
    return bytes.remaining() >= SEGMENT_HEADER_BYTES
        && expected.flip().equals(bytes.slice(bytes.position(), SEGMENT_HEADER_BYTES));
  }

  /// Writes a record's header into `target`, a little-endian heap buffer with at least
  /// [#RECORD_HEADER_BYTES] of room.
  static void putRecordHeader(ByteBuffer target, long seed, RecordHeader header) {
    int start = target.position();
    target
        .putInt(RECORD_MAGIC)
        .put(header.type())
        .put((byte) header.tenantLength())
        .putShort((short) 0)
        .putInt(header.payloadLength())
        .putInt(header.bodyCrc())
        .putLong(header.sequence())
        .putLong(header.arrivalEpochNanos());
    target.putInt(headerCrc(target, start, seed));
  }

  /// The record header at `offset`; null if there is none. Nothing is said about the body yet.
  static @Nullable RecordHeader recordHeaderAt(ByteBuffer bytes, int offset, long seed) {
    if (bytes.limit() - offset < RECORD_HEADER_BYTES || bytes.getInt(offset) != RECORD_MAGIC) {
      return null;
    }
    if (bytes.getInt(offset + CHECKED_RECORD_BYTES) != headerCrc(bytes, offset, seed)) {
      return null;
    }
    RecordHeader header =
        new RecordHeader(
            bytes.get(offset + 4),
            bytes.get(offset + 5) & 0xff,
            bytes.getInt(offset + 8),
            bytes.getInt(offset + 12),
            bytes.getLong(offset + 16),
            bytes.getLong(offset + 24));
    return isPlausible(header) ? header : null;
  }

  private static boolean isPlausible(RecordHeader header) {
    if (header.payloadLength() < 0 || header.sequence() < 0) {
      return false;
    }
    return switch (header.type()) {
      case DATA -> header.tenantLength() > 0;
      case CLOSE -> header.payloadLength() == CLOSE_BYTES;
      case DONE -> header.payloadLength() == DONE_BYTES;
      default -> false;
    };
  }

  static int bodyCrc(byte[] tenant, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(tenant, 0, tenant.length);
    crc.update(payload, 0, payload.length);
    return (int) crc.getValue();
  }

  private static int headerCrc(ByteBuffer bytes, int start, long seed) {
    CRC32C crc = new CRC32C();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      crc.update((int) (seed >>> shift) & 0xff);
    }
    crc.update(bytes.array(), bytes.arrayOffset() + start, CHECKED_RECORD_BYTES);
    return (int) crc.getValue();
  }
}
