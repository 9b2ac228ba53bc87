package io.vivace.engine.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Metrics the slow way, from the definition of the language: each part of a query is a text with
/// its meaning for plain spans. Shares no code with the engine.
final class NaiveMetrics {
  private static final String[] STATUS = {"unset", "ok", "error"};
  private static final String[] KIND = {
    "unspecified", "internal", "server", "client", "producer", "consumer"
  };

  /// A value that only one kind of label can have: durations, status and kind are words.
  private static final Object ARRAY = new Object();

  private NaiveMetrics() {}

  record Pipeline(String text, Predicate<NaiveSpan> keeps) {}

  record Field(String text, Function<NaiveSpan, @Nullable Object> value) {}

  record Argument(String text, Function<NaiveSpan, @Nullable Object> value, boolean isDuration) {}

  private static Predicate<NaiveSpan> anyInTrace(Predicate<NaiveSpan> wanted) {
    return span -> span.wholeTrace.stream().anyMatch(wanted);
  }

  static final List<Pipeline> PIPELINES =
      List.of(
          new Pipeline("{ }", span -> true),
          new Pipeline("{ name = `a` }", span -> span.name.equals("a")),
          new Pipeline(
              "{ status = error || kind = server }", span -> span.status == 2 || span.kind == 2),
          new Pipeline(
              "{ span.n > 5 }", span -> anyLong(span.attributes.get("n"), number -> number > 5)),
          new Pipeline(
              "{ resource.service.name != `cart` }", span -> !span.serviceName().equals("cart")),
          new Pipeline("{ .k = `x` }", span -> "x".equals(span.unscoped("k"))),
          new Pipeline("{ duration * 2 > 5s }", span -> span.duration * 2.0 > 5e9),
          new Pipeline("{ 3s < duration }", span -> span.duration > 3 * NaiveSpan.SECOND),
          new Pipeline("{ !(kind = server) }", span -> span.kind != 2),
          new Pipeline(
              "{ name !~ `a` && name !~ `b` }",
              span -> !span.name.equals("a") && !span.name.equals("b")),
          new Pipeline("{ event:name = `retry` }", span -> span.events.contains("retry")),
          new Pipeline(
              "{ name = `b` } | { kind = client }",
              span -> span.name.equals("b") && span.kind == 3),
          new Pipeline("{ rootName = `a` }", span -> span.rootName().equals("a")),
          new Pipeline("{ name = rootName }", span -> span.name.equals(span.rootName())),
          new Pipeline(
              "{ traceDuration > 20s }", span -> span.traceDuration() > 20 * NaiveSpan.SECOND),
          new Pipeline(
              "{ name = `a` } >> { status != error }",
              span ->
                  span.status != 2
                      && span.wholeTrace.stream()
                          .anyMatch(other -> other.name.equals("a") && span.descendsFrom(other))),
          new Pipeline(
              "{ name = `a` } > { }",
              span ->
                  span.wholeTrace.stream()
                      .anyMatch(other -> other.name.equals("a") && other.id == span.parent)),
          new Pipeline(
              "{ name = `a` } && { kind = server }",
              ((Predicate<NaiveSpan>) span -> span.name.equals("a") || span.kind == 2)
                  .and(anyInTrace(span -> span.name.equals("a")))
                  .and(anyInTrace(span -> span.kind == 2))),
          new Pipeline(
              "{ status = error } | count() > 1",
              span ->
                  span.status == 2
                      && span.wholeTrace.stream().filter(other -> other.status == 2).count() > 1));

  private static boolean anyLong(@Nullable Object value, Predicate<Long> test) {
    return switch (value) {
      case Long number -> test.test(number);
      case List<?> list -> list.stream().anyMatch(element -> test.test((Long) element));
      case null, default -> false;
    };
  }

  static final List<Field> FIELDS =
      List.of(
          new Field("name", span -> span.name),
          new Field("resource.service.name", NaiveSpan::serviceName),
          new Field("status", span -> STATUS[span.status]),
          new Field("kind", span -> KIND[span.kind]),
          new Field("statusMessage", span -> span.statusMessage),
          new Field("span.n", span -> span.attributes.get("n")),
          new Field("span.f", span -> span.attributes.get("f")),
          new Field(".k", span -> span.unscoped("k")),
          new Field("resource.k", span -> span.resourceAttributes.get("k")),
          new Field("span.nowhere", span -> null),
          new Field("instrumentation:name", span -> span.scope),
          new Field("rootName", NaiveSpan::rootName),
          new Field("rootServiceName", NaiveSpan::rootService),
          new Field("span:childCount", NaiveSpan::childCount),
          new Field("event:name", span -> span.events.isEmpty() ? null : span.events.getFirst()));

