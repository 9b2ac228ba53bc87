package io.vivace.engine.metrics;

import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.engine.BatchSource;
import io.vivace.engine.MemorySource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.traceql.TraceQl;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs queries for tests and shows their answers as text.
final class Metrics {
  static final long SECOND = 1_000_000_000L;

  private Metrics() {}

  static BatchSource source(String name, OtlpTrace... traces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (OtlpTrace trace : traces) {
      byte[] otlp = trace.toTracesData();
      builder.add(trace.id(), otlp, 0, otlp.length);
    }
    return new MemorySource(name, builder.build());
  }

  static MetricsResult run(String query, Intervals intervals, List<BatchSource> sources) {
    return run(query, intervals, 0, 0, sources);
  }

  static MetricsResult run(
      String query,
      Intervals intervals,
      int maxExemplars,
      int maxSeries,
      List<BatchSource> sources) {
    return new MetricsEngine()
        .execute(
            new MetricsRequest(TraceQl.compile(query), intervals, maxExemplars, maxSeries, true),
            sources,
            QueryScope.unbounded());
  }

  /// Labels to values.
  static Map<String, String> show(MetricsResult result) {
    Map<String, String> shown = new TreeMap<>();
    for (MetricsSeries series : result.series()) {
      String before = shown.put(labels(series), Arrays.toString(series.values()));
      if (before != null) {
        throw new AssertionError("two series with the labels " + labels(series));
      }
    }
    return shown;
  }

  static String labels(MetricsSeries series) {
    StringBuilder out = new StringBuilder();
    for (Label label : series.labels()) {
      out.append(out.isEmpty() ? "" : ", ").append(label.key()).append('=');
      out.append(label.value());
    }
    return out.toString().replaceAll("(Text|Int|Real|Bool)\\[\\w+=(.*?)](?=,|$)", "$2");
  }
}
