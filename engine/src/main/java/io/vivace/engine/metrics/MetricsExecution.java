package io.vivace.engine.metrics;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchStatistics;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.Hints;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One metrics query in progress. Confined to one thread.
final class MetricsExecution {
  private final MetricsRequest request;
  private final List<BatchSource> sources;
  private final QueryScope scope;
  private final MemoryLedger memory;
  private final Map<String, List<MetricsSeries>> results = new LinkedHashMap<>();
  private SearchStatistics statistics = new SearchStatistics(0, 0, 0, 0, 0, 0);
  private boolean isPartial;

  MetricsExecution(
      MetricsRequest request, List<BatchSource> sources, QueryScope scope, MemoryLedger memory) {
    this.request = request;
    this.sources = sources;
    this.scope = scope;
    this.memory = memory;
  }

  MetricsResult run() {
    if (!(request.query().body() instanceof MetricsQuery query)) {
      throw new RequestException(ErrorCategory.INVALID_ARGUMENT, "not a metrics query");
    }
    Map<String, MetricsExpression.SubQuery> distinct = new LinkedHashMap<>();
    collect(query.expression(), distinct);
    int exemplarsEach =
        request.maxExemplars() == 0 ? 0 : Math.max(1, request.maxExemplars() / distinct.size());
    for (Map.Entry<String, MetricsExpression.SubQuery> entry : distinct.entrySet()) {
      results.put(entry.getKey(), execute(entry.getValue(), exemplarsEach));
    }
    List<MetricsSeries> series =
        SeriesStages.apply(query.secondStages(), evaluate(query.expression()));
    List<MetricsSeries> shown = shown(series);
    return new MetricsResult(
        request.intervals(), shown, isPartial ? request.maxSeries() : 0, statistics);
  }

  /// Equal sub-queries run once.
  private static void collect(
      MetricsExpression expression, Map<String, MetricsExpression.SubQuery> distinct) {
    switch (expression) {
      case MetricsExpression.SubQuery query -> distinct.putIfAbsent(key(query), query);
      case MetricsExpression.Arithmetic arithmetic -> {
        collect(arithmetic.left(), distinct);
        collect(arithmetic.right(), distinct);
      }
      case MetricsExpression.Scalar _ -> {}
    }
  }

  private static String key(MetricsExpression.SubQuery query) {
    return query.pipeline() + " | " + query.function();
  }

  private List<MetricsSeries> execute(MetricsExpression.SubQuery query, int maxExemplars) {
    Hints hints = request.query().hints();
    SubQueryRun run =
        SubQueryRun.of(
            query,
            request.intervals(),
            maxExemplars,
            request.maxSeries(),
            hints.bool("extrapolate").orElse(false),
            memory);
    if (run.isNever()) {
      return List.of();
    }
    SourceScan scan = new SourceScan(sources, request.intervals().range(), scope);
    if (scan.isEmpty() && !request.hasRecentPart()) {
      return List.of();
    }
    scan.run(run.needsWholeTrace(), run);
    add(scan.statistics());
    isPartial |= run.hasOverflow();
    return run.finish();
  }

  private void add(SearchStatistics more) {
    statistics =
        new SearchStatistics(
            statistics.inspectedTraces() + more.inspectedTraces(),
            statistics.inspectedSpans() + more.inspectedSpans(),
            statistics.inspectedBytes() + more.inspectedBytes(),
            Math.max(statistics.sources(), more.sources()),
            Math.max(statistics.inspectedSources(), more.inspectedSources()),
            Math.max(statistics.sourceBytes(), more.sourceBytes()));
  }

  private List<MetricsSeries> evaluate(MetricsExpression expression) {
    return switch (expression) {
      case MetricsExpression.SubQuery query ->
          SeriesStages.apply(
              query.secondStages(), copy(results.getOrDefault(key(query), List.of())));
      case MetricsExpression.Arithmetic arithmetic -> {
        if (arithmetic.right() instanceof MetricsExpression.Scalar scalar) {
          yield SeriesArithmetic.withScalar(
              arithmetic.op(), evaluate(arithmetic.left()), scalar.value());
        }
        if (arithmetic.left() instanceof MetricsExpression.Scalar scalar) {
          yield SeriesArithmetic.withScalar(
              arithmetic.op(), scalar.value(), evaluate(arithmetic.right()));
        }
        yield SeriesArithmetic.combine(
            arithmetic.op(), evaluate(arithmetic.left()), evaluate(arithmetic.right()));
      }
      case MetricsExpression.Scalar scalar ->
          throw new RequestException(
              ErrorCategory.INVALID_ARGUMENT,
              "a number alone is not a metrics query: " + scalar.value());
    };
  }

  /// Stages change values, and a sub-query may occur twice.
  private List<MetricsSeries> copy(List<MetricsSeries> series) {
    if (results.size() == 1
        && request.query().body() instanceof MetricsQuery query
        && query.expression() instanceof MetricsExpression.SubQuery) {
      return series;
    }
    List<MetricsSeries> copies = new ArrayList<>();
    for (MetricsSeries one : series) {
      memory.add(8L * one.values().length);
      copies.add(new MetricsSeries(one.labels(), one.values().clone(), one.exemplars()));
    }
    return copies;
  }

  // ---- the answer

  private List<MetricsSeries> shown(List<MetricsSeries> series) {
    List<MetricsSeries> shown = new ArrayList<>();
    for (MetricsSeries one : series) {
      if (SeriesStages.hasValue(one.values())) {
        shown.add(new MetricsSeries(one.labels(), one.values(), exemplars(one)));
      }
    }
    shown.sort(MetricsExecution::compare);
    int limit = request.maxSeries();
    if (limit > 0 && shown.size() > limit) {
      isPartial = true;
      return shown.subList(0, limit);
    }
    return shown;
  }

  /// Exemplars without a value of their own take that of their series; where it has none they go.
  private static List<Exemplar> exemplars(MetricsSeries series) {
    List<Exemplar> exemplars = new ArrayList<>();
    for (Exemplar exemplar : series.exemplars()) {
      double sample = series.values()[exemplar.interval()];
      if (!Double.isNaN(sample)) {
        exemplars.add(
            new Exemplar(
                exemplar.labels(),
                Double.isNaN(exemplar.value()) ? sample : exemplar.value(),
                exemplar.epochMillis(),
                exemplar.interval()));
      }
    }
    exemplars.sort(Comparator.comparingLong(Exemplar::epochMillis));
    return exemplars;
  }

  private static int compare(MetricsSeries a, MetricsSeries b) {
    int bySize = Integer.compare(a.labels().size(), b.labels().size());
    if (bySize != 0) {
      return bySize;
    }
    for (int i = 0; i < a.labels().size(); i++) {
      Label left = a.labels().get(i);
      Label right = b.labels().get(i);
      int byKey = left.key().compareTo(right.key());
      if (byKey != 0) {
        return byKey;
      }
      int byValue =
          LabelValues.sortText(left.value()).compareTo(LabelValues.sortText(right.value()));
      if (byValue != 0) {
        return byValue;
      }
    }
    return 0;
  }
}
