package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.traceql.ast.Query;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LenientTest {
  static List<Corpus.Case> lenient() {
    return Corpus.group("lenient");
  }

  @ParameterizedTest
  @MethodSource("lenient")
  void halfTypedQueriesAreRepaired(Corpus.Case example) {
    Optional<Query> query = TraceQl.compileLenient(example.query());
    assertThat(query.map(Query::toString).orElse(null)).isEqualTo(example.canon());
  }

  private static String groups(String query) {
    return ConditionGroups.of(TraceQl.compileLenient(query).orElseThrow(), 100).groups().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{ }@[]",
        "{ .a = 1 }@[[.a = 1]]",
        "{ .a = 1 && .b = 2 }@[[.a = 1, .b = 2]]",
        "{ .a = 1 || .b = 2 }@[[.a = 1], [.b = 2]]",
        "{ .a = 1 || .a = 1 }@[[.a = 1]]",
        "{ (.a = 1 || .b = 2) && .c = 3 }@[[.a = 1, .c = 3], [.b = 2, .c = 3]]",
        "{ .a = 1 && .b = }@[[.a = 1]]",
        "{ .a = 1 || .b = }@[]",
        "{ .a = 1 && .b }@[[.a = 1]]",
        "{ .a = 1 } | rate()@[[.a = 1]]",
        "({ .a = 1 } | { .b = 2 })@[[.a = 1]]",
        "{ .a = 1 } && { .b = 2 }@[]",
        "count() > 1@[]",
        "({ .a = 1 } | rate()) + 1@[]",
        "{ !(.a = 1) }@[[!(.a = 1)]]"
      })
  void conditionGroups(String query, String expected) {
    assertThat(groups(query)).isEqualTo(expected);
  }

  @Test
  void tooManyGroupsAreRefused() {
    StringBuilder query = new StringBuilder("{ true");
    for (int i = 0; i < 40; i++) {
      query.append(" && (.a = ").append(i).append(" || .b = ").append(i).append(")");
    }
    Query parsed = TraceQl.parse(query.append(" }").toString());
    assertThatThrownBy(() -> ConditionGroups.of(parsed, 100))
        .hasMessage(
            "maximum condition groups reached (limit: 100). Reduce the number of OR conditions in"
                + " the query");
  }

  @ParameterizedTest
  @CsvSource({
    "'', {}",
    "{}, {}",
    "{ .a = , {}",
    "{ nonsense ], {}",
    "{.a=1, { .a = 1 }",
    "{ name > 5 }, {}"
  })
  void normalizedFilters(String query, String expected) {
    assertThat(TraceQl.normalizeFilter(query)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "resource.service.name, resource.service.name",
    "span:kind, kind",
    "name, name",
    ".x, .x",
    "span.\"a b\", span.\"a b\""
  })
  void tagNames(String text, String label) {
    assertThat(TraceQl.parseField(text).orElseThrow().label()).isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource({"service.name", "''", "5", ".a = 1", ".a} | {.b", "span."})
  void notTagNames(String text) {
    assertThat(TraceQl.parseField(text)).isEmpty();
  }
}
