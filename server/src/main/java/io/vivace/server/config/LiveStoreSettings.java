package io.vivace.server.config;

import java.nio.file.Path;
import java.time.Duration;

/// `live_store.*`: the log and when its spans become columns and blocks.
///
/// @param walPath `live_store.wal.path`, else `storage.trace.wal.path`, else `./data/wal`
/// @param maxLiveBytes bound on the bytes in memory; 0 to derive it from the heap
public record LiveStoreSettings(
    Path walPath,
    Duration maxTraceIdle,
    Duration maxTraceLive,
    Duration flushCheckPeriod,
    Duration maxBlockDuration,
    long maxBlockBytes,
    Duration ingestionTimeRangeSlack,
    long maxLiveBytes) {

  static LiveStoreSettings from(Section root) {
    Section live = root.section("live_store");
    Section wal = live.section("wal");
    Section oldWal = root.section("storage").section("trace").section("wal");
    String path = wal.string("path").isEmpty() ? oldWal.string("path") : wal.string("path");
    boolean hasOwnSlack = wal.isSet("ingestion_time_range_slack");
    return new LiveStoreSettings(
        Path.of(path.isEmpty() ? "./data/wal" : path),
        positive(live, "max_trace_idle"),
        positive(live, "max_trace_live"),
        positive(live, "flush_check_period"),
        positive(live, "max_block_duration"),
        positiveBytes(live, "max_block_bytes"),
        (hasOwnSlack ? wal : oldWal).duration("ingestion_time_range_slack"),
        live.sizeBytes("max_live_traces_bytes"));
  }

  private static Duration positive(Section section, String key) {
    Duration duration = section.duration(key);
    if (duration.isZero()) {
      section.error(key, "0s (expected: more than zero)");
      return Duration.ofSeconds(1);
    }
    return duration;
  }

  private static long positiveBytes(Section section, String key) {
    long sizeBytes = section.sizeBytes(key);
    if (sizeBytes == 0) {
      section.error(key, "0 (expected: more than zero bytes)");
      return 1;
    }
    return sizeBytes;
  }
}
