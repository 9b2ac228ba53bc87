package io.vivace.engine.search;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Levels;
import io.vivace.engine.filter.ShownField;
import io.vivace.engine.filter.SpanFilter;
import io.vivace.engine.spanset.SpanSet;
import io.vivace.engine.spanset.SpanSets;
import io.vivace.engine.spanset.SpansetEvaluator;
import io.vivace.engine.spanset.SpansetPlan;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Pipeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a search does with one batch. Immutable and thread-safe.
sealed interface TracePlan permits TracePlan.Everything, TracePlan.PipelinePlan, TagPlan {

  /// True if the decision needs all spans of a trace at once.
  boolean dependsOnTrace();

  /// True if nothing can match.
  boolean isNever();

  /// A filter on single spans that some span of a matching trace passes; null if none is known.
  default @Nullable SpanFilter requiredFilter() {
    return null;
  }

  /// What is shown of each span.
  List<ShownField> shownFields();

  /// Evaluates the traces in `candidates`.
  Found evaluate(BatchEvaluator evaluator, Bitmap candidates);

  /// @param traces the traces that match
  /// @param sets their span sets; null if the condition asks for none
  record Found(Bitmap traces, @Nullable SpanSets sets) {}

  static TracePlan of(SearchCondition condition) {
    return switch (condition) {
      case SearchCondition.AllTraces _ -> new Everything();
      case SearchCondition.Tags tags ->
          tags.tags().isEmpty() && tags.minDurationNanos() == 0 && tags.maxDurationNanos() == 0
              ? new Everything()
              : new TagPlan(tags);
      case SearchCondition.TraceQl traceQl -> new PipelinePlan(SpansetPlan.of(pipeline(traceQl)));
    };
  }

  private static Pipeline pipeline(SearchCondition.TraceQl condition) {
    return switch (condition.query().body()) {
      case Pipeline pipeline -> pipeline;
      case MetricsQuery metrics -> {
        if (metrics.expression() instanceof MetricsExpression.SubQuery query) {
          yield query.pipeline();
        }
        throw new RequestException(
            ErrorCategory.INVALID_ARGUMENT, "math expressions not supported");
      }
    };
  }

  /// Every trace.
  record Everything() implements TracePlan {
    @Override
    public boolean dependsOnTrace() {
      return false;
    }

    @Override
    public boolean isNever() {
      return false;
    }

    @Override
    public List<ShownField> shownFields() {
      return List.of();
    }

    @Override
    public Found evaluate(BatchEvaluator evaluator, Bitmap candidates) {
      return new Found(candidates, null);
    }
  }

  /// A spanset pipeline.
  record PipelinePlan(SpansetPlan plan) implements TracePlan {
    @Override
    public @Nullable SpanFilter requiredFilter() {
      return plan.requiredFilter();
    }

    @Override
    public boolean dependsOnTrace() {
      return plan.dependsOnTrace();
    }

    @Override
    public boolean isNever() {
      return plan.isNever();
    }

    @Override
    public List<ShownField> shownFields() {
      return plan.shownFields();
    }

    @Override
    public Found evaluate(BatchEvaluator evaluator, Bitmap candidates) {
      Bitmap spans = Levels.lowerToSpans(evaluator.batch(), candidates, Level.TRACE);
      SpanSets sets = new SpansetEvaluator(evaluator).run(plan, spans);
      return new Found(sets.traces(), sets);
    }
  }

  /// The sets of one trace out of `sets`, which are ordered by trace.
  static List<SpanSet> setsOf(List<SpanSet> sets, int trace) {
    int low = 0;
    int high = sets.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sets.get(middle).trace() < trace) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = low;
    while (end < sets.size() && sets.get(end).trace() == trace) {
      end++;
    }
    return sets.subList(low, end);
  }
}
