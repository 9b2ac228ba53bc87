package io.vivace.engine.metrics;

import io.vivace.batch.Bitmap;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One pipeline with its metrics function, in progress. Confined to one thread.
sealed interface SubQueryRun extends SourceScan.Visitor permits OverTimeRun, CompareRun {

  /// @param maxSeries 0 for no limit
  /// @param isExtrapolated whether spans count as many times as their samplers say
  static SubQueryRun of(
      MetricsExpression.SubQuery query,
      Intervals intervals,
      int maxExemplars,
      int maxSeries,
      boolean isExtrapolated,
      MemoryLedger memory) {
    return switch (query.function()) {
      case MetricsFunction.OverTime function ->
          new OverTimeRun(
              query, function, intervals, maxExemplars, maxSeries, isExtrapolated, memory);
      case MetricsFunction.Compare compare ->
          new CompareRun(query, compare, intervals, maxExemplars, isExtrapolated, memory);
    };
  }

  /// Whether only whole traces may be visited.
  boolean needsWholeTrace();

  /// True if no span can be selected.
  boolean isNever();

  @Override
  boolean visit(BatchEvaluator evaluator, @Nullable Bitmap traces);

  /// Whether series are missing because there are too many.
  boolean hasOverflow();

  /// What came out. Exemplars that stand for the value of their series have the value NaN.
  List<MetricsSeries> finish();
}