  static final List<Argument> ARGUMENTS =
      List.of(
          new Argument("duration", span -> span.duration, true),
          new Argument("span.n", span -> span.attributes.get("n"), false),
          new Argument("span.f", span -> span.attributes.get("f"), false),
          new Argument("trace:duration", NaiveSpan::traceDuration, true),
          new Argument("span:childCount", NaiveSpan::childCount, false),
          new Argument("name", span -> span.name, false));

  static final String[] FUNCTIONS = {
    "rate",
    "count_over_time",
    "min_over_time",
    "max_over_time",
    "sum_over_time",
    "avg_over_time",
    "histogram_over_time",
    "quantile_over_time"
  };

  /// A sub-query with its meaning.
  record Question(
      String text,
      Pipeline pipeline,
      String function,
      @Nullable Argument argument,
      double[] quantiles,
      List<Field> by) {}

  static Question question(SplittableRandom random) {
    Pipeline pipeline = PIPELINES.get(random.nextInt(PIPELINES.size()));
    String function = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
    boolean counts = function.equals("rate") || function.equals("count_over_time");
    Argument argument = counts ? null : ARGUMENTS.get(random.nextInt(ARGUMENTS.size()));
    double[] quantiles =
        function.startsWith("quantile")
            ? new double[] {random.nextInt(0, 5) / 4.0, 0.9}
            : new double[0];
    List<Field> by = new ArrayList<>();
    for (int i = random.nextInt(-1, 4); i > 0; i--) {
      Field field = FIELDS.get(random.nextInt(FIELDS.size()));
      if (!by.contains(field)) {
        by.add(field);
      }
    }
    StringBuilder text = new StringBuilder(pipeline.text() + " | " + function + "(");
    text.append(argument == null ? "" : argument.text());
    for (double quantile : quantiles) {
      text.append(", ").append(quantile);
    }
    text.append(")");
    if (!by.isEmpty()) {
      text.append(" by (")
          .append(String.join(", ", by.stream().map(Field::text).toList()))
          .append(")");
    }
    return new Question(text.toString(), pipeline, function, argument, quantiles, by);
  }

  /// Labels to the values of all series with these labels.
  static Map<String, List<double[]>> answer(
      Question question, List<NaiveSpan> spans, Intervals intervals, boolean isExtrapolated) {
    Map<List<@Nullable Object>, List<NaiveSpan>> groups = new LinkedHashMap<>();
    for (NaiveSpan span : spans) {
      if (question.pipeline().keeps().test(span) && interval(span, intervals) >= 0) {
        List<@Nullable Object> key = new ArrayList<>();
        for (Field field : question.by()) {
          Object value = field.value().apply(span);
          key.add(value instanceof List<?> ? ARRAY : value);
        }
        groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(span);
      }
    }
    if (question.by().isEmpty() && groups.isEmpty() && question.argument() == null) {
      groups.put(List.of(), List.of());
    }
    Map<String, List<double[]>> series = new TreeMap<>();
    groups.forEach((key, members) ->
        addGroup(question, labels(question, key), members, intervals, isExtrapolated, series));
    series.values().forEach(list -> list.sort(Arrays::compare));
    return series;
  }

  private static int interval(NaiveSpan span, Intervals intervals) {
    for (int i = 0; i < intervals.count(); i++) {
      long left = intervals.startEpochNanos() + i * intervals.stepNanos();
      if (span.start > left && span.start <= left + intervals.stepNanos()) {
        return i;
      }
    }
    return -1;
  }

