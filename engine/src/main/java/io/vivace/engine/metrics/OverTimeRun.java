package io.vivace.engine.metrics;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.engine.metrics.Accumulator.GroupSeries;
import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsFunction;
import io.vivace.traceql.ast.MetricsOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that compute numbers over time, grouped by fields.
final class OverTimeRun implements SubQueryRun {
  static final String NAME = "__name__";
  private static final String BUCKET = "__bucket";
  private static final String QUANTILE = "p";

  private final MetricsFunction.OverTime function;
  private final Intervals intervals;
  private final SpanSelection selection;
  private final GroupKeys keys;
  private final @Nullable Argument argument;
  private final Accumulator accumulator;
  private final ExemplarPicker exemplars;
  private final @Nullable SpanWeights weights;
  private final boolean needsWholeTrace;
  private final long[] counts;
  private int[] groups = {};
  private double[] numbers = {};
  private byte[] buckets = {};
  private double[] weightOf = {};

  OverTimeRun(
      MetricsExpression.SubQuery query,
      MetricsFunction.OverTime function,
      Intervals intervals,
      int maxExemplars,
      int maxSeries,
      boolean isExtrapolated,
      MemoryLedger memory) {
    this.function = function;
    this.intervals = intervals;
    this.selection = new SpanSelection(query.pipeline(), intervals);
    this.keys = new GroupKeys(function.by(), maxSeries, memory);
    FieldExpression.Field field = function.argument();
    this.argument = field == null ? null : new Argument(field);
    this.accumulator = accumulator(memory);
    boolean showsArgument = function.op() != MetricsOp.HISTOGRAM_OVER_TIME;
    this.exemplars =
        new ExemplarPicker(
            maxExemplars,
            intervals.count(),
            showsArgument ? argument : null,
            maxExemplars == 0 ? List.of() : QueryFields.of(query),
            memory);
    this.weights = isExtrapolated ? new SpanWeights() : null;
    this.counts = new long[intervals.count()];
    boolean isWhole =
        selection.needsWholeTrace() || (argument != null && argument.needsWholeTrace());
    for (FieldExpression.Field by : function.by()) {
      isWhole |= ValueExpression.of(by).needsWholeTrace();
    }
    this.needsWholeTrace = isWhole;
  }

  private Accumulator accumulator(MemoryLedger memory) {
    int count = intervals.count();
    return switch (function.op()) {
      case RATE -> new CountAccumulator(count, intervals.stepSeconds(), memory);
      case COUNT_OVER_TIME -> new CountAccumulator(count, 1, memory);
      case MIN_OVER_TIME -> new ExtremeAccumulator(false, count, memory);
      case MAX_OVER_TIME -> new ExtremeAccumulator(true, count, memory);
      case SUM_OVER_TIME -> new SumAccumulator(false, count, memory);
      case AVG_OVER_TIME -> new SumAccumulator(true, count, memory);
      case HISTOGRAM_OVER_TIME -> new BucketAccumulator(count, unit(), null, memory);
      case QUANTILE_OVER_TIME -> new BucketAccumulator(count, unit(), quantiles(), memory);
    };
  }

  private double unit() {
    return argument != null && argument.isDuration() ? Argument.NANOS_PER_SECOND : 1;
  }

  private double[] quantiles() {
    double[] quantiles = new double[function.quantiles().size()];
    for (int i = 0; i < quantiles.length; i++) {
      quantiles[i] = function.quantiles().get(i);
    }
    return quantiles;
  }

  @Override
  public boolean needsWholeTrace() {
    return needsWholeTrace;
  }

  @Override
  public boolean isNever() {
    return selection.isNever();
  }

  @Override
  public boolean hasOverflow() {
    return keys.hasOverflow();
  }

  @Override
  public boolean visit(BatchEvaluator evaluator, @Nullable Bitmap traces) {
    if (traces == null
        && weights == null
        && keys.isEmpty()
        && selection.takesAll()
        && accumulator instanceof CountAccumulator counter) {
      countAll(evaluator, counter);
      return true;
    }
    selection.select(evaluator, traces);
    int size = selection.size();
    if (size == 0) {
      return true;
    }
    int[] spans = selection.spans();
    if (groups.length < size) {
      groups = new int[size];
    }
    keys.assign(evaluator, spans, size, groups);
    byte[] bucketOf = buckets(evaluator, spans, size);
    accumulator.add(
        new Accumulator.Selection(
            size,
            groups,
            selection.intervals(),
            numbers(evaluator, spans, size),
            bucketOf,
            weights(evaluator.batch(), spans, size)));
    exemplars.offer(evaluator, spans, selection.intervals(), groups, bucketOf, size);
    return !keys.hasOverflow();
  }

