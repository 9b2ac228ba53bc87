package io.vivace.api.json;

import io.vivace.engine.metrics.MetricsResult;
import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchStatistics;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Writes answers of metrics queries. Grafana decodes them strictly: no key may be added.
public final class MetricsJson {
  private MetricsJson() {}

  /// Series over a range.
  public static byte[] range(MetricsResult result) {
    return JsonOutput.write(json -> {
      json.writeStartObject();
      json.writeName("series");
      json.writeStartArray();
      for (MetricsSeries series : result.series()) {
        json.writeStartObject();
        labels(json, series.labels());
        samples(json, result, series.values());
        exemplars(json, series.exemplars());
        json.writeEndObject();
      }
      json.writeEndArray();
      end(json, result);
      json.writeEndObject();
    });
  }

  /// One value for each series.
  public static byte[] instant(MetricsResult result) {
    return JsonOutput.write(json -> {
      json.writeStartObject();
      if (!result.series().isEmpty()) {
        json.writeName("series");
        json.writeStartArray();
        for (MetricsSeries series : result.series()) {
          json.writeStartObject();
          labels(json, series.labels());
          value(json, series.values()[0]);
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      end(json, result);
      json.writeEndObject();
    });
  }

  private static void labels(JsonGenerator json, List<Label> labels) {
    if (labels.isEmpty()) {
      return;
    }
    json.writeName("labels");
    json.writeStartArray();
    for (Label label : labels) {
      json.writeStartObject();
      if (!label.key().isEmpty()) {
        json.writeStringProperty("key", label.key());
      }
      json.writeName("value");
      SearchJson.value(json, label.value());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void samples(JsonGenerator json, MetricsResult result, double[] values) {
    json.writeName("samples");
    json.writeStartArray();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        json.writeStartObject();
        timestamp(json, result.intervals().timestampMillis(i));
        value(json, values[i]);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void exemplars(JsonGenerator json, List<Exemplar> exemplars) {
    if (exemplars.isEmpty()) {
      return;
    }
    json.writeName("exemplars");
    json.writeStartArray();
    for (Exemplar exemplar : exemplars) {
      json.writeStartObject();
      labels(json, exemplar.labels());
      value(json, exemplar.value());
      timestamp(json, exemplar.epochMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void timestamp(JsonGenerator json, long millis) {
    if (millis != 0) {
      json.writeStringProperty("timestampMs", Long.toString(millis));
    }
  }

  private static void value(JsonGenerator json, double value) {
    if (value != 0) {
      json.writeName("value");
      JsonOutput.writeDouble(json, value);
    }
  }

  private static void end(JsonGenerator json, MetricsResult result) {
    SearchStatistics statistics = result.statistics();
    json.writeName("metrics");
    json.writeStartObject();
    SearchJson.number(json, "inspectedTraces", statistics.inspectedTraces() & 0xffff_ffffL);
    SearchJson.unsigned64(json, "inspectedBytes", statistics.inspectedBytes());
    SearchJson.number(json, "totalBlocks", statistics.sources());
    SearchJson.number(json, "completedJobs", statistics.inspectedSources());
    SearchJson.number(json, "totalJobs", statistics.sources());
    SearchJson.unsigned64(json, "totalBlockBytes", statistics.sourceBytes());
    SearchJson.unsigned64(json, "inspectedSpans", statistics.inspectedSpans());
    json.writeEndObject();
    int maxSeries = result.exceededMaxSeries();
    if (maxSeries > 0) {
      json.writeStringProperty("status", "PARTIAL");
      json.writeStringProperty(
          "message",
          "Response exceeds maximum series limit of "
              + maxSeries
              + ", a partial response is returned."
              + " Warning: the accuracy of each individual value is not guaranteed.");
    }
  }
}