  private static String labels(Question question, List<@Nullable Object> key) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      if (key.get(i) != null) {
        labels.add(question.by().get(i).text() + "=" + text(key.get(i)));
      }
    }
    if (labels.isEmpty() && !key.isEmpty()) {
      labels.add(question.by().getFirst().text() + "=nil");
    }
    return String.join(", ", labels);
  }

  private static String text(@Nullable Object value) {
    return value == ARRAY ? "nil" : String.valueOf(value);
  }

  private static void addGroup(
      Question question,
      String labels,
      List<NaiveSpan> members,
      Intervals intervals,
      boolean isExtrapolated,
      Map<String, List<double[]>> series) {
    String function = question.function();
    if (function.startsWith("histogram") || function.startsWith("quantile")) {
      addBuckets(question, labels, members, intervals, isExtrapolated, series);
      return;
    }
    double[] values = new double[intervals.count()];
    boolean counts = question.argument() == null;
    Arrays.fill(values, counts ? 0 : Double.NaN);
    double[] weights = new double[intervals.count()];
    for (NaiveSpan span : members) {
      double weight = isExtrapolated ? span.weight : 1;
      int i = interval(span, intervals);
      if (counts) {
        values[i] += weight;
        continue;
      }
      Double value = number(question.argument(), span);
      if (value == null) {
        continue;
      }
      double before = values[i];
      weights[i] += weight;
      values[i] =
          switch (function) {
            case "min_over_time" -> Double.isNaN(before) ? value : Math.min(before, value);
            case "max_over_time" -> Double.isNaN(before) ? value : Math.max(before, value);
            default -> (Double.isNaN(before) ? 0 : before) + value * weight;
          };
    }
    boolean hasValue = false;
    for (int i = 0; i < values.length; i++) {
      if (function.equals("rate")) {
        values[i] /= intervals.stepNanos() / 1e9;
      } else if (function.equals("avg_over_time")) {
        values[i] /= weights[i];
      }
      hasValue |= !Double.isNaN(values[i]);
    }
    if (hasValue) {
      String name = question.by().isEmpty() ? "__name__=" + function : labels;
      series.computeIfAbsent(name, _ -> new ArrayList<>()).add(values);
    }
  }

  /// Of the duration of a span the seconds, of other durations the nanoseconds.
  private static @Nullable Double number(Argument argument, NaiveSpan span) {
    Object value = argument.value().apply(span);
    if (!(value instanceof Long) && !(value instanceof Double)) {
      return null;
    }
    double number = ((Number) value).doubleValue();
    return argument.text().equals("duration") ? number / 1e9 : number;
  }

  private static void addBuckets(
      Question question,
      String labels,
      List<NaiveSpan> members,
      Intervals intervals,
      boolean isExtrapolated,
      Map<String, List<double[]>> series) {
    TreeMap<Double, double[]> buckets = new TreeMap<>();
    for (NaiveSpan span : members) {
      if (question.argument().value().apply(span) instanceof Long value && value >= 2) {
        double bound = 1;
        while (bound < value) {
          bound *= 2;
        }
        double unit = question.argument().isDuration() ? 1e9 : 1;
        buckets
                .computeIfAbsent(bound / unit, _ -> new double[intervals.count()])[
                interval(span, intervals)] +=
            isExtrapolated ? span.weight : 1;
      }
    }
    String prefix = labels.isEmpty() ? "" : labels + ", ";
    if (question.function().startsWith("histogram")) {
      buckets.forEach((bound, counts) ->
          series.computeIfAbsent(prefix + "__bucket=" + bound, _ -> new ArrayList<>()).add(counts));
      return;
    }
    if (buckets.isEmpty()) {
      return;
    }
    for (double p : question.quantiles()) {
      double[] values = new double[intervals.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = quantile(p, buckets, i);
      }
      series.computeIfAbsent(prefix + "p=" + p, _ -> new ArrayList<>()).add(values);
    }
  }

  private static double quantile(double p, TreeMap<Double, double[]> buckets, int interval) {
    double total = 0;
    for (double[] counts : buckets.values()) {
      total += counts[interval];
    }
    if (total == 0) {
      return 0;
    }
    double wanted = Math.max(1, Math.ceil(p * total));
    double used = 0;
    double previous = 0;
    for (Map.Entry<Double, double[]> bucket : buckets.entrySet()) {
      double count = bucket.getValue()[interval];
      double bound = bucket.getKey();
      if (count == 0) {
        continue;
      }
      if (used + count > wanted) {
        double high = Math.log(bound) / Math.log(2);
        double low = previous > 0 ? Math.log(previous) / Math.log(2) : high - 1;
        return Math.pow(2, low + (high - low) * (wanted - used) / count);
      }
      used += count;
      if (used == wanted) {
        return bound;
      }
      previous = bound;
    }
    throw new AssertionError("no quantile");
  }

  /// `compare({ status = error }, top)` over one interval.
  static Map<String, List<double[]>> compare(
      Pipeline pipeline, int top, List<NaiveSpan> spans, Intervals intervals) {
    Map<String, Map<String, Map<Object, Integer>>> counts = new TreeMap<>();
    for (NaiveSpan span : spans) {
      if (pipeline.keeps().test(span) && interval(span, intervals) >= 0) {
        String side = span.status == 2 ? "selection" : "baseline";
        attributes(span)
            .forEach((key, value) ->
                counts
                    .computeIfAbsent(key, _ -> new TreeMap<>())
                    .computeIfAbsent(side, _ -> new HashMap<>())
                    .merge(value, 1, Integer::sum));
      }
    }
    Map<String, List<double[]>> series = new TreeMap<>();
    counts.forEach((key, sides) -> addComparison(key, sides, top, series));
    return series;
  }

  private static void addComparison(
      String key,
      Map<String, Map<Object, Integer>> sides,
      int top,
      Map<String, List<double[]>> series) {
    boolean tooMany = false;
    for (Map.Entry<String, Map<Object, Integer>> side : sides.entrySet()) {
      int total = 0;
      List<Map.Entry<Object, Integer>> values = new ArrayList<>();
      for (Map.Entry<Object, Integer> value : side.getValue().entrySet()) {
        total += value.getValue();
        if (value.getKey() != ARRAY) {
          values.add(value);
        }
      }
      tooMany |= values.size() > top;
      values.sort((a, b) ->
          a.getValue().equals(b.getValue())
              ? String.valueOf(a.getKey()).compareTo(String.valueOf(b.getKey()))
              : b.getValue() - a.getValue());
      for (Map.Entry<Object, Integer> value : values.subList(0, Math.min(top, values.size()))) {
        put(
            series,
            "__meta_type=" + side.getKey() + ", " + key + "=" + value.getKey(),
            value.getValue());
      }
      put(series, "__meta_type=" + side.getKey() + "_total, " + key + "=nil", total);
    }
    if (tooMany) {
      put(series, "__meta_error=__too_many_values__, " + key + "=nil", 0);
    }
  }

  private static void put(Map<String, List<double[]>> series, String labels, double value) {
    series.computeIfAbsent(labels, _ -> new ArrayList<>()).add(new double[] {value});
  }

  private static Map<String, Object> attributes(NaiveSpan span) {
    Map<String, Object> all = new TreeMap<>();
    span.resourceAttributes.forEach((key, value) -> all.put("resource." + key, value));
    span.attributes.forEach((key, value) -> all.put("span." + key, value));
    all.replaceAll((_, value) -> value instanceof List<?> ? ARRAY : value);
    all.put("resource.service.name", span.serviceName());
    all.put("instrumentation:name", span.scope);
    all.put("instrumentation:version", "");
    all.put("name", span.name);
    all.put("kind", KIND[span.kind]);
    all.put("status", STATUS[span.status]);
    all.put("statusMessage", span.statusMessage);
    all.put("span:childCount", span.childCount());
    all.put("rootName", span.rootName());
    all.put("rootServiceName", span.rootService());
    return all;
  }

  /// The differences between what was expected and found, empty if there are none.
  static String difference(
      Map<String, List<double[]>> expected, Map<String, List<double[]>> found) {
    StringBuilder out = new StringBuilder();
    Set<String> keys = new HashSet<>(expected.keySet());
    keys.addAll(found.keySet());
    for (String key : keys) {
      List<double[]> wanted = expected.getOrDefault(key, List.of());
      List<double[]> got = found.getOrDefault(key, List.of());
      boolean isEqual = wanted.size() == got.size();
      for (int i = 0; isEqual && i < wanted.size(); i++) {
        isEqual = isClose(wanted.get(i), got.get(i));
      }
      if (!isEqual) {
        out.append(
            String.format(
                Locale.ROOT, "%n%s:%n  expected %s%n  found    %s", key, text(wanted), text(got)));
      }
    }
    return out.toString();
  }

  private static String text(List<double[]> values) {
    return Arrays.deepToString(values.toArray());
  }

  private static boolean isClose(double[] a, double[] b) {
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      boolean bothMissing = Double.isNaN(a[i]) && Double.isNaN(b[i]);
      if (!bothMissing && !(Math.abs(a[i] - b[i]) <= 1e-9 * Math.max(1, Math.abs(a[i])))) {
        return false;
      }
    }
    return true;
  }
}
