package io.vivace.engine.metrics;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.AttributeType;
import io.vivace.batch.Bitmap;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.SpanFilter;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.metrics.AttributeCounts.ValueCount;
import io.vivace.engine.metrics.ExemplarPicker.Picked;
import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.traceql.ast.Attribute;
import io.vivace.traceql.ast.AttributeScope;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `compare({…})`: how often each value of each attribute occurs among the spans that match a
/// filter, and among the others.
final class CompareRun implements SubQueryRun {
  private static final String TYPE = "__meta_type";
  private static final String ERROR = "__meta_error";
  private static final FoundValue TOO_MANY_VALUES = new FoundValue.Text("__too_many_values__");
  private static final String[] SIDE_NAMES = {"baseline", "selection"};
  private static final byte OUTSIDE = -1;

  private final MetricsFunction.Compare compare;
  private final Intervals intervals;
  private final SpanSelection selection;
  private final SpanFilter filter;
  private final ExemplarPicker exemplars;
  private final @Nullable SpanWeights weights;
  private final MemoryLedger memory;
  private final Map<String, AttributeCounts> attributes = new LinkedHashMap<>();

  CompareRun(
      MetricsExpression.SubQuery query,
      MetricsFunction.Compare compare,
      Intervals intervals,
      int maxExemplars,
      boolean isExtrapolated,
      MemoryLedger memory) {
    this.compare = compare;
    this.intervals = intervals;
    this.selection = new SpanSelection(query.pipeline(), intervals);
    this.filter = SpanFilter.of(compare.selection().expression());
    this.exemplars =
        new ExemplarPicker(maxExemplars, intervals.count(), null, QueryFields.of(query), memory);
    this.weights = isExtrapolated ? new SpanWeights() : null;
    this.memory = memory;
  }

  /// Root names and the number of children are compared, too.
  @Override
  public boolean needsWholeTrace() {
    return true;
  }

  @Override
  public boolean isNever() {
    return selection.isNever();
  }

  @Override
  public boolean hasOverflow() {
    return false;
  }

  @Override
  public boolean visit(BatchEvaluator evaluator, @Nullable Bitmap traces) {
    selection.select(evaluator, traces);
    if (selection.size() > 0) {
      BatchCounts counts = new BatchCounts(evaluator);
      counts.intrinsics();
      counts.attributes(Level.RESOURCE, AttributeScope.RESOURCE);
      counts.attributes(Level.SCOPE, AttributeScope.INSTRUMENTATION);
      counts.attributes(Level.SPAN, AttributeScope.SPAN);
    }
    return true;
  }

  private AttributeCounts of(String label) {
    return attributes.computeIfAbsent(
        label,
        key -> new AttributeCounts(key, intervals.count(), (int) compare.topValues(), memory));
  }

  /// Counts the values of one batch.
  private final class BatchCounts {
    private final SpanBatch batch;
    private final BatchEvaluator evaluator;
    private final int size;

    /// By span: its side, or [#OUTSIDE].
    private final byte[] sides;

    private final int[] intervalOf;
    private final double @Nullable [] weightOf;

    /// With a single interval: weight of the spans before each span, by side.
    private final double[] @Nullable [] before = new double[AttributeCounts.SIDES][];

    private final List<Picked> picked;

    BatchCounts(BatchEvaluator evaluator) {
      this.evaluator = evaluator;
      this.batch = evaluator.batch();
      this.size = selection.size();
      int spanCount = batch.count(Level.SPAN);
      sides = new byte[spanCount];
      Arrays.fill(sides, OUTSIDE);
      intervalOf = new int[spanCount];
      weightOf = weights == null ? null : new double[spanCount];
      int[] groups = assignSides();
      picked =
          exemplars.offer(evaluator, selection.spans(), selection.intervals(), groups, null, size);
      if (intervals.count() == 1) {
        sumUp(spanCount);
      }
    }

    private int[] assignSides() {
      int[] spans = selection.spans();
      Bitmap inside = new Bitmap(sides.length);
      for (int k = 0; k < size; k++) {
        inside.set(spans[k]);
      }
      Bitmap selected = filter.apply(evaluator, inside, false);
      long[] starts = batch.longs(LongField.SPAN_START);
      boolean hasWindow = compare.startEpochNanos() > 0 && compare.endEpochNanos() > 0;
      int[] groups = new int[size];
      double[] weightOfSelected = new double[weights == null ? 0 : size];
      if (weights != null) {
        weights.assign(batch, spans, size, weightOfSelected);
      }
      for (int k = 0; k < size; k++) {
        int span = spans[k];
        boolean isSelected =
            selected.get(span)
                && (!hasWindow
                    || (starts[span] > compare.startEpochNanos()
                        && starts[span] <= compare.endEpochNanos()));
        groups[k] = isSelected ? AttributeCounts.SELECTION : AttributeCounts.BASELINE;
        sides[span] = (byte) groups[k];
        intervalOf[span] = selection.intervals()[k];
        if (weightOf != null) {
          weightOf[span] = weightOfSelected[k];
        }
      }
      return groups;
    }

