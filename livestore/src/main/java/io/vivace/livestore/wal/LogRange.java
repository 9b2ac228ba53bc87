package io.vivace.livestore.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/// A closed range of the log.
///
/// @param startInclusive first sequence number
/// @param endExclusive behind the last sequence number
/// @param salt random; block ids are derived from it and the tenant
public record LogRange(long startInclusive, long endExclusive, UUID salt) {
  byte[] encode() {
    return ByteBuffer.allocate(WalFormat.CLOSE_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(startInclusive)
        .putLong(endExclusive)
        .putLong(salt.getMostSignificantBits())
        .putLong(salt.getLeastSignificantBits())
        .array();
  }

  static LogRange decode(byte[] payload) {
    ByteBuffer buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    return new LogRange(
        buffer.getLong(), buffer.getLong(), new UUID(buffer.getLong(), buffer.getLong()));
  }
}
