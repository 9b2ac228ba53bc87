package io.vivace.testkit.reference;

import io.vivace.testkit.reference.RefSeries.Label;
import io.vivace.testkit.reference.RefValue.Duration;
import io.vivace.testkit.reference.RefValue.Int;
import io.vivace.testkit.reference.RefValue.Real;
import io.vivace.testkit.reference.RefValue.Text;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression.Field;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsExpression.Arithmetic;
import io.vivace.traceql.ast.MetricsExpression.Scalar;
import io.vivace.traceql.ast.MetricsExpression.SubQuery;
import io.vivace.traceql.ast.MetricsFunction.Compare;
import io.vivace.traceql.ast.MetricsFunction.OverTime;
import io.vivace.traceql.ast.MetricsOp;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.SecondStage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Runs metrics queries, except `compare`, over whole traces: every span that survives the pipeline
/// and starts after `start` and not after `end` is observed once for each spanset that holds it.
public final class RefMetrics {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String NAME_LABEL = "__name__";

  private final List<RefView> views = new ArrayList<>();
  private final long start;
  private final long end;
  private final long step;
  private final int intervals;

  private RefMetrics(List<RefTrace> traces, long start, long end, long step) {
    for (RefTrace trace : traces) {
      views.add(new RefView(trace));
    }
    this.start = start;
    this.end = end;
    this.step = step;
    this.intervals = (int) ((end - start) / step);
  }

  /// The series of a metrics query, sorted as an answer has them.
  ///
  /// @param startEpochNanos exclusive, already aligned
  /// @param endEpochNanos inclusive; the range must be a multiple of the step
  public static List<RefSeries> query(
      Query query,
      List<RefTrace> traces,
      long startEpochNanos,
      long endEpochNanos,
      long stepNanos) {
    if (!(query.body() instanceof MetricsQuery metrics)) {
      throw new RefQueryException("not a metrics query");
    }
    RefMetrics run = new RefMetrics(traces, startEpochNanos, endEpochNanos, stepNanos);
    List<RefSeries> series = run.evaluate(metrics.expression());
    series = secondStages(metrics.secondStages(), series);
    List<RefSeries> sorted = new ArrayList<>(withoutEmpty(series));
    sorted.sort(ORDER);
    return sorted;
  }

  private static final Comparator<RefSeries> ORDER =
      (a, b) -> {
        int order = Integer.compare(a.labels().size(), b.labels().size());
        for (int i = 0; order == 0 && i < a.labels().size(); i++) {
          order = a.labels().get(i).name().compareTo(b.labels().get(i).name());
          if (order == 0) {
            order =
                a.labels()
                    .get(i)
                    .value()
                    .toString()
                    .compareTo(b.labels().get(i).value().toString());
          }
        }
        return order;
      };

  private List<RefSeries> evaluate(MetricsExpression expression) {
    return switch (expression) {
      case SubQuery it ->
          withoutEmpty(
              secondStages(
                  it.secondStages(),
                  switch (it.function()) {
                    case OverTime function -> overTime(it, function);
                    case Compare _ -> throw new RefQueryException("compare is not covered");
                  }));
      case Arithmetic it -> arithmetic(it);
      case Scalar _ -> throw new IllegalArgumentException("a number alone");
    };
  }

  private static List<RefSeries> withoutEmpty(List<RefSeries> series) {
    List<RefSeries> kept = new ArrayList<>();
    for (RefSeries one : series) {
      if (!one.isEmpty()) {
        kept.add(one);
      }
    }
    return kept;
  }

  // ---- functions over time

  /// What was observed in one interval of one group.
  private static final class Cell {
    long count;
    final List<RefValue> values = new ArrayList<>();
  }

