package io.vivace.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.traceql.TraceQl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsEngineTest {
  private static final long SECOND = Metrics.SECOND;
  private static final long START = 1_700_000_000L * SECOND;

  /// Three intervals of ten seconds.
  private static final Intervals INTERVALS = new Intervals(START, 10 * SECOND, 3);

  private final List<BatchSource> sources = new ArrayList<>();
  private int traces;

  private OtlpTrace trace() {
    return OtlpTrace.trace(Integer.toHexString(++traces));
  }

  private void add(OtlpTrace... some) {
    sources.add(Metrics.source("source-" + sources.size(), some));
  }

  private Map<String, String> ask(String query) {
    return Metrics.show(Metrics.run(query, INTERVALS, sources));
  }

  private static OtlpSpan span(OtlpResource resource, String name, double second, double seconds) {
    return resource.span(name, START + (long) (second * SECOND), (long) (seconds * SECOND));
  }

  /// Starts at 1 s, 5 s, 10 s (still the first interval), 10 s and 1 ns, and outside the window.
  private void addCarts() {
    OtlpTrace trace = trace();
    OtlpResource cart = trace.service("cart");
    span(cart, "a", 1, 1).attr("n", 1L).status(2, "");
    span(cart, "b", 5, 2).attr("n", 2.5);
    span(cart, "a", 10, 3).attr("n", "x");
    cart.span("b", START + 10 * SECOND + 1, 4 * SECOND).attr("n", 4L);
    span(cart, "before", 0, 1);
    span(cart, "after", 30.5, 1);
    OtlpResource shop = trace.resource();
    span(shop, "a", 30, 1).attr("n", List.of(1L, 2L));
    add(trace);
  }

  @Test
  void countsSpansInRightClosedIntervals() {
    addCarts();
    assertThat(ask("{ } | count_over_time()"))
        .isEqualTo(Map.of("__name__=count_over_time", "[3.0, 1.0, 1.0]"));
    assertThat(ask("{ } | rate()")).isEqualTo(Map.of("__name__=rate", "[0.3, 0.1, 0.1]"));
    assertThat(ask("{ name = `a` } | rate()"))
        .isEqualTo(Map.of("__name__=rate", "[0.2, 0.0, 0.1]"));
  }

  @Test
  void groupsByTypedValues() {
    addCarts();
    assertThat(ask("{ } | count_over_time() by (resource.service.name)"))
        .isEqualTo(
            Map.of(
                "resource.service.name=cart", "[3.0, 1.0, 0.0]",
                "resource.service.name=", "[0.0, 0.0, 1.0]"));
    assertThat(ask("{ resource.service.name = `cart` } | count_over_time() by (span.n)"))
        .isEqualTo(
            Map.of(
                "span.n=1", "[1.0, 0.0, 0.0]",
                "span.n=2.5", "[1.0, 0.0, 0.0]",
                "span.n=x", "[1.0, 0.0, 0.0]",
                "span.n=4", "[0.0, 1.0, 0.0]"));
    assertThat(ask("{ } | count_over_time() by (status, name)"))
        .isEqualTo(
            Map.of(
                "status=error, name=a", "[1.0, 0.0, 0.0]",
                "status=unset, name=a", "[1.0, 0.0, 1.0]",
                "status=unset, name=b", "[1.0, 1.0, 0.0]"));
  }

  @Test
  void leavesOutLabelsWithoutValue() {
    addCarts();
    assertThat(ask("{ name = `b` } | count_over_time() by (span.none, name)"))
        .isEqualTo(Map.of("name=b", "[1.0, 1.0, 0.0]"));
    assertThat(ask("{ name = `b` } | count_over_time() by (span.none, span.other)"))
        .isEqualTo(Map.of("span.none=nil", "[1.0, 1.0, 0.0]"));
  }

  @Test
  void answersZerosWithoutDataUnlessGroupedOrImpossible() {
    assertThat(ask("{ } | rate()")).isEqualTo(Map.of("__name__=rate", "[0.0, 0.0, 0.0]"));
    assertThat(ask("{ } | rate() by (name)")).isEmpty();
    assertThat(ask("{ false } | rate()")).isEmpty();
    assertThat(ask("{ } | max_over_time(duration)")).isEmpty();
    assertThat(ask("{ } | quantile_over_time(duration, .5)")).isEmpty();
  }

  @Test
  void summarisesNumbers() {
    addCarts();
    assertThat(ask("{ } | max_over_time(duration)"))
        .isEqualTo(Map.of("__name__=max_over_time", "[3.0, 4.0, 1.0]"));
    assertThat(ask("{ } | min_over_time(span.n)"))
        .isEqualTo(Map.of("__name__=min_over_time", "[1.0, 4.0, NaN]"));
    assertThat(ask("{ } | sum_over_time(span.n)"))
        .isEqualTo(Map.of("__name__=sum_over_time", "[3.5, 4.0, NaN]"));
    assertThat(ask("{ } | avg_over_time(span.n)"))
        .isEqualTo(Map.of("__name__=avg_over_time", "[1.75, 4.0, NaN]"));
  }

  @Test
  void takesTraceDurationInNanosecondsExceptForBuckets() {
    OtlpTrace trace = trace();
    span(trace.service("s"), "a", 1, 4);
    add(trace);
    assertThat(ask("{ } | max_over_time(trace:duration)"))
        .isEqualTo(Map.of("__name__=max_over_time", "[4.0E9, NaN, NaN]"));
    assertThat(ask("{ } | histogram_over_time(trace:duration)"))
        .isEqualTo(Map.of("__bucket=4.294967296", "[1.0, 0.0, 0.0]"));
  }

  @Test
  void countsInPowersOfTwo() {
    OtlpTrace trace = trace();
    OtlpResource s = trace.service("s");
    span(s, "a", 1, 0).attr("n", 1L);
    s.span("b", START + SECOND, 1024).attr("n", 1024L);
    s.span("c", START + SECOND, 1025).attr("n", 1025L);
    s.span("d", START + SECOND, 1).attr("n", 3.0);
    add(trace);
    assertThat(ask("{ } | histogram_over_time(duration)"))
        .isEqualTo(
            Map.of("__bucket=1.024E-6", "[1.0, 0.0, 0.0]", "__bucket=2.048E-6", "[1.0, 0.0, 0.0]"));
    assertThat(ask("{ } | histogram_over_time(span.n) by (name)"))
        .isEqualTo(
            Map.of(
                "name=b, __bucket=1024.0", "[1.0, 0.0, 0.0]",
                "name=c, __bucket=2048.0", "[1.0, 0.0, 0.0]"));
    assertThat(ask("{ } | quantile_over_time(span.n, 0.25, 1)"))
        .isEqualTo(Map.of("p=0.25", "[1024.0, 0.0, 0.0]", "p=1.0", "[2048.0, 0.0, 0.0]"));
  }

  @Test
  void decidesOnWholeTraces() {
    OtlpTrace first = OtlpTrace.trace("aa");
    span(first.service("web"), "parent", 1, 8).id(1);
    OtlpTrace second = OtlpTrace.trace("aa");
    span(second.service("db"), "child", 2, 1).id(2).parent(1);
    add(first);
    add(second);
    assertThat(ask("{ name = `parent` } > { } | count_over_time() by (name)"))
        .isEqualTo(Map.of("name=child", "[1.0, 0.0, 0.0]"));
    assertThat(ask("{ } | count_over_time() by (rootName)"))
        .isEqualTo(Map.of("rootName=parent", "[2.0, 0.0, 0.0]"));
  }

  @Test
  void comparesAndRanks() {
    OtlpTrace trace = trace();
    OtlpResource s = trace.service("s");
    for (String name : new String[] {"a", "b", "b", "c", "c", "d"}) {
      span(s, name, 1, 1);
    }
    span(s, "a", 11, 1);
    add(trace);
    String counts = "{ } | count_over_time() by (name)";
    assertThat(ask(counts + " > 1"))
        .isEqualTo(Map.of("name=b", "[2.0, NaN, NaN]", "name=c", "[2.0, NaN, NaN]"));
    assertThat(ask(counts + " | topk(1)"))
        .isEqualTo(Map.of("name=a", "[NaN, 1.0, 0.0]", "name=b", "[2.0, NaN, NaN]"));
    assertThat(ask(counts + " | bottomk(1)")).isEqualTo(Map.of("name=d", "[1.0, 0.0, 0.0]"));
    assertThat(ask(counts + " | topk(4)")).hasSize(4);
  }

  @Test
  void calculatesWithSeries() {
    addCarts();
    assertThat(ask("({ status = error } | rate()) / ({ } | rate()) * 100"))
        .isEqualTo(Map.of("__name__=(rate / rate)", "[33.333333333333336, 0.0, 0.0]"));
    assertThat(ask("({ } | count_over_time() by (name)) / ({ } | count_over_time()) > 0.5"))
        .isEqualTo(Map.of("name=a", "[0.6666666666666666, NaN, 1.0]", "name=b", "[NaN, 1.0, NaN]"));
    assertThat(
            ask(
                "({ name = `a` } | count_over_time() by (name)) + ({ } | count_over_time() by (name))"))
        .isEqualTo(Map.of("name=a", "[4.0, 0.0, 2.0]"));
    assertThat(ask("({ status = error } | rate()) / ({ name = `nowhere` } | rate())")).isEmpty();
  }

  @Test
  void comparesSelectionWithBaseline() {
    OtlpTrace trace = trace();
    OtlpResource s = trace.service("s");
    span(s, "a", 1, 1).attr("k", 1L).status(2, "");
    span(s, "a", 2, 1).attr("k", 2L);
    span(s, "b", 3, 1).attr("k", List.of("x", "y"));
    add(trace);
    Map<String, String> found =
        Metrics.show(
            Metrics.run(
                "{ } | compare({ status = error }, 1)",
                Intervals.single(START, START + 30 * SECOND),
                sources));
    assertThat(found)
        .containsEntry("__meta_type=selection, span.k=1", "[1.0]")
        .containsEntry("__meta_type=baseline, span.k=2", "[1.0]")
        .containsEntry("__meta_type=selection_total, span.k=nil", "[1.0]")
        .containsEntry("__meta_type=baseline_total, span.k=nil", "[2.0]")
        .containsEntry("__meta_type=baseline, resource.service.name=s", "[2.0]")
        .containsEntry("__meta_type=baseline, rootServiceName=s", "[2.0]")
        .containsEntry("__meta_type=baseline, span:childCount=0", "[2.0]")
        // Of two values that occur once, the first by text stays, and the answer says so.
        .containsEntry("__meta_type=baseline, name=a", "[1.0]")
        .doesNotContainKey("__meta_type=baseline, name=b")
        .containsEntry("__meta_error=__too_many_values__, name=nil", "[0.0]")
        .doesNotContainKey("__meta_error=__too_many_values__, kind=nil");
  }

  @Test
  void comparesWithinItsOwnWindow() {
    OtlpTrace trace = trace();
    OtlpResource s = trace.service("s");
    span(s, "a", 1, 1);
    span(s, "a", 12, 1);
    add(trace);
    assertThat(
            ask(
                "{ } | compare({ name = `a` }, 10, "
                    + (START + 10 * SECOND)
                    + ", "
                    + (START + 12 * SECOND)
                    + ")"))
        .containsEntry("__meta_type=selection_total, name=nil", "[0.0, 1.0, 0.0]")
        .containsEntry("__meta_type=baseline_total, name=nil", "[1.0, 0.0, 0.0]");
  }

  @Test
  void picksExemplarsOfTheirSeries() {
    addCarts();
    MetricsResult result =
        Metrics.run("{ name = `b` } | rate() by (span.n)", INTERVALS, 100, 0, sources);
    List<Exemplar> all = new ArrayList<>();
    for (MetricsSeries series : result.series()) {
      for (Exemplar exemplar : series.exemplars()) {
        assertThat(exemplar.value()).isEqualTo(series.values()[exemplar.interval()]);
        assertThat(exemplar.labels()).contains(new Label("trace:id", new FoundValue.Text("1")));
        assertThat(exemplar.labels()).contains(series.labels().getFirst());
        all.add(exemplar);
      }
    }
    // One of each trace.
    assertThat(all).hasSize(1);
    MetricsResult seconds =
        Metrics.run("{ } | avg_over_time(duration)", INTERVALS, 100, 0, sources);
    assertThat(seconds.series().getFirst().exemplars()).hasSize(1);
    assertThat(seconds.series().getFirst().exemplars().getFirst().value()).isBetween(1.0, 4.0);
    assertThat(
            Metrics.run("{ } | rate()", INTERVALS, 0, 0, sources).series().getFirst().exemplars())
        .isEmpty();
  }

  @Test
  void limitsSeriesAndSaysSo() {
    addCarts();
    MetricsResult limited = Metrics.run("{ } | rate() by (span.n)", INTERVALS, 0, 2, sources);
    assertThat(limited.series()).hasSize(2);
    assertThat(limited.exceededMaxSeries()).isEqualTo(2);
    MetricsResult whole = Metrics.run("{ } | rate() by (name)", INTERVALS, 0, 2, sources);
    assertThat(whole.series()).hasSize(2);
    assertThat(whole.exceededMaxSeries()).isZero();
  }

  @Test
  void countsSampledSpansByTheirWeight() {
    OtlpTrace trace = trace();
    OtlpResource s = trace.service("s");
    span(s, "a", 1, 2).traceState("ot=th:8");
    span(s, "a", 1, 5);
    add(trace);
    assertThat(ask("{ } | count_over_time()")).containsValue("[2.0, 0.0, 0.0]");
    assertThat(ask("{ } | count_over_time() with (extrapolate=true)"))
        .containsValue("[3.0, 0.0, 0.0]");
    assertThat(ask("{ } | avg_over_time(duration) with (extrapolate=true)"))
        .containsValue("[3.0, NaN, NaN]");
    assertThat(ask("{ } | sum_over_time(duration) with (extrapolate=true)"))
        .containsValue("[9.0, NaN, NaN]");
  }

  @Test
  void endsWhenItNeedsTooMuchMemory() {
    OtlpTrace trace = trace();
    OtlpResource s = trace.service("s");
    for (int i = 0; i < 2_000; i++) {
      span(s, "span-" + i, 1, 1);
    }
    add(trace);
    QueryScope scope = QueryScope.of(Duration.ofMinutes(1), 1 << 20);
    MetricsRequest request =
        new MetricsRequest(
            TraceQl.compile("{ } | rate() by (name)"),
            new Intervals(START, SECOND / 10, 300),
            0,
            0,
            true);
    assertThatThrownBy(() -> new MetricsEngine().execute(request, sources, scope))
        .isInstanceOfSatisfying(
            RequestException.class,
            failure -> assertThat(failure.category()).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED));
    assertThat(scope.reservedBytes()).isZero();
  }

  @Test
  void stopsWhenCancelled() {
    addCarts();
    QueryScope scope = QueryScope.unbounded();
    scope.cancel();
    MetricsRequest request =
        new MetricsRequest(TraceQl.compile("{ } | rate()"), INTERVALS, 0, 0, true);
    assertThatThrownBy(() -> new MetricsEngine().execute(request, sources, scope))
        .hasMessage("context canceled");
  }

  @Test
  void calculatesWithFiveGroupings() {
    addCarts();
    String by = ") by (name, status, kind, resource.service.name, statusMessage)";
    assertThat(ask("({ status = error } | rate(" + by + ") / ({ } | rate(" + by + ")"))
        .isEqualTo(
            Map.of(
                "name=a, status=error, kind=internal, resource.service.name=cart, statusMessage=",
                "[1.0, NaN, NaN]"));
  }

  @Test
  void samplingHintsDoNotChangeTheAnswer() {
    addCarts();
    Map<String, String> exact = ask("{ } | rate()");
    for (String hint :
        new String[] {"sample=0.1", "sample=true", "span_sample=0.5", "trace_sample=0"}) {
      assertThat(ask("{ } | rate() with (" + hint + ")")).isEqualTo(exact);
    }
  }
}
