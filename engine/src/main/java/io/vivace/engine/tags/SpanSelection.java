package io.vivace.engine.tags;

import io.vivace.batch.Bitmap;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.SpanFilter;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Binary;
import java.util.ArrayList;
import java.util.List;

/// Which spans count: those that pass one of several filters, or all. Immutable.
final class SpanSelection {
  static final SpanSelection ALL = new SpanSelection(List.of());

  private final List<SpanFilter> alternatives;

  private SpanSelection(List<SpanFilter> alternatives) {
    this.alternatives = alternatives;
  }

  /// @param groups alternatives, at least one, each a conjunction of at least one condition
  static SpanSelection of(List<List<FieldExpression>> groups) {
    List<SpanFilter> filters = new ArrayList<>(groups.size());
    for (List<FieldExpression> group : groups) {
      FieldExpression all = group.getFirst();
      for (FieldExpression condition : group.subList(1, group.size())) {
        all = new Binary(BinaryOp.AND, all, condition, condition.position());
      }
      filters.add(SpanFilter.of(all));
    }
    return new SpanSelection(filters);
  }

  boolean isAll() {
    return alternatives.isEmpty();
  }

  /// True if whether a span counts depends on other spans of its trace.
  boolean needsWholeTrace() {
    for (SpanFilter filter : alternatives) {
      if (filter.needsWholeTrace()) {
        return true;
      }
    }
    return false;
  }

  /// The spans of `candidates` that count. The batch is told that only their traces are of further
  /// interest.
  Bitmap apply(BatchEvaluator evaluator, Bitmap candidates) {
    if (isAll()) {
      return candidates;
    }
    boolean isSingle = alternatives.size() == 1;
    Bitmap selected = new Bitmap(candidates.length());
    for (SpanFilter filter : alternatives) {
      selected.or(filter.apply(evaluator, candidates, isSingle));
    }
    if (!selected.isEmpty()) {
      evaluator.retain(selected);
    }
    return selected;
  }
}
