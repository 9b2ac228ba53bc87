package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vivace.model.ErrorCategory;
import io.vivace.traceql.check.TraceQlValidationException;
import io.vivace.traceql.parse.TraceQlSyntaxException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SyntaxErrorTest {
  private static TraceQlSyntaxException syntaxError(String query) {
    return catchThrowableOfType(TraceQlSyntaxException.class, () -> TraceQl.parse(query));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{ span.a = }@1@12@}",
        "{ span.a == 1 }@1@11@=",
        "{ .größe = 1 &&\\n  .b == 2 }@2@7@=",
        "{ .a }\\n\\n | rate(@3@9@$end",
        "{ .a = 1 } & { .b }@1@12@IDENTIFIER",
        "{ span. a = 1 }@1@8@END_ATTRIBUTE",
        "{ .a = \"x }@1@8@ERROR",
        "{ \uD83D\uDE00 }@1@3@IDENTIFIER",
        "({ .a } | count() > 1) && { .b }@1@27@{",
        "{ .a } >> ({ .b } | count() > 1)@1@19@|",
        "{ } | by(.a) rate()@1@14@rate",
        "{ } | count() > 1 / 0@1@19@/",
        "{ } | rate() | topk(3) by (.a)@1@24@by"
      })
  void positionAndTokenAreExact(String query, int line, int column, String token) {
    TraceQlSyntaxException thrown = syntaxError(query.replace("\\n", "\n"));
    assertThat(thrown.line()).as(thrown.getMessage()).isEqualTo(line);
    assertThat(thrown.column()).as(thrown.getMessage()).isEqualTo(column);
    assertThat(thrown.token()).isEqualTo(token);
    assertThat(thrown.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(thrown).hasMessageStartingWith("parse error at line " + line + ", col " + column);
  }

  @Test
  void offsetCountsChars() {
    assertThat(syntaxError("{ .\uD83D\uDE00 == 1 }").offset()).isEqualTo(7);
    assertThat(syntaxError("{ .\uD83D\uDE00 == 1 }").column()).isEqualTo(7);
  }

  @Test
  void expectedTokensAreListedWhereTheyAreFew() {
    assertThat(syntaxError("{ link:name = 1 }").expected()).containsExactly("traceID", "spanID");
    assertThat(syntaxError("{ .a = 1 ").expected()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{ resource.servce.name == 1 }@did you mean service.name instead of servce.name",
        "{ .a = eror }@did you mean error",
        "{ duraton > 1s }@did you mean duration",
        "{ .a = null }@did you mean nil",
        "{ .a = 'x' }@unknown identifier: 'x'",
        "{ .a = 'xy' }@double quotes",
        "{ .a and .b }@and is written &&",
        "{ cart = 1 }@span.cart"
      })
  void aRemarkSaysWhatWasProbablyMeant(String query, String remark) {
    assertThat(syntaxError(query)).hasMessageContaining(remark);
  }

  @Test
  void validationSaysWhatWasProbablyMeant() {
    assertThatThrownBy(() -> TraceQl.compile("{ status = \"error\" }"))
        .hasMessage(
            "binary operations must operate on the same type: status = `error`; the states are"
                + " written without quotes: error");
    assertThatThrownBy(() -> TraceQl.compile("{ kind = \"server\" }"))
        .hasMessageEndingWith("the kinds are written without quotes: server");
    assertThatThrownBy(() -> TraceQl.compile("{ duration > \"7s\" }"))
        .hasMessageEndingWith("such as 7s");
    assertThatThrownBy(() -> TraceQl.compile("{ .a =~ \"(open\" }"))
        .hasMessageStartingWith("invalid regex: `(open`; ")
        .isInstanceOfSatisfying(
            TraceQlValidationException.class,
            thrown -> assertThat(thrown.position().offset()).isEqualTo(8));
  }

  @ParameterizedTest
  @ValueSource(ints = {900, 1_100, 10_000, 60_000})
  void deepNestingIsBounded(int depth) {
    String[][] shapes = {
      {"{ " + "(".repeat(depth), ".a", ")".repeat(depth) + " }"},
      {"(".repeat(depth), "{ }", ")".repeat(depth)},
      {"{ " + "!".repeat(depth), ".a", " }"},
      {"{ " + "- ".repeat(depth), ".a", " = 1 }"},
      {"{ " + ".a ^ ".repeat(depth), ".a", " = 1 }"},
      {"{ " + "nil = ".repeat(depth), ".a", " }"},
      {"{ } | count() > " + "(".repeat(depth), "1", ")".repeat(depth)},
      {"{ } | count() > " + "-".repeat(depth), "1", ""},
      {"{ } | rate() > " + "-(".repeat(depth), "1", ")".repeat(depth)},
      {"(".repeat(depth), "{ } | rate()", ")".repeat(depth)},
    };
    for (String[] shape : shapes) {
      String query = shape[0] + shape[1] + shape[2];
      Assertions.assertTimeout(
          Duration.ofSeconds(5),
          () -> {
            try {
              TraceQl.compile(query).toString();
            } catch (TraceQlSyntaxException e) {
              assertThat(e).hasMessageContaining("nested too deeply");
            } catch (TraceQlValidationException e) {
              assertThat(e).hasMessageContaining("must");
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ @.a = 1@ || .a = 1@ }",
        "@{ .a }@ && { .b }@",
        "@count()@ + 1@ > 1",
        "@({ } | rate())@ + 1@",
        "{ @.a@ + .a@ > 1 }"
      })
  void longChainsAreFine(String shape) {
    String[] parts = shape.split("@", -1);
    for (int count : new int[] {2_900, 30_000}) {
      String query = parts[0] + parts[1] + parts[2].repeat(count) + parts[3];
      try {
        String canonical = TraceQl.parse(query).toString();
        assertThat(canonical).isNotEmpty();
        assertThat(TraceQl.parse(query).hashCode()).isEqualTo(TraceQl.parse(query).hashCode());
        assertThat(TraceQl.parse(query)).isEqualTo(TraceQl.parse(query));
        QueryAnalysis.of(TraceQl.parse(query));
        TraceQl.validate(TraceQl.parse(query));
        assertThat(count).isEqualTo(2_900);
      } catch (TraceQlSyntaxException e) {
        assertThat(count).isEqualTo(30_000);
        assertThat(e).hasMessageContaining("too many operators in a row");
      } catch (TraceQlValidationException e) {
        assertThat(e.unsupported()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a{1000}){1000}",
        "((((a{0,100}){0,100}){0,100}){0,100}){0,100}",
        "(?:x{500}y{500}){3}"
      })
  void explosivePatternsAreRefused(String pattern) {
    assertThatThrownBy(() -> TraceQl.compile("{ .a =~ `" + pattern + "` }"))
        .isInstanceOf(TraceQlValidationException.class)
        .hasMessageStartingWith("invalid regex: `" + pattern + "`");
  }

  @Test
  void deepPatternsAreRefused() {
    String pattern = "(".repeat(20_000) + ")".repeat(20_000);
    assertThatThrownBy(() -> TraceQl.compile("{ .a =~ `" + pattern + "` }"))
        .hasMessageEndingWith("nests too deeply");
  }
}
