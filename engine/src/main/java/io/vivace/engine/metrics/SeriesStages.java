package io.vivace.engine.metrics;

import io.vivace.engine.metrics.MetricsResult.Exemplar;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.metrics.MetricsResult.MetricsSeries;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.SecondStage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The stages that work on whole series.
final class SeriesStages {
  private SeriesStages() {}

  /// Applies the stages from left to right. The values of `series` may be changed.
  static List<MetricsSeries> apply(List<SecondStage> stages, List<MetricsSeries> series) {
    List<MetricsSeries> current = series;
    for (SecondStage stage : stages) {
      current =
          switch (stage) {
            case SecondStage.Threshold threshold -> threshold(threshold, current);
            case SecondStage.TopK top -> rank(true, top.limit(), current);
            case SecondStage.BottomK bottom -> rank(false, bottom.limit(), current);
          };
    }
    return current;
  }

  // ---- comparisons

  private static List<MetricsSeries> threshold(
      SecondStage.Threshold threshold, List<MetricsSeries> series) {
    List<MetricsSeries> left = new ArrayList<>();
    for (MetricsSeries one : series) {
      double[] values = one.values();
      for (int i = 0; i < values.length; i++) {
        if (!holds(threshold.op(), values[i], threshold.value())) {
          values[i] = Double.NaN;
        }
      }
      if (hasValue(values)) {
        List<Exemplar> exemplars = new ArrayList<>();
        for (Exemplar exemplar : one.exemplars()) {
          if (holds(threshold.op(), exemplar.value(), threshold.value())) {
            exemplars.add(exemplar);
          }
        }
        left.add(new MetricsSeries(one.labels(), values, exemplars));
      }
    }
    return left;
  }

  private static boolean holds(BinaryOp op, double value, double bound) {
    return switch (op) {
      case EQUAL -> value == bound;
      case NOT_EQUAL -> !Double.isNaN(value) && value != bound;
      case LESS -> value < bound;
      case LESS_EQUAL -> value <= bound;
      case GREATER -> value > bound;
      case GREATER_EQUAL -> value >= bound;
      default -> throw new IllegalArgumentException("op: " + op + " (expected: a comparison)");
    };
  }

  static boolean hasValue(double[] values) {
    for (double value : values) {
      if (!Double.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  // ---- topk and bottomk

  /// Keeps the `limit` most extreme values of every interval. Of equal values, the series first in
  /// the order of labels comes first for the largest, and last for the smallest.
  private static List<MetricsSeries> rank(boolean isTop, long limit, List<MetricsSeries> series) {
    if (series.size() <= limit) {
      return series;
    }
    List<MetricsSeries> ordered = new ArrayList<>(series);
    Comparator<MetricsSeries> byLabels = SeriesStages::compareLabels;
    ordered.sort(isTop ? byLabels : byLabels.reversed());
    int intervals = ordered.getFirst().values().length;
    boolean[] isKept = new boolean[ordered.size()];
    Integer[] ranked = new Integer[ordered.size()];
    for (int interval = 0; interval < intervals; interval++) {
      int present = 0;
      for (int s = 0; s < ordered.size(); s++) {
        if (!Double.isNaN(ordered.get(s).values()[interval])) {
          ranked[present++] = s;
        }
      }
      int at = interval;
      Comparator<Integer> byValue = Comparator.comparingDouble(s -> ordered.get(s).values()[at]);
      // Stable, so that equal values stay in the order of labels.
      Arrays.sort(ranked, 0, present, isTop ? byValue.reversed() : byValue);
      for (int r = 0; r < present; r++) {
        if (r < limit) {
          isKept[ranked[r]] = true;
        } else {
          ordered.get(ranked[r]).values()[interval] = Double.NaN;
        }
      }
    }
    List<MetricsSeries> left = new ArrayList<>();
    for (int s = 0; s < isKept.length; s++) {
      if (isKept[s]) {
        left.add(ordered.get(s));
      }
    }
    return left;
  }

  private static int compareLabels(MetricsSeries a, MetricsSeries b) {
    int common = Math.min(a.labels().size(), b.labels().size());
    for (int i = 0; i < common; i++) {
      int order = compareValues(a.labels().get(i), b.labels().get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.labels().size(), b.labels().size());
  }

  private static int compareValues(Label a, Label b) {
    int byText = text(a.value()).compareTo(text(b.value()));
    return byText != 0 ? byText : Double.compare(raw(a.value()), raw(b.value()));
  }

  private static String text(FoundValue value) {
    return value instanceof FoundValue.Text(String text) ? text : "";
  }

  private static double raw(FoundValue value) {
    return switch (value) {
      case FoundValue.Int(long number) -> number;
      case FoundValue.Real(double number) -> number;
      case FoundValue.Bool(boolean bool) -> bool ? 1 : 0;
      case FoundValue.Text _, FoundValue.Array _ -> 0;
    };
  }
}
