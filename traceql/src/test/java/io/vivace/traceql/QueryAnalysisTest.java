package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.traceql.ast.Intrinsic;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class QueryAnalysisTest {
  private static QueryAnalysis analyse(String query) {
    return QueryAnalysis.of(TraceQl.parse(query));
  }

  @Test
  void fieldsAreCollectedEverywhere() {
    QueryAnalysis analysis =
        analyse(
            "{ .a = 1 && !(span.b > duration) } >> ({ event.c != nil } | by(resource.d))"
                .replace("{ .a", "({ .a")
                .replace(") } >>", ") }) >>"));
    assertThat(analysis.attributes())
        .map(Object::toString)
        .containsExactly(".a", "span.b", "event.c", "resource.d");
    assertThat(analysis.intrinsics()).containsExactly(Intrinsic.DURATION);
    assertThat(analysis.features())
        .containsExactly(
            Feature.STRUCTURAL,
            Feature.NESTED_PIPELINE,
            Feature.GROUP_BY,
            Feature.SEVERAL_STAGES,
            Feature.EVENT_FIELDS);
    assertThat(analysis.isMetrics()).isFalse();
  }

  @Test
  void metricsFieldsCount() {
    QueryAnalysis analysis =
        analyse("({ .a } | max_over_time(span.b) by (rootName) | topk(3)) * 2 with(sample=true)");
    assertThat(analysis.attributes()).map(Object::toString).containsExactly(".a", "span.b");
    assertThat(analysis.intrinsics()).containsExactly(Intrinsic.ROOT_NAME);
    assertThat(analysis.features())
        .containsExactly(
            Feature.METRICS,
            Feature.SECOND_STAGE,
            Feature.METRICS_ARITHMETIC,
            Feature.TRACE_FIELDS,
            Feature.HINTS);
    assertThat(analysis.isMetrics()).isTrue();
  }

  @Test
  void theFirstUnsupportedConstructIsNamedWithItsPosition() {
    QueryAnalysis analysis = analyse("{ .a }\n| count() > 2 | coalesce()");
    assertThat(analysis.firstOutside(EnumSet.of(Feature.SEVERAL_STAGES)).orElseThrow().describe())
        .isEqualTo("aggregates ((count()) > 2) at line 2, col 3");
    assertThat(analysis.firstOutside(EnumSet.allOf(Feature.class))).isEmpty();
  }
}
