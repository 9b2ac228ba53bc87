package io.vivace.engine.search;

import static io.vivace.engine.search.SpanSpec.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The answer does not depend on where the spans of a trace lie. (Nested-set numbers are not
/// compared: they follow the order in which siblings are stored.)
class SplitTraceTest {
  private static final long SEED = 20261121;
  private static final List<SpanSpec> SPANS = spans(new SplittableRandom(SEED));

  private static List<SpanSpec> spans(SplittableRandom random) {
    List<SpanSpec> all = new ArrayList<>();
    long id = 1;
    for (long trace = 1; trace <= 60; trace++) {
      long first = id;
      int count = 1 + random.nextInt(12);
      for (int i = 0; i < count; i++, id++) {
        long parent = i == 0 ? (trace % 7 == 0 ? 999_999 : 0) : first + random.nextInt(i);
        SpanSpec span =
            span(trace, id, parent, "s" + random.nextInt(3), "n" + random.nextInt(4))
                .kind(random.nextInt(6))
                .status(random.nextInt(3))
                .with("k", (long) random.nextInt(5));
        if (random.nextInt(3) == 0) {
          span = span.with("text", "t" + random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
          span = span.event("e" + random.nextInt(2), Map.of("n", (long) random.nextInt(3)));
        }
        if (random.nextInt(5) == 0) {
          span = span.with("list", List.of("a" + random.nextInt(3), "b" + random.nextInt(3)));
        }
        all.add(span);
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ }",
        "{ name = \"n1\" }",
        "{ span.k = 3 && status = error }",
        "{ span.text =~ \"t[12]\" || span.list = \"a1\" }",
        "{ event:name = \"e1\" && event.n = 2 }",
        "{ rootName = \"n1\" }",
        "{ rootServiceName = \"s1\" && kind = server }",
        "{ traceDuration > 100ms && span.k = 1 }",
        "{ span:childCount > 1 }",
        "{ nestedSetParent = -1 }",
        "{ name = \"n1\" } && { name = \"n2\" }",
        "{ name = \"n1\" } || { span.k = 4 }",
        "{ name = \"n1\" } > { name = \"n2\" }",
        "{ name = \"n1\" } >> { name = \"n2\" }",
        "{ name = \"n1\" } << { name = \"n2\" }",
        "{ name = \"n1\" } < { name = \"n2\" }",
        "{ name = \"n1\" } ~ { name = \"n2\" }",
        "{ name = \"n1\" } !>> { name = \"n2\" }",
        "{ name = \"n1\" } !~ { name = \"n2\" }",
        "{ name = \"n1\" } &>> { name = \"n2\" }",
        "{ name = \"n1\" } &~ { name = \"n2\" }",
        "{ } | count() > 5",
        "{ } | avg(span.k) > 2",
        "{ status != unset } | by(resource.service.name) | count() > 1",
        "{ } | by(span.text) | max(duration) > 50ms | select(name, span.k)",
        "{ } | by(name) | coalesce() | count() < 4",
        "{ span.k * 2 > 5 } | select(span.text, event:name)",
      })
  void anySplitGivesTheSameAnswer(String query) {
    BatchSource whole = SpanSpec.source("whole", SPANS);
    SplittableRandom random = new SplittableRandom(SEED + query.hashCode());
    // A small limit looks traces up one by one, a large one merges the ids of all sources.
    for (int limit : new int[] {5, 100, 1000}) {
      SearchRequest request = SpanSpec.request(query, limit, 3);
      String expected = run(request, List.of(whole));
      for (int round = 0; round < 5; round++) {
        assertThat(run(request, split(random)))
            .as("limit %d, round %d", limit, round)
            .isEqualTo(expected);
      }
    }
  }

  private static String run(SearchRequest request, List<BatchSource> sources) {
    QueryScope scope = QueryScope.unbounded();
    String answer = SpanSpec.text(new SearchEngine().search(request, sources, scope));
    assertThat(scope.reservedBytes()).isZero();
    return answer;
  }

  /// Each span in one of three sources, some in two.
  private static List<BatchSource> split(SplittableRandom random) {
    List<List<SpanSpec>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (SpanSpec span : SPANS) {
      int part = random.nextInt(3);
      parts.get(part).add(span);
      if (random.nextInt(10) == 0) {
        parts.get((part + 1) % 3).add(span);
      }
    }
    List<BatchSource> sources = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      sources.add(SpanSpec.source("part-" + i, parts.get(i)));
    }
    return sources;
  }
}
