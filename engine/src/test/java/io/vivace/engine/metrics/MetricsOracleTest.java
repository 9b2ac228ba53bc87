package io.vivace.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.engine.BatchSource;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.metrics.NaiveMetrics.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The engine against [NaiveMetrics] on random queries and data, with the spans of every trace
/// scattered over up to three sources.
class MetricsOracleTest {
  private static final int ROUNDS = 1200;

  @Test
  void agreesOnFunctionsAndGroupings() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<NaiveSpan> spans = NaiveSpan.traces(random);
      Intervals intervals = intervals(random);
      Question question = NaiveMetrics.question(random);
      boolean isExtrapolated = random.nextInt(4) == 0;
      String query = question.text() + (isExtrapolated ? " with (extrapolate=true)" : "");
      check(
          seed,
          query,
          NaiveMetrics.answer(question, spans, intervals, isExtrapolated),
          Metrics.run(query, intervals, random.nextInt(5), 0, scatter(spans, random)));
    }
  }

  @Test
  void agreesOnComparisons() {
    for (long seed = 0; seed < ROUNDS / 4; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<NaiveSpan> spans = NaiveSpan.traces(random);
      Intervals all = Intervals.single(NaiveSpan.BASE, NaiveSpan.BASE + 60 * NaiveSpan.SECOND);
      NaiveMetrics.Pipeline pipeline =
          NaiveMetrics.PIPELINES.get(random.nextInt(NaiveMetrics.PIPELINES.size()));
      int top = random.nextInt(1, 12);
      String query = pipeline.text() + " | compare({ status = error }, " + top + ")";
      check(
          seed,
          query,
          NaiveMetrics.compare(pipeline, top, spans, all),
          Metrics.run(query, all, random.nextInt(5), 0, scatter(spans, random)));
    }
  }

  private static void check(
      long seed, String query, Map<String, List<double[]>> expected, MetricsResult result) {
    Map<String, List<double[]>> found = new TreeMap<>();
    for (MetricsSeries series : result.series()) {
      found.computeIfAbsent(Metrics.labels(series), _ -> new ArrayList<>()).add(series.values());
    }
    found.values().forEach(list -> list.sort(Arrays::compare));
    assertThat(NaiveMetrics.difference(expected, found)).as("seed %d: %s", seed, query).isEmpty();
  }

  private static Intervals intervals(SplittableRandom random) {
    long step = random.nextInt(1, 25) * NaiveSpan.SECOND / (random.nextBoolean() ? 1 : 3);
    return new Intervals(
        NaiveSpan.BASE + random.nextInt(10) * NaiveSpan.SECOND, step, random.nextInt(1, 12));
  }

  private static List<BatchSource> scatter(List<NaiveSpan> spans, SplittableRandom random) {
    List<List<NaiveSpan>> parts = new ArrayList<>();
    int count = random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      parts.add(new ArrayList<>());
    }
    for (NaiveSpan span : spans) {
      parts.get(random.nextInt(count)).add(span);
    }
    List<BatchSource> sources = new ArrayList<>();
    for (List<NaiveSpan> part : parts) {
      if (!part.isEmpty()) {
        sources.add(Metrics.source("source-" + sources.size(), NaiveSpan.encode(part)));
      }
    }
    return sources;
  }
}