    private void sumUp(int spanCount) {
      for (int side = 0; side < AttributeCounts.SIDES; side++) {
        double[] sums = new double[spanCount + 1];
        for (int span = 0; span < spanCount; span++) {
          sums[span + 1] = sums[span] + (sides[span] == side ? weight(span) : 0);
        }
        before[side] = sums;
      }
    }

    private double weight(int span) {
      return weightOf == null ? 1 : weightOf[span];
    }

    /// Counts the spans `[from, to)`, which have the same value.
    private void add(AttributeCounts counts, int code, int from, int to) {
      if (to - from > 1) {
        double[] baseline = before[AttributeCounts.BASELINE];
        double[] selected = before[AttributeCounts.SELECTION];
        if (baseline != null && selected != null) {
          addSum(counts, AttributeCounts.BASELINE, code, baseline[to] - baseline[from]);
          addSum(counts, AttributeCounts.SELECTION, code, selected[to] - selected[from]);
          return;
        }
      }
      for (int span = from; span < to; span++) {
        if (sides[span] != OUTSIDE) {
          counts.add(sides[span], code, intervalOf[span], weight(span));
        }
      }
    }

    private void addSum(AttributeCounts counts, int side, int code, double sum) {
      if (sum > 0) {
        counts.add(side, code, 0, sum);
      }
    }

    /// True if a span of `[from, to)` counts.
    private boolean isAnyInside(int from, int to) {
      for (int span = from; span < to; span++) {
        if (sides[span] != OUTSIDE) {
          return true;
        }
      }
      return false;
    }

    // ---- dense columns

    void intrinsics() {
      strings("name", StringField.SPAN_NAME);
      strings("statusMessage", StringField.SPAN_STATUS_MESSAGE);
      strings("rootName", StringField.ROOT_SPAN_NAME);
      strings("rootServiceName", StringField.ROOT_SERVICE_NAME);
      strings("instrumentation:name", StringField.SCOPE_NAME);
      strings("instrumentation:version", StringField.SCOPE_VERSION);
      strings("resource.service.name", StringField.SERVICE_NAME);
      ints("kind", IntField.SPAN_KIND, ValueType.KIND);
      ints("status", IntField.SPAN_STATUS, ValueType.STATUS);
      ints("span:childCount", IntField.CHILD_COUNT, ValueType.INT);
    }

    private void strings(String label, StringField field) {
      AttributeCounts counts = of(label);
      StringColumn column = batch.strings(field);
      counts.codes().use(column.dictionary());
      int[] offsets = spanOffsets(field.level());
      for (int row = 0; row < batch.count(field.level()); row++) {
        int from = offsets.length == 0 ? row : offsets[row];
        int to = offsets.length == 0 ? row + 1 : offsets[row + 1];
        if (isAnyInside(from, to)) {
          add(counts, counts.codes().ofString(column.ids()[row]), from, to);
        }
      }
      finish(counts, null, field.level());
    }

    private void ints(String label, IntField field, byte type) {
      AttributeCounts counts = of(label);
      int[] values = batch.ints(field);
      int[] spans = selection.spans();
      for (int k = 0; k < size; k++) {
        int span = spans[k];
        add(counts, counts.codes().ofNumber(type, values[span]), span, span + 1);
      }
      finish(counts, null, field.level());
    }

    /// The spans of row `r` of a level are `[offsets[r], offsets[r + 1])`; empty for spans
    /// themselves.
    private int[] spanOffsets(Level level) {
      if (level == Level.SPAN) {
        return new int[0];
      }
      int rows = batch.count(level);
      int[] offsets = Arrays.copyOf(batch.offsets(Level.SPAN), batch.count(Level.SCOPE) + 1);
      if (level == Level.SCOPE) {
        return offsets;
      }
      int[] scopes = batch.offsets(Level.SCOPE);
      int[] resources = level == Level.TRACE ? batch.offsets(Level.RESOURCE) : scopes;
      int[] composed = new int[rows + 1];
      for (int row = 0; row <= rows; row++) {
        composed[row] = offsets[level == Level.TRACE ? scopes[resources[row]] : scopes[row]];
      }
      return composed;
    }

