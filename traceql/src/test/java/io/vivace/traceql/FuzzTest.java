package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.traceql.ast.Query;
import io.vivace.traceql.check.TraceQlValidationException;
import io.vivace.traceql.parse.TraceQlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever is thrown at the parser, only the two exceptions come out, and what parses renders to
/// something that parses.
class FuzzTest {
  private static final String[] PIECES = {
    "{",
    "}",
    "(",
    ")",
    "|",
    "||",
    "&&",
    "!",
    "=",
    "!=",
    "=~",
    "!~",
    ">",
    ">=",
    "<",
    "<=",
    ">>",
    "<<",
    "~",
    "!>",
    "!<",
    "!>>",
    "!<<",
    "&>",
    "&<",
    "&>>",
    "&<<",
    "&~",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    ",",
    ".",
    "span.",
    "resource.",
    "parent.",
    "event.",
    "link.",
    "instrumentation.",
    "trace:",
    "span:",
    "event:",
    "link:",
    "instrumentation:",
    "id",
    "traceID",
    "name",
    "duration",
    "status",
    "kind",
    "parent",
    "rootName",
    "childCount",
    "nil",
    "true",
    "false",
    "ok",
    "error",
    "server",
    "minInt",
    "maxInt",
    "1",
    "0",
    "007",
    "1.5",
    ".5",
    "0x1F",
    "9223372036854775807",
    "5s",
    "1h30m",
    "1d",
    "\"x\"",
    "`y`",
    "\"(\"",
    "'c'",
    "//",
    "/*",
    "*/",
    "\n",
    "\t",
    " ",
    "\\",
    "\"",
    "`",
    "'",
    "count()",
    "avg(",
    "max(.a)",
    "by(",
    "coalesce()",
    "select(",
    "rate()",
    "count_over_time()",
    "min_over_time(",
    "quantile_over_time(duration, ",
    "histogram_over_time(",
    "compare({",
    "topk(3)",
    "bottomk(",
    "with(",
    "a",
    ".a",
    "span.b",
    "\u00a0",
    "é",
    "\uD83D\uDE00",
    "\u0000",
    "\uD800",
    "{ }",
    "{ .a }"
  };

  private static void check(String text) {
    try {
      Query query = TraceQl.parse(text);
      String canonical = RoundTrip.readable(query.toString());
      assertThat(TraceQl.parse(canonical)).as(text).isEqualTo(query);
      TraceQl.validate(query);
      QueryAnalysis.of(query);
    } catch (TraceQlSyntaxException e) {
      assertThat(e.offset()).isBetween(0, text.length());
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
    } catch (TraceQlValidationException e) {
      assertThat(e.position().offset()).isBetween(0, text.length());
    }
    TraceQl.compileLenient(text);
  }

  private static void soups(long firstSeed, int count) {
    for (int i = 0; i < count; i++) {
      Random random = new Random(firstSeed + i);
      StringBuilder soup = new StringBuilder();
      for (int j = random.nextInt(30); j >= 0; j--) {
        soup.append(PIECES[random.nextInt(PIECES.length)]);
        if (random.nextInt(3) > 0) {
          soup.append(' ');
        }
      }
      check(soup.toString());
    }
  }

  private static void mutations(long firstSeed, int count) {
    List<Corpus.Case> cases = new ArrayList<>(Corpus.group("valid"));
    cases.addAll(Corpus.group("validation_error"));
    for (int i = 0; i < count; i++) {
      Random random = new Random(firstSeed + i);
      StringBuilder text = new StringBuilder(cases.get(random.nextInt(cases.size())).query());
      for (int j = random.nextInt(4); j >= 0 && !text.isEmpty(); j--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(5)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
          case 2 -> text.setCharAt(at, (char) random.nextInt(128));
          case 3 -> text.setLength(at);
          default ->
              text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
        }
      }
      check(text.toString());
    }
  }

  @Test
  @Timeout(60)
  void tokenSoups() {
    soups(0, 20_000);
  }

  @Test
  @Timeout(60)
  void mutatedQueries() {
    mutations(0, 20_000);
  }

  @Test
  @Tag("full")
  void tokenSoupsForLong() {
    soups(1_000_000, 3_000_000);
  }

  @Test
  @Tag("full")
  void mutatedQueriesForLong() {
    mutations(1_000_000, 3_000_000);
  }
}
