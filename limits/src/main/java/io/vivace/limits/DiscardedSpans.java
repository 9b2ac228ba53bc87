package io.vivace.limits;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.model.TenantId;
import java.util.Locale;

/// Counts spans that were refused or dropped: `tempo_discarded_spans_total{reason, tenant}`. One
/// object per registry, shared by all who discard. Thread-safe.
public final class DiscardedSpans {
  private final Counter counter;

  public DiscardedSpans(PrometheusRegistry registry) {
    counter =
        Counter.builder()
            .name("tempo_discarded_spans_total")
            .help("Spans that were refused or dropped, by reason and tenant.")
            .labelNames("reason", "tenant")
            .register(registry);
  }

  public void add(TenantId tenant, Reason reason, long spans) {
    if (spans > 0) {
      counter.labelValues(reason.label(), tenant.value()).inc(spans);
    }
  }

  /// Why spans were discarded.
  public enum Reason {
    RATE_LIMITED,
    TRACE_TOO_LARGE,
    LIVE_TRACES_EXCEEDED,
    INVALID_TRACE_ID,
    INVALID_SPAN_ID,
    UNKNOWN_ERROR,
    TRACE_TOO_LARGE_TO_COMPACT;

    /// The value of the label.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
