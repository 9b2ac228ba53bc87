package io.vivace.ingest;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.vivace.limits.ByteBudget;
import io.vivace.limits.DiscardedSpans;
import io.vivace.limits.Overrides;
import io.vivace.limits.RateLimiter;
import io.vivace.limits.TenantLimits;
import io.vivace.limits.TraceAdmission;
import io.vivace.model.TenantId;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/// A distributor over a recording log, with everything around it in reach.
public final class Fixture {
  public final RecordingLog log = new RecordingLog();
  public final PrometheusRegistry registry = new PrometheusRegistry();
  public final AtomicLong nanos = new AtomicLong();
  public final ByteBudget budget;
  public final Overrides overrides;
  public final Distributor distributor;

  public Fixture() {
    this(TenantLimits.DEFAULTS, TraceAdmission.UNLIMITED, DistributorConfig.DEFAULTS, 1L << 30);
  }

  public Fixture(
      TenantLimits limits, TraceAdmission admission, DistributorConfig config, long budgetBytes) {
    overrides = Overrides.fixed(limits);
    budget = new ByteBudget(budgetBytes);
    distributor =
        new Distributor(
            overrides,
            new RateLimiter(overrides, nanos::get, () -> 1),
            admission,
            log,
            budget,
            config,
            new DiscardedSpans(registry),
            registry,
            nanos::get);
  }

  public static TenantLimits unlimitedRate() {
    return TenantLimits.DEFAULTS.withIngestion(
        TenantLimits.Ingestion.DEFAULTS.withRate(1L << 50, 1L << 50));
  }

  public PushResult push(byte[] otlp) {
    return push(otlp, false);
  }

  public PushResult push(byte[] otlp, boolean skipsMetrics) {
    try {
      return distributor
          .push(TenantId.SINGLE_TENANT, otlp, 0, otlp.length, skipsMetrics)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// The value of a counter or gauge; 0 if it does not exist. `name` without `_total`.
  public double metric(String name, String... labels) {
    for (MetricSnapshot snapshot : registry.scrape()) {
      if (!snapshot.getMetadata().getPrometheusName().equals(name)) {
        continue;
      }
      for (var point : snapshot.getDataPoints()) {
        if (point.getLabels().equals(Labels.of(labels))) {
          return switch (point) {
            case CounterSnapshot.CounterDataPointSnapshot c -> c.getValue();
            case GaugeSnapshot.GaugeDataPointSnapshot g -> g.getValue();
            default -> throw new IllegalStateException(name);
          };
        }
      }
    }
    return 0;
  }
}
