package io.vivace.livestore;

import java.nio.file.Path;
import java.time.Duration;

/// Settings of the live store; start from [#defaults] and change with the `with…` methods.
///
/// @param walPath the configured folder of the log; the log itself lies in its subfolder `vivace/`
/// @param maxTraceIdle a trace without new spans for this long goes to a head
/// @param maxTraceLive a trace goes to a head at this age in any case
/// @param flushCheckPeriod how often idle traces and ranges to close are looked for
/// @param maxBlockDuration a range is closed at this age
/// @param maxBlockBytes a range is closed when a tenant's columns reach this size
/// @param ingestionTimeRangeSlack span times further than this from their arrival do not widen a
///   block's time range; zero: no clamping
/// @param memoryBudgetBytes bound on the bytes in the commit queue, live traces, heads and ranges
///   being built
/// @param maxSegmentBytes a segment of the log is followed by a new one at this size
/// @param liveBatchMaxAge how old the live batch of a snapshot may be
/// @param retryBackoffMin first pause after a failed block; doubles up to `retryBackoffMax`
/// @param shutdownTimeout how long [LiveStore#close] may flush
public record LiveStoreConfig(
    Path walPath,
    Duration maxTraceIdle,
    Duration maxTraceLive,
    Duration flushCheckPeriod,
    Duration maxBlockDuration,
    long maxBlockBytes,
    Duration ingestionTimeRangeSlack,
    long memoryBudgetBytes,
    long maxSegmentBytes,
    Duration liveBatchMaxAge,
    Duration retryBackoffMin,
    Duration retryBackoffMax,
    Duration shutdownTimeout) {

  /// Beside the budget there are, for a while, the columns that a block is written from, its
  /// encoded pages, and the live batches of queries.
  private static final double BUDGET_PART_OF_HEAP = 0.2;

  public LiveStoreConfig {
    requirePositive("maxTraceIdle", maxTraceIdle);
    requirePositive("maxTraceLive", maxTraceLive);
    requirePositive("flushCheckPeriod", flushCheckPeriod);
    requirePositive("maxBlockDuration", maxBlockDuration);
    requirePositive("retryBackoffMin", retryBackoffMin);
    requirePositive("retryBackoffMax", retryBackoffMax);
    requirePositive("shutdownTimeout", shutdownTimeout);
    requirePositive("maxBlockBytes", maxBlockBytes);
    requirePositive("memoryBudgetBytes", memoryBudgetBytes);
    requirePositive("maxSegmentBytes", maxSegmentBytes);
    if (ingestionTimeRangeSlack.isNegative()) {
      throw new IllegalArgumentException(
          "ingestionTimeRangeSlack: " + ingestionTimeRangeSlack + " (expected: >= 0)");
    }
    if (liveBatchMaxAge.isNegative()) {
      throw new IllegalArgumentException(
          "liveBatchMaxAge: " + liveBatchMaxAge + " (expected: >= 0)");
    }
  }

  /// The defaults, with a memory budget derived from the heap of this JVM.
  public static LiveStoreConfig defaults(Path walPath) {
    return new LiveStoreConfig(
        walPath,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofMinutes(2),
        128L << 20,
        Duration.ofMinutes(2),
        (long) (Runtime.getRuntime().maxMemory() * BUDGET_PART_OF_HEAP),
        64L << 20,
        Duration.ofMillis(400),
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(25));
  }

  /// `live_store.max_trace_idle`, `max_trace_live`.
  public LiveStoreConfig withTraceCut(Duration idle, Duration live) {
    return new LiveStoreConfig(
        walPath,
        idle,
        live,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  /// `live_store.flush_check_period`.
  public LiveStoreConfig withFlushCheckPeriod(Duration period) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        period,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  /// `live_store.max_block_duration`, `max_block_bytes`.
  public LiveStoreConfig withBlockCut(Duration duration, long bytes) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        duration,
        bytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  /// `wal.ingestion_time_range_slack`.
  public LiveStoreConfig withIngestionTimeRangeSlack(Duration slack) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        slack,
        memoryBudgetBytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  public LiveStoreConfig withMemoryBudgetBytes(long bytes) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        bytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  public LiveStoreConfig withMaxSegmentBytes(long bytes) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        bytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  public LiveStoreConfig withLiveBatchMaxAge(Duration age) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        maxSegmentBytes,
        age,
        retryBackoffMin,
        retryBackoffMax,
        shutdownTimeout);
  }

  public LiveStoreConfig withRetryBackoff(Duration min, Duration max) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        min,
        max,
        shutdownTimeout);
  }

  public LiveStoreConfig withShutdownTimeout(Duration timeout) {
    return new LiveStoreConfig(
        walPath,
        maxTraceIdle,
        maxTraceLive,
        flushCheckPeriod,
        maxBlockDuration,
        maxBlockBytes,
        ingestionTimeRangeSlack,
        memoryBudgetBytes,
        maxSegmentBytes,
        liveBatchMaxAge,
        retryBackoffMin,
        retryBackoffMax,
        timeout);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
