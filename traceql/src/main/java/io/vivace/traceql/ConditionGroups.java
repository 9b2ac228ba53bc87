package io.vivace.traceql;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.Field;
import io.vivace.traceql.ast.MetricsExpression.SubQuery;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.SpansetFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/// The filter of a tag request as alternatives, each a conjunction of conditions.
///
/// @param groups alternatives without duplicates; empty means that every span matches. A condition
///   is any boolean expression that is not `&&` or `||`
public record ConditionGroups(List<List<FieldExpression>> groups) {
  /// The default of the limit that callers configure.
  public static final int DEFAULT_MAX_GROUPS = 100;

  /// Matches every span.
  public static final ConditionGroups ALL = new ConditionGroups(List.of());

  public ConditionGroups {
    groups = List.copyOf(groups);
  }

  public boolean matchesAll() {
    return groups.isEmpty();
  }

  /// The conditions of the first stage, if that is a plain filter; else, or if an alternative has
  /// no condition, those that match all.
  ///
  /// @param maxGroups how many alternatives are allowed
  /// @throws RequestException INVALID_ARGUMENT if there are more
  public static ConditionGroups of(Query query, int maxGroups) {
    Optional<FieldExpression> filter = firstFilter(query);
    if (filter.isEmpty()) {
      return ALL;
    }
    SequencedSet<List<FieldExpression>> expanded = expand(filter.get(), maxGroups);
    for (List<FieldExpression> group : expanded) {
      if (group.isEmpty()) {
        return ALL;
      }
    }
    return new ConditionGroups(List.copyOf(expanded));
  }

  private static Optional<FieldExpression> firstFilter(Query query) {
    Pipeline pipeline =
        switch (query.body()) {
          case Pipeline it -> it;
          case MetricsQuery it when it.expression() instanceof SubQuery sub -> sub.pipeline();
          case MetricsQuery _ -> null;
        };
    return pipeline != null && pipeline.stages().getFirst() instanceof SpansetFilter filter
        ? Optional.of(filter.expression())
        : Optional.empty();
  }

  private static SequencedSet<List<FieldExpression>> expand(FieldExpression node, int max) {
    SequencedSet<List<FieldExpression>> result = new LinkedHashSet<>();
    if (node instanceof Binary(BinaryOp op, FieldExpression left, FieldExpression right, _)
        && op.isLogical()) {
      SequencedSet<List<FieldExpression>> first = expand(left, max);
      SequencedSet<List<FieldExpression>> second = expand(right, max);
      if (op == BinaryOp.OR) {
        result.addAll(first);
        result.addAll(second);
        checkCount(result.size(), max);
      } else {
        product(first, second, result, max);
      }
    } else if (node instanceof Field || !node.referencesSpan()) {
      result.add(List.of());
    } else {
      result.add(List.of(node));
    }
    return result;
  }

  private static void product(
      SequencedSet<List<FieldExpression>> first,
      SequencedSet<List<FieldExpression>> second,
      SequencedSet<List<FieldExpression>> into,
      int max) {
    for (List<FieldExpression> a : first) {
      for (List<FieldExpression> b : second) {
        SequencedSet<FieldExpression> joined = new LinkedHashSet<>(a);
        joined.addAll(b);
        into.add(List.copyOf(new ArrayList<>(joined)));
        checkCount(into.size(), max);
      }
    }
  }

  private static void checkCount(int count, int max) {
    if (count > max) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "maximum condition groups reached (limit: "
              + max
              + "). Reduce the number of OR conditions in the query");
    }
  }
}
