package io.vivace.block;

import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import java.time.Instant;

/// The descriptor of a block, `meta.json`.
///
/// @param startTime not after any span, up to the slack rule
/// @param endTime not before any span, up to the slack rule
/// @param traceCount rows of `data.parquet`
/// @param sizeBytes length of `data.parquet`
/// @param compactionLevel 0 for a fresh block
/// @param rowGroupCount row groups of `data.parquet` (blocks of others may say one too many)
/// @param bloomShardCount objects `bloom-0` …; 0 in very old blocks stands for 10
/// @param footerSizeBytes length of the Parquet footer without its trailing 8 bytes
/// @param replicationFactor 1, or 0 for blocks of old ingesters that hold every span three times
public record BlockMeta(
    BlockFormat format,
    BlockId id,
    TenantId tenant,
    Instant startTime,
    Instant endTime,
    long traceCount,
    long sizeBytes,
    int compactionLevel,
    int rowGroupCount,
    int bloomShardCount,
    int footerSizeBytes,
    DedicatedColumns dedicatedColumns,
    int replicationFactor) {

  private static final int OLD_BLOOM_SHARDS = 10;
  private static final Instant MIN = Instant.ofEpochSecond(0, Long.MIN_VALUE);
  private static final Instant MAX = Instant.ofEpochSecond(0, Long.MAX_VALUE);

  /// The shards that a trace id is distributed over.
  public int effectiveBloomShardCount() {
    return bloomShardCount == 0 ? OLD_BLOOM_SHARDS : bloomShardCount;
  }

  public TimeRange timeRange() {
    long start = epochNanos(startTime);
    return new TimeRange(start, Math.max(start, epochNanos(endTime)));
  }

  private static long epochNanos(Instant time) {
    if (time.isBefore(MIN)) {
      return Long.MIN_VALUE;
    }
    if (time.isAfter(MAX)) {
      return Long.MAX_VALUE;
    }
    // In two steps, since seconds before the epoch could overflow when they are scaled first.
    long seconds = time.getEpochSecond();
    int nanos = time.getNano();
    return seconds < 0
        ? (seconds + 1) * 1_000_000_000L + (nanos - 1_000_000_000L)
        : seconds * 1_000_000_000L + nanos;
  }

  /// Key of one of the block's objects.
  public String key(String object) {
    return BlockObjects.key(tenant, id, object);
  }
}
