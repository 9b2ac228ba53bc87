package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One pair of the older tag search. Names and the attributes that have columns of their own in
/// blocks are compared by substring, others as a whole. Immutable.
public final class TagFilter {
  private static final Set<String> BY_SUBSTRING =
      Set.of(
          "service.name",
          "cluster",
          "namespace",
          "pod",
          "container",
          "k8s.cluster.name",
          "k8s.namespace.name",
          "k8s.pod.name",
          "k8s.container.name",
          "http.method",
          "http.url");

  private final List<Expression.Matches> alternatives;

  private TagFilter(List<Expression.Matches> alternatives) {
    this.alternatives = alternatives;
  }

  public static TagFilter of(String key, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    Test contains = new Test.TextContains(text);
    List<Expression.Matches> found = new ArrayList<>();
    switch (key) {
      case "name" -> found.add(new Expression.Matches(Field.Intrinsic.NAME, contains));
      case "root.name" -> found.add(new Expression.Matches(Field.Intrinsic.ROOT_NAME, contains));
      case "root.service.name" ->
          found.add(new Expression.Matches(Field.Intrinsic.ROOT_SERVICE, contains));
      case "status.code" -> found.add(status(value));
      default -> attributes(key, value, text, found);
    }
    return new TagFilter(List.copyOf(found));
  }

  private static Expression.Matches status(String value) {
    long[] codes =
        switch (value) {
          case "unset" -> new long[] {0};
          case "ok" -> new long[] {1};
          case "error" -> new long[] {2};
          default -> new long[] {};
        };
    return new Expression.Matches(
        Field.Intrinsic.STATUS, new Test.WholeIn(ValueType.STATUS, codes, false));
  }

  private static void attributes(
      String key, String value, byte[] text, List<Expression.Matches> found) {
    Test test =
        BY_SUBSTRING.contains(key)
            ? new Test.TextContains(text)
            : new Test.TextIn(new byte[][] {text}, false);
    Field span = new Field.Attribute(Field.Owner.SPAN, key);
    found.add(new Expression.Matches(new Field.Attribute(Field.Owner.RESOURCE, key), test));
    found.add(new Expression.Matches(span, test));
    if (key.equals("http.status_code")) {
      try {
        long code = Long.parseLong(value);
        found.add(
            new Expression.Matches(
                span, new Test.WholeIn(ValueType.INT, new long[] {code}, false)));
      } catch (NumberFormatException _) {
        // Then only a string can be equal.
      }
    }
  }

  /// The spans at which the pair occurs.
  public Bitmap spans(BatchEvaluator evaluator) {
    Bitmap spans = new Bitmap(evaluator.allSpans().size());
    for (Expression.Matches alternative : alternatives) {
      Field field = alternative.field();
      spans.or(
          Levels.lowerToSpans(
              evaluator.batch(),
              evaluator.evaluation().predicates().rows(field, alternative.test()),
              field.level()));
    }
    return spans;
  }
}
