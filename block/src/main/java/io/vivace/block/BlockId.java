package io.vivace.block;

import io.vivace.model.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

/// The name of a block within its tenant, ordered as its 16 bytes are (unsigned). Ids are never
/// reused.
public record BlockId(UUID value) implements Comparable<BlockId> {
  /// Separates derived ids from those that other programs derive.
  private static final UUID NAMESPACE = UUID.fromString("7be3c1f4-5e0d-4b0b-9c53-2f1b8a6de0c7");

  /// A new id that nobody else has.
  public static BlockId random() {
    return new BlockId(UUID.randomUUID());
  }

  /// The id that belongs to `tenant` and `salt` forever (UUID version 5), so that a repeated
  /// attempt to write the same data meets the block of the first one.
  public static BlockId derive(TenantId tenant, byte[] salt) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
    ByteBuffer namespace = ByteBuffer.allocate(16);
    namespace.putLong(NAMESPACE.getMostSignificantBits());
    namespace.putLong(NAMESPACE.getLeastSignificantBits());
    digest.update(namespace.array());
    digest.update(tenant.value().getBytes(StandardCharsets.UTF_8));
    digest.update(salt);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    long high = hash.getLong() & ~0xf000L | 0x5000L;
    long low = hash.getLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    return new BlockId(new UUID(high, low));
  }

  /// Reads the dashed form of 36 characters; empty for anything else.
  public static Optional<BlockId> parse(String text) {
    if (text.length() != 36) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BlockId(UUID.fromString(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(BlockId other) {
    int byHigh =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return byHigh != 0
        ? byHigh
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  /// Lower-case dashed form, as in object keys.
  @Override
  public String toString() {
    return value.toString();
  }
}
