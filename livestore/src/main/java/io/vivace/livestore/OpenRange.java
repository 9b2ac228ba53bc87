package io.vivace.livestore;

import io.vivace.livestore.wal.LogRange;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One range of the log in memory, from its first record until its blocks are in the list of
/// blocks. Its salt, and with it the ids of its blocks, is chosen when it opens, so that every view
/// of its spans can name the block they will be in.
final class OpenRange {
  private static final int SALT_BYTES = 16;

  final long startInclusive;
  final UUID salt;
  final boolean isRecovered;

  /// The tenants with spans in it. The log's thread (or recovery) adds, others read.
  final Collection<TenantRange> tenants = new ConcurrentLinkedQueue<>();

  /// Bytes of live traces and columns in it.
  final AtomicLong sizeBytes = new AtomicLong();

  /// When its first span came, on the monotonic clock; not defined before that.
  volatile long firstNanos;

  private volatile @Nullable LogRange closed;

  // Of the thread that builds blocks.
  int failedAttempts;
  long nextAttemptNanos;

  OpenRange(long startInclusive, UUID salt, boolean isRecovered) {
    this.startInclusive = startInclusive;
    this.salt = salt;
    this.isRecovered = isRecovered;
  }

  static OpenRange open(long startInclusive) {
    return new OpenRange(startInclusive, UUID.randomUUID(), false);
  }

  static OpenRange recovered(LogRange range) {
    OpenRange recovered = new OpenRange(range.startInclusive(), range.salt(), true);
    recovered.close(range);
    return recovered;
  }

  byte[] saltBytes() {
    return ByteBuffer.allocate(SALT_BYTES)
        .putLong(salt.getMostSignificantBits())
        .putLong(salt.getLeastSignificantBits())
        .array();
  }

  boolean isEmpty() {
    return tenants.isEmpty();
  }

  void close(LogRange range) {
    closed = range;
  }

  /// Behind its last record; only for closed ranges.
  long endExclusive() {
    LogRange range = closed;
    if (range == null) {
      throw new IllegalStateException("the range is open");
    }
    return range.endExclusive();
  }
}
