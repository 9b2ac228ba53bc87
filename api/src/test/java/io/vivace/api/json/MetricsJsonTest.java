package io.vivace.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.engine.metrics.Intervals;
import io.vivace.engine.metrics.MetricsResult;
import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.engine.search.SearchStatistics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsJsonTest {
  private static final SearchStatistics STATISTICS = new SearchStatistics(5, 40, 1000, 2, 1, 3000);
  private static final Intervals INTERVALS =
      new Intervals(1_700_000_000_000_000_000L, 10_000_000_000L, 3);

  @Test
  void writesSamplesAndExemplars() {
    MetricsSeries series =
        new MetricsSeries(
            List.of(
                new Label("span.n", new FoundValue.Int(5)),
                new Label("p", new FoundValue.Real(0.9)),
                new Label("name", new FoundValue.Text("a<b"))),
            new double[] {0, Double.NaN, 1.5},
            List.of(
                new Exemplar(
                    List.of(new Label("trace:id", new FoundValue.Text("1f"))),
                    0.25,
                    1_700_000_021_000L,
                    2)));
    assertThat(range(series, 0))
        .isEqualTo(
            "{\"series\":[{\"labels\":[{\"key\":\"span.n\",\"value\":{\"intValue\":\"5\"}},"
                + "{\"key\":\"p\",\"value\":{\"doubleValue\":0.9}},"
                + "{\"key\":\"name\",\"value\":{\"stringValue\":\"a\\u003cb\"}}],"
                + "\"samples\":[{\"timestampMs\":\"1700000010000\"},"
                + "{\"timestampMs\":\"1700000030000\",\"value\":1.5}],"
                + "\"exemplars\":[{\"labels\":[{\"key\":\"trace:id\",\"value\":{\"stringValue\":\"1f\"}}],"
                + "\"value\":0.25,\"timestampMs\":\"1700000021000\"}]}],"
                + "\"metrics\":{\"inspectedTraces\":5,\"inspectedBytes\":\"1000\",\"totalBlocks\":2,"
                + "\"completedJobs\":1,\"totalJobs\":2,\"totalBlockBytes\":\"3000\",\"inspectedSpans\":\"40\"}}");
  }

  @Test
  void instantHasOneValueForEachSeries() {
    MetricsSeries zero =
        new MetricsSeries(
            List.of(new Label("a", new FoundValue.Bool(false))), new double[1], List.of());
    MetricsSeries one =
        new MetricsSeries(
            List.of(new Label("a", new FoundValue.Bool(true))), new double[] {12.5}, List.of());
    assertThat(instant(zero, one))
        .startsWith(
            "{\"series\":[{\"labels\":[{\"key\":\"a\",\"value\":{\"boolValue\":false}}]},"
                + "{\"labels\":[{\"key\":\"a\",\"value\":{\"boolValue\":true}}],\"value\":12.5}],\"metrics\":{");
  }

  @Test
  void withoutSeriesOnlyRangesHaveTheKey() {
    assertThat(text(MetricsJson.range(result(0)))).startsWith("{\"series\":[],\"metrics\":{");
    assertThat(instant()).startsWith("{\"metrics\":{");
  }

  @Test
  void saysThatSeriesAreMissing() {
    assertThat(text(MetricsJson.range(result(7))))
        .endsWith(
            "},\"status\":\"PARTIAL\",\"message\":\"Response exceeds maximum series limit of 7, a partial response is"
                + " returned. Warning: the accuracy of each individual value is not guaranteed.\"}");
  }

  private static MetricsResult result(int exceeded, MetricsSeries... series) {
    return new MetricsResult(INTERVALS, List.of(series), exceeded, STATISTICS);
  }

  private static String range(MetricsSeries series, int exceeded) {
    return text(MetricsJson.range(result(exceeded, series)));
  }

  private static String instant(MetricsSeries... series) {
    return text(MetricsJson.instant(result(0, series)));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
