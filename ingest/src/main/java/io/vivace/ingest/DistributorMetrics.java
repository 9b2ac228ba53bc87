package io.vivace.ingest;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.ingest.otlp.AttributeTruncator;
import io.vivace.model.TenantId;
import java.util.Locale;

/// What the distributor counts, under the names that Tempo's dashboards ask for. Thread-safe.
final class DistributorMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Counter ingressBytes;
  private final Counter receivedBytes;
  private final Counter receivedSpans;
  private final Counter truncatedAttributes;
  private final Histogram tracesPerBatch;
  private final Histogram pushDuration;

  DistributorMetrics(PrometheusRegistry registry) {
    ingressBytes =
        counter("tempo_distributor_ingress_bytes_total", "Bytes received before limits.", "tenant")
            .register(registry);
    receivedBytes =
        counter("tempo_distributor_bytes_received_total", "Bytes within the rate limit.", "tenant")
            .register(registry);
    receivedSpans =
        counter("tempo_distributor_spans_received_total", "Spans within the rate limit.", "tenant")
            .register(registry);
    truncatedAttributes =
        counter(
                "tempo_distributor_attributes_truncated_total",
                "Attribute keys and values that were cut.",
                "tenant",
                "scope")
            .register(registry);
    tracesPerBatch =
        Histogram.builder()
            .name("tempo_distributor_traces_per_batch")
            .help("Traces in one push.")
            .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384)
            .register(registry);
    pushDuration =
        Histogram.builder()
            .name("tempo_distributor_push_duration_seconds")
            .help("Time from the decoded request until it is durable or refused.")
            .classicUpperBounds(
                .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);
  }

  private static Counter.Builder counter(String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels);
  }

  void ingress(TenantId tenant, long bytes) {
    ingressBytes.labelValues(tenant.value()).inc(bytes);
  }

  void received(TenantId tenant, long bytes, int spans) {
    receivedBytes.labelValues(tenant.value()).inc(bytes);
    receivedSpans.labelValues(tenant.value()).inc(spans);
  }

  void truncated(TenantId tenant, AttributeTruncator truncator) {
    for (AttributeTruncator.Scope scope : AttributeTruncator.Scope.values()) {
      int count = truncator.count(scope);
      if (count > 0) {
        truncatedAttributes
            .labelValues(tenant.value(), scope.name().toLowerCase(Locale.ROOT))
            .inc(count);
      }
    }
  }

  void traces(int count) {
    tracesPerBatch.observe(count);
  }

  void pushed(long nanos) {
    pushDuration.observe(nanos / NANOS_PER_SECOND);
  }
}
