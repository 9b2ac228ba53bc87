package io.vivace.livestore;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.livestore.memory.MemoryBudget;
import io.vivace.model.TenantId;

/// What the live store tells about itself, under Tempo's names where there are any.
final class LiveStoreMetrics {
  private final Counter recordsProcessed;
  private final Counter tracesCreated;
  private final Gauge liveTraces;
  private final Gauge liveTraceBytes;
  private final Counter bytesReceived;
  private final Counter recordsDropped;
  final Counter blocksCompleted;
  final Counter failedCompletions;
  final Counter completionRetries;
  final Histogram completionDuration;
  final Histogram completionSize;
  final Counter blocksCut;
  final Gauge completeQueueLength;
  final Gauge ready;
  final Counter refusedPushes;

  LiveStoreMetrics(PrometheusRegistry registry, MemoryBudget budget) {
    recordsProcessed =
        counter(
            registry,
            "tempo_live_store_records_processed_total",
            "Records taken from the log.",
            "tenant");
    tracesCreated =
        counter(registry, "tempo_live_store_traces_created_total", "Live traces begun.", "tenant");
    liveTraces =
        gauge(
            registry,
            "tempo_live_store_live_traces",
            "Traces that are not in columns yet.",
            "tenant");
    liveTraceBytes =
        gauge(
            registry,
            "tempo_live_store_live_trace_bytes",
            "Bytes of traces that are not in columns yet.",
            "tenant");
    bytesReceived =
        counter(
            registry,
            "tempo_live_store_bytes_received_total",
            "Bytes taken from the log.",
            "tenant",
            "data_type");
    recordsDropped =
        counter(
            registry,
            "tempo_live_store_records_dropped_total",
            "Unreadable records.",
            "tenant",
            "reason");
    blocksCompleted =
        counter(registry, "tempo_live_store_blocks_completed_total", "Blocks written.");
    failedCompletions =
        counter(
            registry,
            "tempo_live_store_failed_completions_total",
            "Failed attempts to write a block.");
    completionRetries =
        counter(
            registry,
            "tempo_live_store_completion_retries_total",
            "Repeated attempts to write a block.");
    completionDuration =
        Histogram.builder()
            .name("tempo_live_store_completion_duration_seconds")
            .help("Time to write a block.")
            .register(registry);
    completionSize =
        Histogram.builder()
            .name("tempo_live_store_completion_size_bytes")
            .help("Size of blocks.")
            .classicUpperBounds(
                1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28, 1 << 30)
            .register(registry);
    blocksCut = counter(registry, "tempo_live_store_blocks_cut_total", "Ranges closed.", "reason");
    completeQueueLength =
        gauge(
            registry,
            "tempo_live_store_complete_queue_length",
            "Closed ranges that are not in blocks yet.");
    ready = gauge(registry, "tempo_live_store_ready", "1 while pushes are taken.");
    refusedPushes =
        counter(
            registry,
            "vivace_live_store_refused_pushes_total",
            "Pushes refused for lack of memory.",
            "tenant");
    GaugeWithCallback.builder()
        .name("vivace_live_store_memory_used_bytes")
        .help("Bytes held by the write path.")
        .callback(callback -> callback.call((double) budget.usedBytes()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("vivace_live_store_memory_limit_bytes")
        .help("Bound on the bytes held by the write path.")
        .callback(callback -> callback.call((double) budget.limitBytes()))
        .register(registry);
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private static Gauge gauge(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  void applied(TenantId tenant, long bytes, int createdTraces) {
    recordsProcessed.labelValues(tenant.value()).inc();
    bytesReceived.labelValues(tenant.value(), "trace").inc(bytes);
    if (createdTraces > 0) {
      tracesCreated.labelValues(tenant.value()).inc(createdTraces);
    }
  }

  void live(TenantId tenant, TenantStore.LiveSize size) {
    liveTraces.labelValues(tenant.value()).set(size.traces());
    liveTraceBytes.labelValues(tenant.value()).set((double) size.bytes());
  }

  void undecodable(TenantId tenant) {
    recordsDropped.labelValues(tenant.value(), "decoding_failed").inc();
  }
}
