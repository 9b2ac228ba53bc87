package io.vivace.ingest.receiver;

import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.ingest.SpanOutcomes;

/// Spans by receiver and transport. The names carry no `_total`, as dashboards expect, which only
/// gauges may do here; the values only grow. Thread-safe; one object per registry, shared by all
/// receivers.
public final class ReceiverMetrics {
  private final Gauge accepted;
  private final Gauge refused;

  public ReceiverMetrics(PrometheusRegistry registry) {
    accepted = gauge("tempo_receiver_accepted_spans", "Spans that were kept.", registry);
    refused = gauge("tempo_receiver_refused_spans", "Spans that were refused.", registry);
  }

  private static Gauge gauge(String name, String help, PrometheusRegistry registry) {
    return Gauge.builder()
        .name(name)
        .help(help)
        .labelNames("receiver", "transport")
        .register(registry);
  }

  /// Counts the spans of one receiver and transport.
  public SpanOutcomes outcomes(String receiver, String transport) {
    GaugeDataPoint acceptedHere = accepted.labelValues(receiver, transport);
    GaugeDataPoint refusedHere = refused.labelValues(receiver, transport);
    return new SpanOutcomes() {
      @Override
      public void accepted(int spans) {
        acceptedHere.inc(spans);
      }

      @Override
      public void refused(int spans) {
        refusedHere.inc(spans);
      }
    };
  }
}
