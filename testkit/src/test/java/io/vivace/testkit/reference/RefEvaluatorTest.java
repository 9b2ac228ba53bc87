package io.vivace.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.traceql.TraceQl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Facts of the language, stated by hand.
class RefEvaluatorTest {
  private static final long START = 1_700_000_000_000_000_000L;

  /// a(1) → b(2) → c(3), a → d(4), orphan o(9) → p(10); ids are the letters' numbers.
  private static List<RefTrace> sample() {
    OtlpTrace trace = OtlpTrace.trace("abc");
    OtlpResource web = trace.service("web").attr("zone", "eu").attr("only", "resource");
    OtlpSpan a = web.span("a", START, 1_000_000_000).id(1).kind(OtlpSpan.SERVER);
    a.attr("n", 1).attr("tags", List.of("x", "y")).attr("flag", true).attr("one", List.of("z"));
    OtlpSpan b = web.span("b", START + 10, 500_000_000).id(2).parent(1).attr("n", 2.0);
    b.attr("zone", 5).attr("flag", false).attr("bad", Map.of("k", 1));
    b.event("retry", START + 20).eventAttr("k", 1).event("done", START + 30).eventAttr("k", 2);
    OtlpResource db = trace.service("db");
    db.span("c", START + 20, 100).id(3).parent(2).attr("n", "two").error("bang");
    db.span("d", START + 30, 0).id(4).parent(1).attr("n", 3);
    db.span("o", START + 40, 7).id(9).parent(77);
    db.span("p", START + 50, 7).id(10).parent(9).link(new byte[16], new byte[8]);
    RefTraceReader reader = new RefTraceReader();
    reader.add(trace.toTracesData());
    return reader.traces();
  }

  private static String names(String query) {
    TreeSet<String> names = new TreeSet<>();
    for (RefMatch match : RefEvaluator.search(TraceQl.compile(query), sample())) {
      for (RefMatch.Spanset set : match.spansets()) {
        for (RefMatch.Found found : set.spans()) {
          names.add(found.span().name());
        }
      }
    }
    return String.join("", names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{ }@abcdop",
        "{ span.n = 1 }@a",
        "{ span.n = 2 }@''",
        "{ span.n = 2.0 }@b",
        "{ span.n + 0 = 2 }@b",
        "{ span.n != 1 }@d",
        "{ span.n != \"x\" }@c",
        "{ span.n = nil }@op",
        "{ span.n != nil }@abcd",
        "{ .zone = \"eu\" }@a",
        "{ .zone = 5 }@b",
        "{ resource.zone = \"eu\" }@ab",
        "{ .only = nil }@cdop",
        "{ span.tags = \"x\" }@a",
        "{ span.tags != \"x\" }@''",
        "{ span.tags != \"q\" }@a",
        "{ span.tags !~ \"x|q\" }@''",
        "{ \"w\" < span.tags }@a",
        "{ span.one = \"z\" }@a",
        "{ span.bad = nil || span.bad != nil }@acdop",
        "{ span.flag }@a",
        "{ !span.flag }@b",
        "{ !(span.n = 1) }@bcdop",
        "{ span.n / 0 = 1 || true }@bcop",
        "{ true || span.n / 0 = 1 }@abcdop",
        "{ status = error }@c",
        "{ event.k = 2 }@b",
        "{ event:name = \"retry\" && event.k = 2 }@''",
        "{ event:name = \"done\" && event.k = 2 }@b",
        "{ event.q = nil }@b",
        "{ event:timeSinceStart > 15ns }@b",
        "{ 15ns < event:timeSinceStart }@b",
        "{ duration > 400ms }@ab",
        "{ duration > span.n }@ab",
        "{ rootName = \"a\" && rootServiceName = \"web\" }@abcdop",
        "{ traceDuration = 1s }@abcdop",
        "{ span:childCount = 2 }@a",
        "{ nestedSetParent = -1 }@a",
        "{ nestedSetLeft = 0 }@op",
        "{ trace:id = \"0abc\" }@abcdop",
        "{ span:parentID = \"0000000000000001\" }@bd",
        "{ name = \"a\" } >> { }@bcd",
        "{ name = \"a\" } > { }@bd",
        "{ name = \"c\" } << { }@ab",
        "{ name = \"c\" } < { }@b",
        "{ name = \"b\" } ~ { }@d",
        "{ name = \"o\" } > { }@p",
        "{ name = \"a\" } !>> { }@aop",
        "{ name = \"zzz\" } !>> { }@abcdop",
        "{ name = \"a\" } &>> { name = \"c\" }@ac",
        "{ name = \"a\" } &> { name = \"c\" }@''",
        "{ name = \"a\" } && { name = \"c\" }@ac",
        "{ name = \"a\" } && { name = \"z\" }@''",
        "{ name = \"a\" } || { name = \"z\" }@a",
        "{ name = \"a\" } >> { name = \"b\" } >> { }@c",
        "{ } | { name = \"a\" }@a",
        "{ } | count() > 5@abcdop",
        "{ } | count() > 6@''",
        "{ } | by(resource.service.name) | count() > 2@cdop",
        "{ } | by(resource.service.name) | coalesce() | count() = 6@abcdop",
        "{ } | max(duration) > 1s@''",
        "{ } | min(duration) = 0@abcdop",
        "{ span.n != nil } | sum(span.n) = 4@abcd",
        "by(span.tags) | count() = 1@a"
      })
  void filters(String query, String expected) {
    assertThat(names(query)).isEqualTo(expected);
  }

