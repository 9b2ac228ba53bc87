package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vivace.traceql.ast.Query;
import io.vivace.traceql.check.TraceQlValidationException;
import io.vivace.traceql.parse.TraceQlSyntaxException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorpusTest {
  static List<Corpus.Case> valid() {
    return Corpus.group("valid");
  }

  static List<Corpus.Case> parseErrors() {
    return Corpus.group("parse_error");
  }

  static List<Corpus.Case> validationErrors() {
    return Corpus.group("validation_error");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void validQueriesCompileAndRenderCanonically(Corpus.Case example) {
    Query query = TraceQl.compile(example.query());
    if (example.canon() != null) {
      assertThat(query).hasToString(example.canon());
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void canonicalRenderingParsesBackToTheSameTree(Corpus.Case example) {
    Query query = TraceQl.parse(example.query());
    String canonical = RoundTrip.readable(query.toString());
    assertThat(TraceQl.parse(canonical)).isEqualTo(query);
  }

  @ParameterizedTest
  @MethodSource("parseErrors")
  void syntaxErrorsAreRefused(Corpus.Case example) {
    if (example.supersetOk()) {
      assertThat(catchThrowable(() -> TraceQl.parse(example.query())))
          .satisfiesAnyOf(
              thrown -> assertThat(thrown).isNull(),
              thrown -> assertThat(thrown).isInstanceOf(TraceQlSyntaxException.class));
      return;
    }
    assertThatThrownBy(() -> TraceQl.parse(example.query()))
        .isInstanceOf(TraceQlSyntaxException.class)
        .hasMessageMatching("(?s)parse error at line [1-9]\\d*, col [1-9]\\d*: .*")
        .hasMessageContaining(example.message() == null ? "" : example.message());
  }

  @ParameterizedTest
  @MethodSource("validationErrors")
  void invalidQueriesParseAndAreRefused(Corpus.Case example) {
    Query query = TraceQl.parse(example.query());
    assertThatThrownBy(() -> TraceQl.validate(query))
        .isInstanceOfSatisfying(
            TraceQlValidationException.class,
            thrown -> assertThat(thrown.unsupported()).isEqualTo(example.unsupported()))
        .hasMessageStartingWith(example.message() == null ? "" : example.message());
  }

  @ParameterizedTest
  @MethodSource("validationErrors")
  void invalidQueriesRenderReadably(Corpus.Case example) {
    Query query = TraceQl.parse(example.query());
    assertThat(TraceQl.parse(RoundTrip.readable(query.toString()))).isEqualTo(query);
  }
}