  private List<RefSeries> overTime(SubQuery subQuery, OverTime function) {
    Map<List<RefValue>, Cell[]> groups = new LinkedHashMap<>();
    if (function.by().isEmpty() && function.argument() == null) {
      groups.put(List.of(), cells());
    }
    for (RefView view : views) {
      RefFields fields = new RefFields(view);
      for (RefEvaluator.Working set : RefEvaluator.run(subQuery.pipeline(), view)) {
        for (RefView.Node node : set.spans()) {
          long time = node.span().startEpochNanos();
          if (time <= start || time > end) {
            continue;
          }
          List<RefValue> key = new ArrayList<>();
          for (Field by : function.by()) {
            RefValue value = fields.value(by, node);
            key.add(
                value instanceof RefValue.Array || value instanceof RefValue.Unusable
                    ? RefValue.NIL
                    : value);
          }
          Cell cell = groups.computeIfAbsent(key, _ -> cells())[(int) ((time - start - 1) / step)];
          cell.count++;
          if (function.argument() != null) {
            cell.values.add(fields.value(function.argument(), node));
          }
        }
      }
    }
    List<RefSeries> series = new ArrayList<>();
    groups.forEach((key, cells) -> series.addAll(series(function, key, cells)));
    return series;
  }

  private Cell[] cells() {
    Cell[] cells = new Cell[intervals];
    for (int i = 0; i < intervals; i++) {
      cells[i] = new Cell();
    }
    return cells;
  }

  private List<RefSeries> series(OverTime function, List<RefValue> key, Cell[] cells) {
    MetricsOp op = function.op();
    if (op == MetricsOp.HISTOGRAM_OVER_TIME || op == MetricsOp.QUANTILE_OVER_TIME) {
      return buckets(function, key, cells);
    }
    boolean inSeconds =
        function.argument() instanceof IntrinsicRef it && it.intrinsic() == Intrinsic.DURATION;
    double[] values = new double[intervals];
    for (int i = 0; i < intervals; i++) {
      values[i] =
          switch (op) {
            case RATE -> cells[i].count / (step / NANOS_PER_SECOND);
            case COUNT_OVER_TIME -> cells[i].count;
            default -> accumulate(op, numbers(cells[i].values, inSeconds));
          };
    }
    List<Label> labels = labels(function, key);
    if (labels.isEmpty()) {
      labels = List.of(new Label(NAME_LABEL, new Text(op.label())));
    }
    return List.of(new RefSeries(labels, values));
  }

  private static List<Double> numbers(List<RefValue> values, boolean inSeconds) {
    List<Double> numbers = new ArrayList<>();
    for (RefValue value : values) {
      if (RefOperators.isNumber(value)) {
        double number = RefOperators.number(value);
        numbers.add(inSeconds ? number / NANOS_PER_SECOND : number);
      }
    }
    return numbers;
  }

  private static double accumulate(MetricsOp op, List<Double> numbers) {
    if (numbers.isEmpty()) {
      return Double.NaN;
    }
    double result = numbers.getFirst();
    for (double number : numbers.subList(1, numbers.size())) {
      result =
          switch (op) {
            case MIN_OVER_TIME -> Math.min(result, number);
            case MAX_OVER_TIME -> Math.max(result, number);
            default -> result + number;
          };
    }
    return op == MetricsOp.AVG_OVER_TIME ? result / numbers.size() : result;
  }

