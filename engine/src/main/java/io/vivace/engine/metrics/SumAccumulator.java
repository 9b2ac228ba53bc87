package io.vivace.engine.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `sum_over_time` and `avg_over_time`. Sums are compensated, so that their rounding errors do not
/// grow with the number of spans.
final class SumAccumulator extends Accumulator {
  private final Cells sums;
  private final Cells corrections;
  private final Cells weights;
  private final boolean isAverage;

  SumAccumulator(boolean isAverage, int intervals, MemoryLedger memory) {
    this.sums = new Cells(intervals, 0, memory);
    this.corrections = new Cells(intervals, 0, memory);
    this.weights = new Cells(intervals, 0, memory);
    this.isAverage = isAverage;
  }

  @Override
  void add(Selection selection) {
    double[] numbers = Objects.requireNonNull(selection.numbers());
    double[] weightOf = selection.weights();
    for (int k = 0; k < selection.size(); k++) {
      int group = selection.groups()[k];
      double number = numbers[k];
      if (group == GroupKeys.NONE || Double.isNaN(number)) {
        continue;
      }
      int interval = selection.intervals()[k];
      double weight = weightOf == null ? 1 : weightOf[k];
      weights.row(group)[interval] += weight;
      add(sums.row(group), corrections.row(group), interval, number * weight);
    }
  }

  /// Neumaier's summation.
  private static void add(double[] sum, double[] correction, int i, double value) {
    double before = sum[i];
    double after = before + value;
    if (Math.abs(before) >= Math.abs(value)) {
      correction[i] += before - after + value;
    } else {
      correction[i] += value - after + before;
    }
    sum[i] = after;
  }

  @Override
  List<GroupSeries> finish() {
    List<GroupSeries> series = new ArrayList<>();
    for (int group = 0; group < weights.size(); group++) {
      double[] weight = weights.known(group);
      if (weight == null) {
        continue;
      }
      double[] sum = sums.row(group);
      double[] correction = corrections.row(group);
      for (int i = 0; i < sum.length; i++) {
        // An infinite sum has no meaningful correction.
        double total = Double.isFinite(sum[i]) ? sum[i] + correction[i] : sum[i];
        sum[i] = weight[i] == 0 ? Double.NaN : isAverage ? total / weight[i] : total;
      }
      series.add(new GroupSeries(group, 0, sum));
    }
    return series;
  }
}