  @Test
  void spansetAttributes() {
    List<RefMatch> found =
        RefEvaluator.search(
            TraceQl.compile("{ } | by(resource.service.name) | avg(duration) > 1ms"), sample());
    assertThat(found.getFirst().spansets().getFirst().attributes().toString())
        .isEqualTo("{by(resource.service.name)=web, avg(duration)=750ms}");
  }

  @Test
  void structureNeedsOneSpansetOnEachSide() {
    assertThatThrownBy(() -> names("({ } | by(name)) >> ({ })"))
        .hasMessageStartingWith("spanset operators are not supported for multiple spansets");
  }

  @Test
  void shownAttributes() {
    List<RefMatch> found =
        RefEvaluator.search(
            TraceQl.compile("{ span.n = 1 || span.flag = false } | select(resource.zone)"),
            sample());
    assertThat(found.getFirst().spansets().getFirst().spans())
        .map(span -> span.attributes().toString())
        .containsExactly(
            "[Shown[key=n, value=1], Shown[key=zone, value=eu]]",
            "[Shown[key=flag, value=false], Shown[key=zone, value=eu]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        // Of an array the elements that satisfy a comparison; of events the one that matched.
        "{ span.tags = \"x\" }@[Shown[key=tags, value=x]]",
        "{ span.tags >= \"x\" }@[Shown[key=tags, value=[x, y]]]",
        "{ span.tags != \"q\" }@[Shown[key=tags, value=[x, y]]]",
        "{ event:name = \"retry\" }@[Shown[key=event:name, value=retry]]",
        "{ event:name = \"retry\" && event.k = 1 }@[Shown[key=event:name, value=retry], Shown[key=k, value=1]]",
        "{ name = \"b\" } | select(event.k)@[Shown[key=k, value=2]]",
        "{ name = \"b\" } | by(event.k) | count() = 1@[Shown[key=k, value=2]]",
        "{ name = \"o\" && span.n = nil }@[Shown[key=n, value=nil]]",
        "{ name = \"o\" } | select(event:name, span.n)@[Shown[key=event:name, value=]]"
      })
  void shownValues(String query, String expected) {
    List<RefMatch> found = RefEvaluator.search(TraceQl.compile(query), sample());
    assertThat(found.getFirst().spansets().getFirst().spans().getFirst().attributes())
        .hasToString(expected);
  }

