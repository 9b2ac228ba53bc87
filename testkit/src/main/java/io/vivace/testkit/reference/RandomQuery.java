package io.vivace.testkit.reference;

import io.vivace.traceql.TraceQl;
import io.vivace.traceql.check.TraceQlValidationException;
import java.util.Random;
import java.util.function.Supplier;

/// Writes queries about the data of [RandomData].
final class RandomQuery {
  private static final String[] TEXT_FIELDS = {
    "span.s",
    ".s",
    "span.both",
    ".both",
    "resource.both",
    "resource.region",
    "resource.service.name",
    ".service.name",
    "span.m",
    ".m",
    "resource.m",
    "span.arr",
    ".arr",
    "resource.arr",
    "resource.k8s.pod.name",
    "span.http.method",
    "name",
    "statusMessage",
    "rootName",
    "rootServiceName",
    "event.e",
    "event.m",
    "event:name",
    "link.l",
    "instrumentation.team",
    "instrumentation:name",
    "instrumentation:version",
    "span.missing"
  };
  private static final String[] INT_FIELDS = {
    "span.i",
    ".i",
    "resource.i",
    "span.m",
    ".m",
    "span.arr",
    "event.i",
    "link.i",
    "instrumentation.i",
    "span.http.status_code",
    "span:childCount",
    "span.missing"
  };
  private static final String[] REAL_FIELDS = {"span.f", ".f", "span.m", "span.arr", ".arr"};
  private static final String[] DURATION_FIELDS = {
    "duration", "traceDuration", "event:timeSinceStart"
  };
  private static final String[] USER_FIELDS = {
    "span.s",
    ".s",
    "span.i",
    ".i",
    "span.f",
    "span.b",
    "span.both",
    ".both",
    "resource.both",
    "span.m",
    ".m",
    "resource.m",
    "span.arr",
    "event.e",
    "event.i",
    "link.l",
    "instrumentation.team",
    "resource.region",
    "span.missing"
  };
  private static final String[] GROUP_FIELDS = {
    "span.s",
    ".s",
    "span.i",
    "resource.service.name",
    "name",
    "kind",
    "status",
    "span.b",
    "span.f",
    ".both",
    "event:name",
    "resource.region",
    "span:childCount",
    "rootName"
  };
  private static final String[] COMPARISONS = {"=", "!=", "<", "<=", ">", ">="};
  private static final String[] LOGIC = {"&&", "||"};
  private static final String[] SPANSET_OPS = {
    "&&", "||", ">", "<", ">>", "<<", "~", "!>", "!<", "!>>", "!<<", "!~", "&>", "&<", "&>>", "&<<",
    "&~"
  };

  private final Random random;

  RandomQuery(long seed) {
    random = new Random(seed * 17 + 3);
  }

  String search() {
    return valid(this::pipeline);
  }

  String metrics() {
    return valid(this::metricsQuery);
  }

  /// Types that do not fit are left to chance and drawn again.
  private static String valid(Supplier<String> source) {
    while (true) {
      String text = source.get();
      try {
        TraceQl.compile(text);
        return text;
      } catch (TraceQlValidationException _) {
        // The next one.
      }
    }
  }

  private String pick(String... values) {
    return values[random.nextInt(values.length)];
  }

  // ---- fields

  private String text() {
    return "\"" + pick(RandomData.TEXTS) + "\"";
  }

  private String textFor(String field) {
    return switch (field) {
      case "name", "rootName" -> "\"" + pick(RandomData.NAMES) + "\"";
      case "resource.service.name", ".service.name", "rootServiceName" ->
          "\"" + pick(RandomData.SERVICES) + "\"";
      case "event:name" -> "\"" + pick(RandomData.EVENT_NAMES) + "\"";
      case "instrumentation:name" -> pick("\"lib.a\"", "\"lib.b\"", "\"\"");
      case "instrumentation:version" -> pick("\"1\"", "\"2.0\"");
      case "span.http.method" -> "\"GET\"";
      default -> text();
    };
  }

