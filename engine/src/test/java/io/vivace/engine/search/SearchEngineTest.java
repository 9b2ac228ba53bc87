package io.vivace.engine.search;

import static io.vivace.engine.search.SpanSpec.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.search.SearchResult.FoundAttribute;
import io.vivace.engine.search.SearchResult.FoundTrace;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.engine.search.SearchResult.ServiceCounts;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SearchEngineTest {
  private static final SearchEngine ENGINE = new SearchEngine();

  private static SearchResult search(SearchCondition condition, TimeRange range, int limit) {
    return ENGINE.search(
        new SearchRequest(condition, range, limit, 3),
        List.of(SpanSpec.source("one", someTraces())),
        QueryScope.unbounded());
  }

  /// Trace t starts t milliseconds after the base and lasts 2 t milliseconds.
  private static List<SpanSpec> someTraces() {
    List<SpanSpec> spans = new ArrayList<>();
    for (long t = 1; t <= 50; t++) {
      // Ids run against the order of time.
      spans.add(span(1000 - t, t, 0, "svc-" + t % 5, "op " + t).with("n", t));
    }
    return spans;
  }

  private static List<Long> starts(SearchResult result) {
    List<Long> starts = new ArrayList<>();
    for (FoundTrace trace : result.traces()) {
      starts.add((trace.startEpochNanos() - SpanSpec.BASE) / 1_000_000);
    }
    return starts;
  }

  @Test
  void returnsTheNewestTracesInOrder() {
    SearchResult result = SpanSpec.search("{ span.n > 10 }", splitByTime());
    assertThat(starts(result)).hasSize(40).isSortedAccordingTo((a, b) -> Long.compare(b, a));

    SearchResult few =
        ENGINE.search(
            SpanSpec.request("{ span.n < 31 }", 3, 3),
            List.of(splitByTime()),
            QueryScope.unbounded());
    assertThat(starts(few)).containsExactly(30L, 29L, 28L);
  }

  private static BatchSource[] splitByTime() {
    List<SpanSpec> all = someTraces();
    return new BatchSource[] {
      SpanSpec.source("old", all.subList(0, 20)), SpanSpec.source("new", all.subList(20, 50)),
    };
  }

  @Test
  void skipsSourcesThatCannotBeNewer() {
    SearchResult result =
        ENGINE.search(
            SpanSpec.request("{ }", 3, 3), List.of(splitByTime()), QueryScope.unbounded());
    assertThat(starts(result)).containsExactly(50L, 49L, 48L);
    assertThat(result.statistics().inspectedSources()).isEqualTo(1);
    assertThat(result.statistics().sources()).isEqualTo(2);
  }

  @Test
  void considersTracesThatOverlapTheRange() {
    TimeRange range = new TimeRange(SpanSpec.BASE + 40_000_000, SpanSpec.BASE + 41_000_000);
    SearchResult result = search(new SearchCondition.AllTraces(), range, 100);
    // Trace t lies in [t, 2 t] milliseconds.
    assertThat(starts(result)).first().isEqualTo(41L);
    assertThat(starts(result)).last().isEqualTo(20L);
    assertThat(result.traces()).allSatisfy(trace -> assertThat(trace.spanSets()).isEmpty());
  }

  @Test
  void aTraceWhosePartsLieAroundTheRangeOverlapsIt() {
    List<BatchSource> sources =
        List.of(
            SpanSpec.source("before", List.of(span(1, 1, 0, "a", "first"))),
            SpanSpec.source("after", List.of(span(1, 30, 1, "a", "last"))));
    TimeRange between = new TimeRange(SpanSpec.BASE + 10_000_000, SpanSpec.BASE + 11_000_000);
    SearchRequest request =
        new SearchRequest(
            SpanSpec.request("{ name = \"first\" }", 10, 3).condition(), between, 10, 3);
    SearchResult result = ENGINE.search(request, sources, QueryScope.unbounded());
    // The sources themselves lie outside the range, so the joined trace must decide.
    assertThat(result.traces()).hasSize(1);
    assertThat(result.traces().getFirst().durationNanos()).isEqualTo(59_000_000);
  }

  @Test
  void tagSearchWantsEveryPairSomewhere() {
    SearchCondition both = new SearchCondition.Tags(tags("service.name", "svc-3"), 0, 0);
    assertThat(starts(search(both, TimeRange.ALL, 100)))
        .containsExactly(48L, 43L, 38L, 33L, 28L, 23L, 18L, 13L, 8L, 3L);
    SearchCondition bounded =
        new SearchCondition.Tags(tags("service.name", "svc-3"), 20_000_000, 30_000_000);
    assertThat(starts(search(bounded, TimeRange.ALL, 100))).containsExactly(28L, 23L);
    SearchCondition none =
        new SearchCondition.Tags(tags("service.name", "svc-3", "name", "op 43"), 0, 0);
    assertThat(starts(search(none, TimeRange.ALL, 100))).containsExactly(43L);
  }

  private static TreeMap<String, String> tags(String... pairs) {
    TreeMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      tags.put(pairs[i], pairs[i + 1]);
    }
    return tags;
  }

  @Test
  void describesTheTraceAndItsSpans() {
    List<SpanSpec> spans =
        List.of(
            span(7, 1, 0, "web", "GET /").kind(2),
            span(7, 2, 1, "api", "call").status(2).with("k", 5L).with("list", List.of("x", "y")),
            span(7, 3, 1, "api", "call").with("k", 6L));
    FoundTrace trace =
        SpanSpec.search(
                "{ span.k >= 5 } | select(name, kind, span.list, resource.service.name)",
                SpanSpec.source("one", spans))
            .traces()
            .getFirst();
    assertThat(trace.rootServiceName()).isEqualTo("web");
    assertThat(trace.rootTraceName()).isEqualTo("GET /");
    assertThat(trace.durationNanos()).isEqualTo(5_000_000);
    assertThat(trace.serviceStats())
        .isEqualTo(Map.of("web", new ServiceCounts(1, 0), "api", new ServiceCounts(2, 1)));
    assertThat(trace.spanSets()).hasSize(1);
    assertThat(trace.spanSets().getFirst().matched()).isEqualTo(2);
    assertThat(trace.spanSets().getFirst().spans().getFirst().name()).isEqualTo("call");
    assertThat(trace.spanSets().getFirst().spans().getFirst().attributes())
        .containsExactly(
            new FoundAttribute("k", new FoundValue.Int(5)),
            new FoundAttribute("kind", new FoundValue.Text("internal")),
            new FoundAttribute(
                "list",
                new FoundValue.Array(List.of(new FoundValue.Text("x"), new FoundValue.Text("y")))),
            new FoundAttribute("service.name", new FoundValue.Text("api")));
  }

  @Test
  void showsWhatConditionsFound() {
    BatchSource source =
        SpanSpec.source("one", List.of(span(7, 1, 0, "web", "a").with("k", 5L).with("v", "x")));
    assertThat(SpanSpec.onlySpanAttributes(SpanSpec.search("{ span.k = 5 }", source)))
        .containsExactly(new FoundAttribute("k", new FoundValue.Int(5)));
    // The condition that failed shows nothing.
    assertThat(
            SpanSpec.onlySpanAttributes(
                SpanSpec.search("{ span.k = 5 || span.v = \"y\" }", source)))
        .containsExactly(new FoundAttribute("k", new FoundValue.Int(5)));
    // What is missing shows as the word nil.
    assertThat(SpanSpec.onlySpanAttributes(SpanSpec.search("{ span.gone = nil }", source)))
        .containsExactly(new FoundAttribute("gone", new FoundValue.Text("nil")));
    assertThat(SpanSpec.search("{ span.k = 5 }", source).traces().getFirst().spanSets())
        .first()
        .satisfies(set -> assertThat(set.spans().getFirst().name()).isNull());
  }

  @Test
  void showsGroupsAndAggregates() {
    BatchSource source =
        SpanSpec.source(
            "one",
            List.of(
                span(7, 1, 0, "web", "a").with("k", 5L),
                span(7, 2, 1, "web", "b").with("k", 6L),
                span(7, 3, 1, "web", "b").with("k", 8L)));
    FoundTrace trace =
        SpanSpec.search("{ } | by(name) | avg(span.k) > 1", source).traces().getFirst();
    assertThat(trace.spanSets()).hasSize(2);
    assertThat(trace.spanSets().get(0).attributes())
        .containsExactly(
            new FoundAttribute("by(name)", new FoundValue.Text("a")),
            new FoundAttribute("avg(span.k)", new FoundValue.Real(5)));
    assertThat(trace.spanSets().get(1).attributes())
        .containsExactly(
            new FoundAttribute("by(name)", new FoundValue.Text("b")),
            new FoundAttribute("avg(span.k)", new FoundValue.Real(7)));
    assertThat(trace.spanSets().get(1).matched()).isEqualTo(2);
  }

  @Test
  void structureNeedsOneSetPerSide() {
    BatchSource source =
        SpanSpec.source("one", List.of(span(7, 1, 0, "web", "a"), span(7, 2, 1, "web", "b")));
    assertThatThrownBy(() -> SpanSpec.search("({ } | by(name)) >> ({ } | by(name))", source))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("coalesce()");
  }

  @Test
  void endsWhenCancelledLateOrTooBig() {
    List<BatchSource> sources = List.of(SpanSpec.source("one", someTraces()));
    SearchRequest request = SpanSpec.request("{ }", 100, 0);

    QueryScope cancelled = QueryScope.unbounded();
    cancelled.cancel();
    assertThatThrownBy(() -> ENGINE.search(request, sources, cancelled))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.CANCELLED));

    QueryScope late = QueryScope.of(Duration.ofNanos(-1), Long.MAX_VALUE);
    assertThatThrownBy(() -> ENGINE.search(request, sources, late))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.DEADLINE_EXCEEDED));

    QueryScope small = QueryScope.of(Duration.ofMinutes(1), 1000);
    assertThatThrownBy(() -> ENGINE.search(request, sources, small))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED));
    assertThat(small.reservedBytes()).isZero();
  }
}