  private static String metrics(String query) {
    long second = 1_000_000_000L;
    StringBuilder out = new StringBuilder();
    for (RefSeries series :
        RefMetrics.query(
            TraceQl.compile(query),
            sample(),
            START - 10 * second,
            START + 10 * second,
            10 * second)) {
      out.append(series.labels()).append(java.util.Arrays.toString(series.values()));
    }
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        // a starts exactly at the edge and belongs to the interval before it.
        "{ } | count_over_time()@[__name__=count_over_time][1.0, 5.0]",
        "{ } | rate()@[__name__=rate][0.1, 0.5]",
        "{ name = \"z\" } | rate()@[__name__=rate][0.0, 0.0]",
        "{ name = \"z\" } | rate() by (name)@''",
        "{ } | max_over_time(duration)@[__name__=max_over_time][1.0, 0.5]",
        "{ } | sum_over_time(span.n)@[__name__=sum_over_time][1.0, 5.0]",
        "{ } | avg_over_time(span.n)@[__name__=avg_over_time][1.0, 2.5]",
        "{ name = \"b\" } | count_over_time() by (resource.service.name, span.q)@[resource.service.name=web][0.0, 1.0]",
        "{ } | count_over_time() by (span.q)@[span.q=nil][1.0, 5.0]",
        "{ } | count_over_time() by (resource.service.name) | topk(1)@[resource.service.name=db][NaN, 4.0][resource.service.name=web][1.0, NaN]",
        "{ } | count_over_time() > 2@[__name__=count_over_time][NaN, 5.0]",
        "({ } | count_over_time()) * 2 + 1@[__name__=count_over_time][3.0, 11.0]",
        "({ } | rate()) / ({ } | count_over_time())@[__name__=(rate / count_over_time)][0.1, 0.1]",
        "{ name = \"d\" } | count_over_time() by (name) > 5@''",
        "{ name = \"c\" } | histogram_over_time(duration)@[__bucket=1.28e-07][0.0, 1.0]",
        "{ name = \"c\" } | quantile_over_time(duration, 1)@[p=1][0.0, 1.28E-7]"
      })
  void metricsFacts(String query, String expected) {
    assertThat(metrics(query)).isEqualTo(expected);
  }

  @Test
  void randomCasesAreRepeatableAndFindSomething() {
    int found = 0;
    int errors = 0;
    int empty = 0;
    for (long seed = 0; seed < 1_500; seed++) {
      RandomCase first = RandomCase.search(seed);
      assertThat(first.query()).isEqualTo(RandomCase.search(seed).query());
      try {
        int matches = RefEvaluator.search(TraceQl.compile(first.query()), first.traces()).size();
        found += matches > 0 ? 1 : 0;
        empty += matches == 0 ? 1 : 0;
      } catch (RefQueryException e) {
        errors++;
      }
    }
    assertThat(found).isGreaterThan(600);
    assertThat(empty).isGreaterThan(200);
    assertThat(errors).isLessThan(50);
  }

  @Test
  void answersDoNotDependOnTheOrderOfSpans() {
    for (long seed = 0; seed < 800; seed++) {
      RandomCase example = RandomCase.search(seed);
      Random random = new Random(seed);
      List<RefTrace> shuffled =
          example.traces().stream()
              .map(trace -> {
                List<RefTrace.Resource> resources =
                    trace.split(3, span -> random.nextInt(3)).stream()
                        .flatMap(part -> part.resources().reversed().stream())
                        .toList();
                return new RefTrace(trace.id(), resources);
              })
              .toList();
      assertThat(summary(example.query(), shuffled))
          .as(example.toString())
          .isEqualTo(summary(example.query(), example.traces()));
    }
  }

  @Test
  void dataSurvivesOtlp() {
    for (long seed = 0; seed < 200; seed++) {
      RandomCase example = RandomCase.search(seed);
      RefTraceReader reader = new RefTraceReader();
      reader.add(RefTrace.toRequest(example.traces()));
      assertThat(reader.traces()).as(example.toString()).isEqualTo(example.traces());
    }
  }

  @Test
  void randomMetricsRun() {
    int found = 0;
    for (long seed = 0; seed < 1_000; seed++) {
      RandomCase example = RandomCase.metrics(seed);
      found +=
          RefMetrics.query(
                      TraceQl.compile(example.query()),
                      example.traces(),
                      RandomData.START_EPOCH_NANOS - 1,
                      RandomData.START_EPOCH_NANOS - 1 + RandomData.SPREAD_NANOS,
                      RandomData.SPREAD_NANOS / 10)
                  .isEmpty()
              ? 0
              : 1;
    }
    assertThat(found).isGreaterThan(500);
  }

  private static TreeSet<String> summary(String query, List<RefTrace> traces) {
    TreeSet<String> summary = new TreeSet<>();
    try {
      for (RefMatch match : RefEvaluator.search(TraceQl.compile(query), traces)) {
        for (RefMatch.Spanset set : match.spansets()) {
          TreeSet<String> spans = new TreeSet<>();
          for (RefMatch.Found found : set.spans()) {
            // The numbers of nested sets follow the order of the spans.
            List<RefMatch.Shown> shown = new ArrayList<>(found.attributes());
            shown.removeIf(attribute -> attribute.key().startsWith("nestedSet"));
            spans.add(found.span().id() + "/" + found.span().kind() + shown);
          }
          summary.add(match.trace().id().toHex() + set.matched() + set.attributes() + spans);
        }
      }
    } catch (RefQueryException e) {
      summary.add(String.valueOf(e.getMessage()));
    }
    return summary;
  }
}