  private String integer() {
    return Long.toString(RandomData.INTS[random.nextInt(RandomData.INTS.length)]);
  }

  private String real() {
    return Double.toString(RandomData.REALS[random.nextInt(RandomData.REALS.length)]);
  }

  private String duration() {
    return pick("0s", "1ms", "3ms", "500ms", "1s", "1024ns", "-500us", "5m");
  }

  // ---- filters

  private String filter() {
    return random.nextInt(12) == 0 ? "{ }" : "{ " + expression(2) + " }";
  }

  private String expression(int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return leaf();
    }
    return switch (random.nextInt(7)) {
      case 0 -> "!(" + expression(depth - 1) + ")";
      case 1 -> "(" + expression(depth - 1) + ") " + pick("=", "!=") + " " + pick("true", "false");
      default ->
          "(" + expression(depth - 1) + ") " + pick(LOGIC) + " (" + expression(depth - 1) + ")";
    };
  }

  private String leaf() {
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> {
        String field = pick(TEXT_FIELDS);
        return sides(
            field, random.nextInt(3) == 0 ? pick(COMPARISONS) : pick("=", "!="), textFor(field));
      }
      case 3 -> {
        return pick(TEXT_FIELDS)
            + pick(" =~ ", " !~ ")
            + pick("\"a|b\"", "\".*\"", "\"[ab]?\"", "\"(?i)a.*\"", "\"\"");
      }
      case 4, 5 -> {
        return sides(
            pick(INT_FIELDS), pick(COMPARISONS), random.nextInt(6) == 0 ? real() : integer());
      }
      case 6 -> {
        return sides(
            pick(REAL_FIELDS), pick(COMPARISONS), random.nextInt(6) == 0 ? integer() : real());
      }
      case 7 -> {
        return sides(pick(DURATION_FIELDS), pick(COMPARISONS), duration());
      }
      case 8 -> {
        return pick(USER_FIELDS) + pick(" = nil", " != nil");
      }
      case 9 -> {
        return pick("status", "span:status") + pick(" = ", " != ") + pick("ok", "error", "unset");
      }
      case 10 -> {
        return "kind" + pick(" = ", " != ") + pick("server", "client", "unspecified", "consumer");
      }
      case 11 -> {
        return pick(
            "span.b",
            ".b",
            "span.b = true",
            "span.b != true",
            "span.m = true",
            "span.arr = false",
            "!span.b",
            "span.arr != true");
      }
      case 12 -> {
        return pick(INT_FIELDS)
            + pick(" + ", " - ", " * ", " / ", " % ")
            + integer()
            + " "
            + pick(COMPARISONS)
            + " "
            + integer();
      }
      case 13 -> {
        return pick(USER_FIELDS) + " " + pick(COMPARISONS) + " " + pick(USER_FIELDS);
      }
      case 14 -> {
        return pick(
            "nestedSetParent = -1",
            "nestedSetParent < 0",
            "nestedSetLeft > 0",
            "nestedSetLeft = 0",
            "span:parentID = \"0000000000000000\"",
            "span:childCount > 1",
            "span:childCount = 0",
            "duration * 2 > traceDuration",
            "-span.i < 1",
            "rootName = name",
            "duration > span.i",
            "span.i ^ 2 = 4",
            "span.s = resource.both",
            "event:name = \"retry\" && event.i > 0",
            "event.e = \"a\" && event.i = 1",
            "link.l = \"a\" || link.i = 1");
      }
      default -> {
        return pick("duration", "traceDuration")
            + pick(" > ", " <= ")
            + pick("0", "1000000", "1.5e8", "1s - 500ms");
      }
    }
  }

  private String sides(String field, String op, String literal) {
    return random.nextInt(4) == 0
        ? literal + " " + op + " " + field
        : field + " " + op + " " + literal;
  }

  // ---- pipelines

  private String spansets() {
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        return filter();
      }
      case 2, 3 -> {
        return filter() + " " + pick(SPANSET_OPS) + " " + filter();
      }
      default -> {
        return "("
            + filter()
            + " "
            + pick(SPANSET_OPS)
            + " "
            + filter()
            + ") "
            + pick(SPANSET_OPS)
            + " "
            + filter();
      }
    }
  }

  private String pipeline() {
    StringBuilder text = new StringBuilder();
    switch (random.nextInt(12)) {
      case 0 -> text.append("by(").append(pick(GROUP_FIELDS)).append(")");
      case 1 -> text.append(scalar());
      case 2 ->
          text.append("(")
              .append(filter())
              .append(" | ")
              .append(scalar())
              .append(") ")
              .append(pick("&&", "||", ">>"))
              .append(" (")
              .append(filter())
              .append(")");
      default -> text.append(spansets());
    }
    if (text.charAt(0) == '(' && text.indexOf(" | ") >= 0) {
      return text.toString();
    }
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      text.append(" | ");
      switch (random.nextInt(6)) {
        case 0 -> text.append(filter());
        case 1, 2 -> text.append(scalar());
        case 3 -> text.append("by(").append(pick(GROUP_FIELDS)).append(")");
        case 4 -> text.append("coalesce()");
        default ->
            text.append("select(")
                .append(pick(USER_FIELDS))
                .append(", ")
                .append(pick(GROUP_FIELDS))
                .append(")");
      }
    }
    return text.toString();
  }

  private String scalar() {
    return switch (random.nextInt(4)) {
      case 0 ->
          pick("avg", "min", "max", "sum") + "(span.i) " + pick(COMPARISONS) + " " + integer();
      case 1 -> pick("avg", "min", "max", "sum") + "(span.f) " + pick(COMPARISONS) + " " + real();
      case 2 ->
          pick("avg", "min", "max", "sum") + "(duration) " + pick("<", ">") + " " + duration();
      default -> "count() " + pick(COMPARISONS) + " " + (1 + random.nextInt(4));
    };
  }

  // ---- metrics

  private String metricsQuery() {
    return switch (random.nextInt(5)) {
      case 0 -> "(" + subQuery() + ") " + pick("+", "-", "*", "/") + " " + pick("2", "0.5", "100");
      case 1 -> "(" + subQuery() + ") " + pick("+", "-", "*", "/") + " (" + subQuery() + ")";
      default -> subQuery();
    };
  }

  private String subQuery() {
    StringBuilder text = new StringBuilder(spansets());
    if (random.nextInt(5) == 0) {
      text.append(" | ").append(scalar());
    }
    text.append(" | ");
    switch (random.nextInt(8)) {
      case 0, 1 -> text.append("rate()");
      case 2, 3 -> text.append("count_over_time()");
      case 4 ->
          text.append(pick("min", "max", "sum", "avg"))
              .append("_over_time(")
              .append(pick("span.i", "span.f", "duration", "span.m"))
              .append(")");
      case 5 -> text.append("histogram_over_time(").append(pick("duration", "span.i")).append(")");
      case 6 -> text.append("quantile_over_time(duration, 0.5, 0.99)");
      default -> text.append("max_over_time(duration)");
    }
    switch (random.nextInt(4)) {
      case 0 -> text.append(" by (").append(pick(GROUP_FIELDS)).append(")");
      case 1 -> {
        String first = pick(GROUP_FIELDS);
        String second = pick(GROUP_FIELDS);
        if (!first.equals(second)) {
          text.append(" by (").append(first).append(", ").append(second).append(")");
        }
      }
      default -> {}
    }
    switch (random.nextInt(6)) {
      case 0 -> text.append(" | topk(").append(1 + random.nextInt(3)).append(")");
      case 1 -> text.append(" | bottomk(").append(1 + random.nextInt(3)).append(")");
      case 2 ->
          text.append(" ").append(pick(COMPARISONS)).append(" ").append(pick("0", "1", "0.5"));
      default -> {}
    }
    return text.toString();
  }
}
