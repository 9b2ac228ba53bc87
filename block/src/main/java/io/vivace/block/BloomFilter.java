package io.vivace.block;

import io.vivace.model.TraceId;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A sharded bloom filter over trace ids, bit for bit the one that Tempo writes.
///
/// Building and asking are separate: [BloomFilter] collects ids and yields the objects `bloom-0` …,
/// [Shard] is one of them as read back. Confined to one thread.
public final class BloomFilter {
  static final int HEADER_BYTES = 24;
  private static final int MAX_SHARDS = 1000;
  private static final int MAX_HASHES = 64;
  private static final int DEFAULT_HASHES = 7;

  private final Shard[] shards;

  /// @param expectedCount how many ids will be added
  /// @param falsePositiveRate between 0 and 1, both excluded
  /// @param shardSizeBytes bytes of bits in each shard
  public BloomFilter(long expectedCount, double falsePositiveRate, int shardSizeBytes) {
    if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) {
      throw new IllegalArgumentException(
          "falsePositiveRate: " + falsePositiveRate + " (expected: between 0 and 1)");
    }
    if (shardSizeBytes < 1) {
      throw new IllegalArgumentException("shardSizeBytes: " + shardSizeBytes + " (expected: >= 1)");
    }
    int hashes = DEFAULT_HASHES;
    int count = 1;
    if (expectedCount > 0) {
      double ln2 = Math.log(2);
      double bits = Math.ceil(-expectedCount * Math.log(falsePositiveRate) / (ln2 * ln2));
      hashes = (int) Math.ceil(ln2 * bits / expectedCount);
      count = (int) Math.clamp(Math.ceil(bits / (8.0 * shardSizeBytes)), 1, MAX_SHARDS);
    }
    shards = new Shard[count];
    long bits = 8L * shardSizeBytes;
    for (int i = 0; i < count; i++) {
      shards[i] = new Shard(bits, hashes, new long[(int) ((bits + 63) >>> 6)]);
    }
  }

  public void add(TraceId id) {
    shards[shardOf(id, shards.length)].add(id);
  }

  public int shardCount() {
    return shards.length;
  }

  /// The content of object `bloom-<shard>`.
  public byte[] toBytes(int shard) {
    return shards[shard].toBytes();
  }

  /// The shard that an id belongs to.
  public static int shardOf(TraceId id, int shardCount) {
    int hash = 0x811c9dc5;
    for (int shift = 56; shift >= 0; shift -= 8) {
      hash = hash * 16777619 ^ (int) (id.high() >>> shift & 0xff);
    }
    for (int shift = 56; shift >= 0; shift -= 8) {
      hash = hash * 16777619 ^ (int) (id.low() >>> shift & 0xff);
    }
    return Integer.remainderUnsigned(hash, shardCount);
  }

  /// One shard. Immutable once it is read.
  public static final class Shard {
    private final long bits;
    private final int hashes;
    private final long[] words;

    private Shard(long bits, int hashes, long[] words) {
      this.bits = bits;
      this.hashes = hashes;
      this.words = words;
    }

    /// Parses an object `bloom-<n>`.
    ///
    /// @param source named in error messages
    public static Shard read(byte[] bytes, String source) throws IOException {
      if (bytes.length < HEADER_BYTES) {
        throw new IOException(source + ": bloom filter of " + bytes.length + " bytes");
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      long bits = buffer.getLong();
      long hashes = buffer.getLong();
      long length = buffer.getLong();
      long wordCount = (bits >>> 6) + ((bits & 63) == 0 ? 0 : 1);
      if (bits < 1
          || length != bits
          || hashes < 1
          || hashes > MAX_HASHES
          || wordCount != (bytes.length - HEADER_BYTES) / 8
          || (bytes.length & 7) != 0) {
        throw new IOException(
            source + ": bloom filter header does not fit its " + bytes.length + " bytes");
      }
      long[] words = new long[(int) wordCount];
      buffer.asLongBuffer().get(words);
      return new Shard(bits, (int) hashes, words);
    }

    /// False if no trace of this id was added.
    public boolean mayContain(TraceId id) {
      TraceIdHash hash = TraceIdHash.of(id);
      for (int i = 0; i < hashes; i++) {
        long bit = Long.remainderUnsigned(hash.location(i), bits);
        if ((words[(int) (bit >>> 6)] & 1L << bit) == 0) {
          return false;
        }
      }
      return true;
    }

    long sizeBytes() {
      return 8L * words.length;
    }

    private void add(TraceId id) {
      TraceIdHash hash = TraceIdHash.of(id);
      for (int i = 0; i < hashes; i++) {
        long bit = Long.remainderUnsigned(hash.location(i), bits);
        words[(int) (bit >>> 6)] |= 1L << bit;
      }
    }

    private byte[] toBytes() {
      ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + 8 * words.length);
      buffer.putLong(bits).putLong(hashes).putLong(bits);
      buffer.asLongBuffer().put(words);
      return buffer.array();
    }
  }
}