  /// The grouping labels: without those that are nil, unless all are.
  private static List<Label> labels(OverTime function, List<RefValue> key) {
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      if (!(key.get(i) instanceof RefValue.Nil)) {
        labels.add(new Label(function.by().get(i).label(), key.get(i)));
      }
    }
    if (labels.isEmpty() && !key.isEmpty()) {
      labels.add(new Label(function.by().getFirst().label(), RefValue.NIL));
    }
    return labels;
  }

  // ---- buckets

  private List<RefSeries> buckets(OverTime function, List<RefValue> key, Cell[] cells) {
    List<TreeMap<Double, Long>> counts = new ArrayList<>();
    TreeMap<Double, Long> all = new TreeMap<>();
    for (Cell cell : cells) {
      TreeMap<Double, Long> map = new TreeMap<>();
      for (RefValue value : cell.values) {
        double bucket = bucket(value);
        if (!Double.isNaN(bucket)) {
          map.merge(bucket, 1L, Long::sum);
          all.merge(bucket, 1L, Long::sum);
        }
      }
      counts.add(map);
    }
    List<RefSeries> series = new ArrayList<>();
    if (all.isEmpty()) {
      return series;
    }
    List<Label> labels = labels(function, key);
    if (function.op() == MetricsOp.HISTOGRAM_OVER_TIME) {
      for (double bucket : all.keySet()) {
        double[] values = new double[intervals];
        for (int i = 0; i < intervals; i++) {
          values[i] = counts.get(i).getOrDefault(bucket, 0L);
        }
        series.add(new RefSeries(with(labels, new Label("__bucket", new Real(bucket))), values));
      }
    } else {
      for (double quantile : function.quantiles()) {
        double[] values = new double[intervals];
        for (int i = 0; i < intervals; i++) {
          values[i] = quantile(quantile, counts.get(i));
        }
        series.add(new RefSeries(with(labels, new Label("p", new Real(quantile))), values));
      }
    }
    return series;
  }

  private static List<Label> with(List<Label> labels, Label last) {
    List<Label> more = new ArrayList<>(labels);
    more.add(last);
    return more;
  }

  /// The upper bound of a value's bucket; NaN for values without one.
  private static double bucket(RefValue value) {
    return switch (value) {
      case Duration(long nanos) when nanos >= 2 -> powerOfTwo(nanos) / NANOS_PER_SECOND;
      case Int(long number) when number >= 2 -> powerOfTwo(number);
      default -> Double.NaN;
    };
  }

  private static double powerOfTwo(long value) {
    double power = 1;
    while (power < value) {
      power *= 2;
    }
    return power;
  }

  private static double quantile(double p, TreeMap<Double, Long> counts) {
    long total = 0;
    for (long count : counts.values()) {
      total += count;
    }
    if (total == 0) {
      return 0;
    }
    double k = Math.max(1, Math.ceil(p * total));
    long used = 0;
    @Nullable Double previous = null;
    for (Map.Entry<Double, Long> entry : counts.entrySet()) {
      long count = entry.getValue();
      double bound = entry.getKey();
      if (used + count > k) {
        double high = Math.log(bound) / Math.log(2);
        double low = previous == null ? high - 1 : Math.log(previous) / Math.log(2);
        return Math.pow(2, low + (high - low) * ((k - used) / count));
      }
      used += count;
      if (used == k) {
        return bound;
      }
      previous = bound;
    }
    return counts.lastKey();
  }

  // ---- second stages

  private static List<RefSeries> secondStages(List<SecondStage> stages, List<RefSeries> input) {
    List<RefSeries> series = input;
    for (SecondStage stage : stages) {
      series =
          withoutEmpty(
              switch (stage) {
                case SecondStage.Threshold it -> threshold(it, series);
                case SecondStage.TopK it -> rank(series, it.limit(), true);
                case SecondStage.BottomK it -> rank(series, it.limit(), false);
              });
    }
    return series;
  }

  private static List<RefSeries> threshold(SecondStage.Threshold stage, List<RefSeries> series) {
    List<RefSeries> result = new ArrayList<>();
    for (RefSeries one : series) {
      double[] values = one.values().clone();
      for (int i = 0; i < values.length; i++) {
        if (!holds(stage.op(), values[i], stage.value())) {
          values[i] = Double.NaN;
        }
      }
      result.add(new RefSeries(one.labels(), values));
    }
    return result;
  }

  private static boolean holds(BinaryOp op, double value, double bound) {
    return switch (op) {
      case EQUAL -> value == bound;
      case NOT_EQUAL -> !Double.isNaN(value) && value != bound;
      case LESS -> value < bound;
      case LESS_EQUAL -> value <= bound;
      case GREATER -> value > bound;
      case GREATER_EQUAL -> value >= bound;
      default -> throw new IllegalArgumentException(op.toString());
    };
  }

  private static List<RefSeries> rank(List<RefSeries> series, long limit, boolean top) {
    if (series.size() <= limit) {
      return series;
    }
    int length = series.getFirst().values().length;
    List<RefSeries> result = new ArrayList<>();
    for (RefSeries one : series) {
      double[] values = new double[length];
      Arrays.fill(values, Double.NaN);
      result.add(new RefSeries(one.labels(), values));
    }
    for (int i = 0; i < length; i++) {
      int at = i;
      List<Integer> order = new ArrayList<>();
      for (int s = 0; s < series.size(); s++) {
        if (!Double.isNaN(series.get(s).values()[i])) {
          order.add(s);
        }
      }
      Comparator<Integer> byValue = Comparator.comparingDouble(s -> series.get(s).values()[at]);
      Comparator<Integer> byLabels =
          (a, b) -> compareLabels(series.get(a).labels(), series.get(b).labels());
      // Of equals the top keeps the alphabetically first, the bottom the last.
      order.sort(
          top
              ? byValue.reversed().thenComparing(byLabels)
              : byValue.thenComparing(byLabels.reversed()));
      for (int s : order.subList(0, (int) Math.min(limit, order.size()))) {
        result.get(s).values()[i] = series.get(s).values()[i];
      }
    }
    return result;
  }

  private static int compareLabels(List<Label> a, List<Label> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = text(a.get(i).value()).compareTo(text(b.get(i).value()));
      if (order == 0
          && RefOperators.isNumber(a.get(i).value())
          && RefOperators.isNumber(b.get(i).value())) {
        order =
            Double.compare(
                RefOperators.number(a.get(i).value()), RefOperators.number(b.get(i).value()));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static String text(RefValue value) {
    return value instanceof Text(String text) ? text : "";
  }

  // ---- arithmetic

  private List<RefSeries> arithmetic(Arithmetic node) {
    if (node.left() instanceof Scalar scalar) {
      return map(evaluate(node.right()), value -> calculate(node.op(), scalar.value(), value));
    }
    if (node.right() instanceof Scalar scalar) {
      return map(evaluate(node.left()), value -> calculate(node.op(), value, scalar.value()));
    }
    Map<List<Label>, RefSeries> left = byLabels(evaluate(node.left()));
    Map<List<Label>, RefSeries> right = byLabels(evaluate(node.right()));
    RefSeries leftAlone = left.get(List.of());
    RefSeries rightAlone = right.get(List.of());
    List<RefSeries> result = new ArrayList<>();
    if (rightAlone == null) {
      right.forEach((key, series) -> {
        RefSeries partner = left.getOrDefault(key, leftAlone);
        if (partner != null) {
          result.add(combine(node, partner, series));
        }
      });
    } else {
      left.forEach(
          (key, series) -> result.add(combine(node, series, right.getOrDefault(key, rightAlone))));
    }
    return result;
  }

  private static Map<List<Label>, RefSeries> byLabels(List<RefSeries> series) {
    Map<List<Label>, RefSeries> map = new LinkedHashMap<>();
    for (RefSeries one : series) {
      List<Label> key = new ArrayList<>(one.labels());
      key.removeIf(label -> label.name().equals(NAME_LABEL));
      map.put(key, one);
    }
    return map;
  }

  private static RefSeries combine(Arithmetic node, RefSeries left, RefSeries right) {
    double[] values = new double[Math.min(left.values().length, right.values().length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = calculate(node.op(), left.values()[i], right.values()[i]);
    }
    List<Label> labels = new ArrayList<>(left.labels());
    for (Label label : right.labels()) {
      if (labels.stream().noneMatch(other -> other.name().equals(label.name()))) {
        labels.add(label);
      }
    }
    String leftName = name(left);
    String rightName = name(right);
    labels.removeIf(label -> label.name().equals(NAME_LABEL));
    if (leftName != null && rightName != null) {
      String name = "(" + leftName + " " + node.op().symbol() + " " + rightName + ")";
      labels.addFirst(new Label(NAME_LABEL, new Text(name)));
    }
    return new RefSeries(labels, values);
  }

  private static @Nullable String name(RefSeries series) {
    for (Label label : series.labels()) {
      if (label.name().equals(NAME_LABEL)) {
        return label.value().toString();
      }
    }
    return null;
  }

  private static List<RefSeries> map(
      List<RefSeries> series, java.util.function.DoubleUnaryOperator function) {
    List<RefSeries> result = new ArrayList<>();
    for (RefSeries one : series) {
      result.add(new RefSeries(one.labels(), Arrays.stream(one.values()).map(function).toArray()));
    }
    return withoutEmpty(result);
  }

  private static double calculate(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? Double.NaN : a / b;
      default -> throw new IllegalArgumentException(op.toString());
    };
  }
}