  /// Needs nothing but start times.
  private void countAll(BatchEvaluator evaluator, CountAccumulator counter) {
    SpanBatch batch = evaluator.batch();
    int size = batch.count(Level.SPAN);
    Arrays.fill(counts, 0);
    intervals.count(batch.longs(LongField.SPAN_START), size, counts);
    counter.add(counts);
    if (!exemplars.isDone()) {
      selection.sample(batch, ExemplarPicker.stride(size));
      int sampled = selection.size();
      exemplars.offer(
          evaluator, selection.spans(), selection.intervals(), new int[sampled], null, sampled);
    }
  }

  private byte @Nullable [] buckets(BatchEvaluator evaluator, int[] spans, int size) {
    if (argument == null || !(accumulator instanceof BucketAccumulator)) {
      return null;
    }
    if (buckets.length < size) {
      buckets = new byte[size];
    }
    argument.buckets(evaluator, spans, size, buckets);
    return buckets;
  }

  private double @Nullable [] numbers(BatchEvaluator evaluator, int[] spans, int size) {
    if (argument == null || accumulator instanceof BucketAccumulator) {
      return null;
    }
    if (numbers.length < size) {
      numbers = new double[size];
    }
    argument.numbers(evaluator, spans, size, numbers);
    return numbers;
  }

  private double @Nullable [] weights(SpanBatch batch, int[] spans, int size) {
    if (weights == null) {
      return null;
    }
    if (weightOf.length < size) {
      weightOf = new double[size];
    }
    weights.assign(batch, spans, size, weightOf);
    return weightOf;
  }

  @Override
  public List<MetricsSeries> finish() {
    if (keys.isEmpty() && accumulator instanceof CountAccumulator counter) {
      // Without data there are zeros.
      counter.add(new long[intervals.count()]);
    }
    List<MetricsSeries> series = new ArrayList<>();
    Map<Long, MetricsSeries> byPart = new HashMap<>();
    for (GroupSeries found : accumulator.finish()) {
      MetricsSeries one =
          new MetricsSeries(labels(found.group(), found.part()), found.values(), new ArrayList<>());
      series.add(one);
      byPart.put(part(found.group(), found.part()), one);
    }
    addExemplars(byPart);
    return series;
  }

  private static long part(int group, int part) {
    return (long) group << 32 | part;
  }

  private List<Label> labels(int group, int part) {
    List<Label> labels = keys.labels(group);
    switch (accumulator) {
      case BucketAccumulator buckets when function.op() == MetricsOp.HISTOGRAM_OVER_TIME ->
          labels.add(new Label(BUCKET, new FoundValue.Real(buckets.bound(part))));
      case BucketAccumulator _ ->
          labels.add(new Label(QUANTILE, new FoundValue.Real(function.quantiles().get(part))));
      case CountAccumulator _, ExtremeAccumulator _, SumAccumulator _ -> {
        if (keys.isEmpty()) {
          labels.add(new Label(NAME, new FoundValue.Text(function.op().label())));
        }
      }
    }
    return labels;
  }

  private void addExemplars(Map<Long, MetricsSeries> byPart) {
    if (exemplars.picked().isEmpty()) {
      return;
    }
    double[] overall =
        accumulator instanceof BucketAccumulator buckets
                && function.op() == MetricsOp.QUANTILE_OVER_TIME
            ? buckets.overallQuantiles()
            : new double[0];
    for (ExemplarPicker.Picked picked : exemplars.picked()) {
      int part = overall.length > 0 ? nearest(overall, shownValue(picked)) : picked.bucket();
      MetricsSeries series = byPart.get(part(picked.group(), part));
      if (series != null) {
        series
            .exemplars()
            .add(
                new Exemplar(
                    picked.labels(), shownValue(picked), picked.epochMillis(), picked.interval()));
      }
    }
  }

  /// In the unit of the quantiles.
  private double shownValue(ExemplarPicker.Picked picked) {
    boolean isInNanos =
        function.op() == MetricsOp.QUANTILE_OVER_TIME
            && function.argument() != null
            && argument != null
            && argument.isDuration()
            && !argument.isInSeconds();
    return isInNanos ? picked.value() / Argument.NANOS_PER_SECOND : picked.value();
  }

  private static int nearest(double[] values, double value) {
    int nearest = 0;
    for (int i = 1; i < values.length; i++) {
      if (Math.abs(values[i] - value) < Math.abs(values[nearest] - value)) {
        nearest = i;
      }
    }
    return nearest;
  }
}
