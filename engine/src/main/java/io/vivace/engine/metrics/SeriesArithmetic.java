package io.vivace.engine.metrics;

import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.traceql.ast.BinaryOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Arithmetic between series. Series with equal labels meet; one without labels meets every series
/// of the other side. The name of a series is no label here.
final class SeriesArithmetic {
  private SeriesArithmetic() {}

  static List<MetricsSeries> combine(
      BinaryOp op, List<MetricsSeries> left, List<MetricsSeries> right) {
    Map<List<Label>, MetricsSeries> leftByLabels = byLabels(left);
    Map<List<Label>, MetricsSeries> rightByLabels = byLabels(right);
    List<MetricsSeries> combined = new ArrayList<>();
    if (rightByLabels.containsKey(List.<Label>of())) {
      for (MetricsSeries one : left) {
        MetricsSeries other = partner(rightByLabels, one);
        if (other != null) {
          combined.add(combine(op, one, other));
        }
      }
    } else {
      for (MetricsSeries one : right) {
        MetricsSeries other = partner(leftByLabels, one);
        if (other != null) {
          combined.add(combine(op, other, one));
        }
      }
    }
    return combined;
  }

  private static Map<List<Label>, MetricsSeries> byLabels(List<MetricsSeries> series) {
    Map<List<Label>, MetricsSeries> map = new HashMap<>();
    for (MetricsSeries one : series) {
      map.putIfAbsent(key(one), one);
    }
    return map;
  }

  private static List<Label> key(MetricsSeries series) {
    List<Label> key = new ArrayList<>();
    for (Label label : series.labels()) {
      if (!label.key().equals(OverTimeRun.NAME)) {
        key.add(label);
      }
    }
    return key;
  }

  private static @Nullable MetricsSeries partner(
      Map<List<Label>, MetricsSeries> candidates, MetricsSeries series) {
    MetricsSeries same = candidates.get(key(series));
    return same != null ? same : candidates.get(List.<Label>of());
  }

  private static MetricsSeries combine(BinaryOp op, MetricsSeries left, MetricsSeries right) {
    int size = Math.min(left.values().length, right.values().length);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = calculate(op, left.values()[i], right.values()[i]);
    }
    return new MetricsSeries(labels(op, left, right), values, exemplars(left, right));
  }

  private static List<Label> labels(BinaryOp op, MetricsSeries left, MetricsSeries right) {
    Label leftName = find(left.labels(), OverTimeRun.NAME);
    Label rightName = find(right.labels(), OverTimeRun.NAME);
    List<Label> labels = new ArrayList<>();
    for (Label label : left.labels()) {
      if (label != leftName) {
        labels.add(label);
      } else if (rightName != null) {
        String name =
            "("
                + LabelValues.sortText(leftName.value())
                + " "
                + op.symbol()
                + " "
                + LabelValues.sortText(rightName.value())
                + ")";
        labels.add(new Label(OverTimeRun.NAME, new FoundValue.Text(name)));
      }
    }
    for (Label label : right.labels()) {
      if (label != rightName && find(left.labels(), label.key()) == null) {
        labels.add(label);
      }
    }
    return labels;
  }

  private static @Nullable Label find(List<Label> labels, String key) {
    for (Label label : labels) {
      if (label.key().equals(key)) {
        return label;
      }
    }
    return null;
  }

  private static List<Exemplar> exemplars(MetricsSeries left, MetricsSeries right) {
    boolean isLeftBare = key(left).isEmpty();
    boolean isRightBare = key(right).isEmpty();
    if (isLeftBare != isRightBare) {
      return isLeftBare ? right.exemplars() : left.exemplars();
    }
    List<Exemplar> both = new ArrayList<>(left.exemplars());
    both.addAll(right.exemplars());
    return both;
  }

  /// `series op scalar`.
  static List<MetricsSeries> withScalar(BinaryOp op, List<MetricsSeries> series, double scalar) {
    return map(series, value -> calculate(op, value, scalar));
  }

  /// `scalar op series`.
  static List<MetricsSeries> withScalar(BinaryOp op, double scalar, List<MetricsSeries> series) {
    return map(series, value -> calculate(op, scalar, value));
  }

  private interface Calculation {
    double of(double value);
  }

  private static List<MetricsSeries> map(List<MetricsSeries> series, Calculation calculation) {
    List<MetricsSeries> mapped = new ArrayList<>();
    for (MetricsSeries one : series) {
      double[] values = new double[one.values().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = calculation.of(one.values()[i]);
      }
      List<Exemplar> exemplars = new ArrayList<>();
      for (Exemplar exemplar : one.exemplars()) {
        exemplars.add(
            new Exemplar(
                exemplar.labels(),
                calculation.of(exemplar.value()),
                exemplar.epochMillis(),
                exemplar.interval()));
      }
      mapped.add(new MetricsSeries(one.labels(), values, exemplars));
    }
    return mapped;
  }

  /// Nothing divided by zero is a number.
  private static double calculate(BinaryOp op, double left, double right) {
    return switch (op) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> right == 0 ? Double.NaN : left / right;
      default -> throw new IllegalArgumentException("op: " + op + " (expected: + - * /)");
    };
  }
}
