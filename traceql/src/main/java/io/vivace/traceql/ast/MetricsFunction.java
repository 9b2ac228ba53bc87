package io.vivace.traceql.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first metrics stage.
public sealed interface MetricsFunction extends Node {

  /// `compare(…)` without a number: how many values per attribute.
  long DEFAULT_COMPARE_TOP_VALUES = 10;

  /// `rate() by (…)` and its like.
  ///
  /// @param argument null for `rate` and `count_over_time` only
  /// @param quantiles as written, for `quantile_over_time`; empty otherwise
  /// @param by the grouping fields in the order of the query; may repeat
  record OverTime(
      MetricsOp op,
      FieldExpression.@Nullable Field argument,
      List<Double> quantiles,
      List<FieldExpression.Field> by,
      SourcePosition position)
      implements MetricsFunction {
    public OverTime {
      quantiles = List.copyOf(quantiles);
      by = List.copyOf(by);
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `compare(selection, topValues, start, end)`.
  ///
  /// @param startEpochNanos exclusive; 0 together with the end if no window is given
  /// @param endEpochNanos inclusive
  record Compare(
      SpansetFilter selection,
      long topValues,
      long startEpochNanos,
      long endEpochNanos,
      SourcePosition position)
      implements MetricsFunction {
    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }
}
