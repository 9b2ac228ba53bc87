package io.vivace.server;

import io.vivace.block.BlockWriterOptions;
import io.vivace.block.DedicatedColumn;
import io.vivace.block.DedicatedColumns;
import io.vivace.livestore.LiveStoreConfig;
import io.vivace.query.MetricsConfig;
import io.vivace.query.QueryConfig;
import io.vivace.server.config.LiveStoreSettings;
import io.vivace.server.config.QuerySettings;
import io.vivace.server.config.StorageConfig;
import io.vivace.server.config.StorageConfig.DedicatedColumnConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Turns the configuration into the settings of the parts, and shares the heap out among them.
final class StoreSettings {
  /// With this, the ports' grace and some slack the end takes less than 30 s.
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(22);

  private static final double REQUESTS_PART_OF_HEAP = 0.12;
  private static final double CACHE_PART_OF_HEAP = 0.08;

  private StoreSettings() {}

  /// Bytes that OTLP requests in flight may hold.
  static long requestBytes() {
    return (long) (Runtime.getRuntime().maxMemory() * REQUESTS_PART_OF_HEAP);
  }

  /// Bytes that readers of blocks may keep.
  static long cacheBytes() {
    return (long) (Runtime.getRuntime().maxMemory() * CACHE_PART_OF_HEAP);
  }

  static LiveStoreConfig liveStore(LiveStoreSettings settings) {
    LiveStoreConfig config =
        LiveStoreConfig.defaults(settings.walPath())
            .withTraceCut(settings.maxTraceIdle(), settings.maxTraceLive())
            .withFlushCheckPeriod(settings.flushCheckPeriod())
            .withBlockCut(settings.maxBlockDuration(), settings.maxBlockBytes())
            .withIngestionTimeRangeSlack(settings.ingestionTimeRangeSlack())
            .withShutdownTimeout(FLUSH_TIMEOUT);
    // A configured bound is for Go's heap; ours must fit into this one.
    long maxBytes = settings.maxLiveBytes();
    return maxBytes > 0
        ? config.withMemoryBudgetBytes(Math.min(maxBytes, config.memoryBudgetBytes()))
        : config;
  }

  static BlockWriterOptions blocks(StorageConfig storage) {
    BlockWriterOptions defaults = BlockWriterOptions.DEFAULT;
    List<DedicatedColumnConfig> columns = storage.dedicatedColumns();
    return new BlockWriterOptions(
        columns == null
            ? defaults.dedicatedColumns()
            : new DedicatedColumns(columns.stream().map(StoreSettings::column).toList())
                .withinLimits(),
        storage.rowGroupBytes(),
        defaults.pageSpanLimit(),
        storage.bloomFalsePositive(),
        storage.bloomShardBytes());
  }

  private static DedicatedColumn column(DedicatedColumnConfig column) {
    Set<DedicatedColumn.Option> options =
        Arrays.stream(DedicatedColumn.Option.values())
            .filter(option -> column.options().contains(option.text()))
            .collect(Collectors.toUnmodifiableSet());
    DedicatedColumn.Scope scope =
        Arrays.stream(DedicatedColumn.Scope.values())
            .filter(candidate -> candidate.text().equals(column.scope()))
            .findFirst()
            .orElseThrow();
    boolean isInt = column.type().equals("int");
    return new DedicatedColumn(
        scope,
        column.name(),
        isInt ? DedicatedColumn.Type.INT : DedicatedColumn.Type.STRING,
        options);
  }

  static QueryConfig queries(QuerySettings settings) {
    QueryConfig defaults = QueryConfig.defaults();
    int concurrent =
        settings.maxConcurrentQueries() == 0
            ? defaults.maxConcurrentQueries()
            : Math.min(settings.maxConcurrentQueries(), defaults.maxConcurrentQueries());
    return new QueryConfig(
        settings.defaultResultLimit(),
        settings.maxResultLimit(),
        settings.defaultSpansPerSpanSet(),
        settings.maxSpansPerSpanSet(),
        settings.maxSearchDuration(),
        settings.queryBackendAfter(),
        settings.queryEndCutoff(),
        settings.maxQueryExpressionBytes(),
        shorter(settings.searchTimeout(), settings.apiTimeout()),
        shorter(settings.traceByIdTimeout(), settings.apiTimeout()),
        concurrent,
        settings.maxQueuedQueries(),
        defaults.maxBytesPerQuery(),
        new MetricsConfig(
            settings.maxMetricsDuration(),
            settings.maxMetricsIntervals(),
            settings.maxExemplars(),
            settings.maxResponseSeries(),
            shorter(defaults.metrics().timeout(), settings.apiTimeout())));
  }

  private static Duration shorter(Duration timeout, Duration bound) {
    return bound.isZero() || timeout.compareTo(bound) < 0 ? timeout : bound;
  }
}