    // ---- attributes

    void attributes(Level level, AttributeScope scope) {
      int[] offsets = spanOffsets(level);
      for (String key : batch.attributeKeys(level)) {
        if (level == Level.RESOURCE && key.equals("service.name")) {
          continue;
        }
        evaluator.scope().check();
        AttributeColumn column = batch.attribute(level, key);
        if (!column.isEmpty()) {
          attribute(of(Attribute.of(scope, key).toString()), column, offsets, level);
        }
      }
    }

    private void attribute(
        AttributeCounts counts, AttributeColumn column, int[] offsets, Level level) {
      counts.codes().use(column.dictionary());
      int[] rows = column.rows();
      for (int entry = 0; entry < column.size(); entry++) {
        int row = rows[entry];
        int from = offsets.length == 0 ? row : offsets[row];
        int to = offsets.length == 0 ? row + 1 : offsets[row + 1];
        if (isAnyInside(from, to)) {
          int code = code(counts.codes(), column, entry);
          if (code != ValueCodes.NIL) {
            add(counts, code, from, to);
          }
        }
      }
      finish(counts, column, level);
    }

    private static int code(ValueCodes codes, AttributeColumn column, int entry) {
      int from = column.starts()[entry];
      int elements = column.starts()[entry + 1] - from;
      if (elements == 0) {
        return ValueCodes.NIL;
      }
      if (elements > 1) {
        return ValueCodes.ARRAY;
      }
      long value = column.values()[from];
      return switch (AttributeType.of(column.types()[entry])) {
        case STRING, STRING_ARRAY -> codes.ofString((int) value);
        case LONG, LONG_ARRAY -> codes.ofNumber(ValueType.INT, value);
        case DOUBLE, DOUBLE_ARRAY -> codes.ofNumber(ValueType.FLOAT, value);
        case BOOLEAN, BOOLEAN_ARRAY -> codes.ofNumber(ValueType.BOOL, value);
        case EMPTY_ARRAY, UNSUPPORTED, MISSING -> ValueCodes.NIL;
      };
    }

    /// Gives the attribute the exemplars that have it, and bounds it.
    private void finish(AttributeCounts counts, @Nullable AttributeColumn column, Level level) {
      for (Picked one : picked) {
        if (column == null
            || Arrays.binarySearch(column.rows(), 0, column.size(), rowOf(one.span(), level))
                >= 0) {
          counts.addExemplar(one.group(), one);
        }
      }
      counts.limit();
    }

    private int rowOf(int span, Level level) {
      if (level == Level.SPAN) {
        return span;
      }
      int scope = batch.parents(Level.SPAN)[span];
      return level == Level.SCOPE ? scope : batch.parents(Level.SCOPE)[scope];
    }
  }

  // ---- the answer

  @Override
  public List<MetricsSeries> finish() {
    List<MetricsSeries> series = new ArrayList<>();
    for (AttributeCounts counts : attributes.values()) {
      for (int side = 0; side < AttributeCounts.SIDES; side++) {
        for (ValueCount value : counts.top(side)) {
          memory.add(8L * intervals.count());
          series.add(series(SIDE_NAMES[side], counts.label(), value.value(), value.counts()));
        }
        addTotal(counts, side, series);
      }
      if (counts.hasTooManyValues()) {
        series.add(
            new MetricsSeries(
                List.of(
                    new Label(ERROR, TOO_MANY_VALUES), new Label(counts.label(), LabelValues.NIL)),
                new double[intervals.count()],
                new ArrayList<>()));
      }
    }
    return series;
  }

  private void addTotal(AttributeCounts counts, int side, List<MetricsSeries> series) {
    double[] totals = counts.totals(side);
    double sum = 0;
    for (double total : totals) {
      sum += total;
    }
    if (sum > 0) {
      MetricsSeries total =
          series(SIDE_NAMES[side] + "_total", counts.label(), LabelValues.NIL, totals);
      for (Picked one : counts.exemplars(side)) {
        total
            .exemplars()
            .add(new Exemplar(one.labels(), Double.NaN, one.epochMillis(), one.interval()));
      }
      series.add(total);
    }
  }

  private static MetricsSeries series(
      String type, String label, FoundValue value, double[] values) {
    return new MetricsSeries(
        List.of(new Label(TYPE, new FoundValue.Text(type)), new Label(label, value)),
        values,
        new ArrayList<>());
  }
}
