package io.vivace.engine.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `histogram_over_time` and `quantile_over_time`: counts by powers of two.
final class BucketAccumulator extends Accumulator {
  private static final int BUCKETS = Long.SIZE;

  private final Cells cells;
  private final int intervals;
  private final double unit;
  private final double @Nullable [] quantiles;

  /// @param unit by which bounds are divided
  /// @param quantiles null for the histogram itself
  BucketAccumulator(
      int intervals, double unit, double @Nullable [] quantiles, MemoryLedger memory) {
    this.cells = new Cells(intervals, 0, memory);
    this.intervals = intervals;
    this.unit = unit;
    this.quantiles = quantiles;
  }

  @Override
  void add(Selection selection) {
    int[] groups = selection.groups();
    int[] interval = selection.intervals();
    byte[] buckets = Objects.requireNonNull(selection.buckets());
    double[] weights = selection.weights();
    for (int k = 0; k < selection.size(); k++) {
      if (groups[k] == GroupKeys.NONE || buckets[k] == Argument.NO_BUCKET) {
        continue;
      }
      double[] row = cells.row(Math.multiplyExact(groups[k], BUCKETS) + buckets[k]);
      row[interval[k]] += weights == null ? 1 : weights[k];
    }
  }

  /// The upper bound of a bucket.
  double bound(int bucket) {
    return Math.scalb(1.0, bucket) / unit;
  }

  @Override
  List<GroupSeries> finish() {
    List<GroupSeries> series = new ArrayList<>();
    for (int group = 0; group * BUCKETS < cells.size(); group++) {
      if (quantiles == null) {
        addHistogram(group, series);
      } else {
        addQuantiles(group, quantiles, series);
      }
    }
    return series;
  }

  private void addHistogram(int group, List<GroupSeries> series) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      double[] row = cells.known(group * BUCKETS + bucket);
      if (row != null) {
        series.add(new GroupSeries(group, bucket, row));
      }
    }
  }

  private void addQuantiles(int group, double[] wanted, List<GroupSeries> series) {
    boolean isEmpty = true;
    double[][] values = new double[wanted.length][intervals];
    long[] counts = new long[BUCKETS];
    for (int interval = 0; interval < intervals; interval++) {
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        double[] row = cells.known(group * BUCKETS + bucket);
        counts[bucket] = row == null ? 0 : (long) row[interval];
        isEmpty &= row == null;
      }
      for (int q = 0; q < wanted.length; q++) {
        values[q][interval] = quantile(wanted[q], counts) / unit;
      }
    }
    if (isEmpty) {
      return;
    }
    for (int q = 0; q < wanted.length; q++) {
      series.add(new GroupSeries(group, q, values[q]));
    }
  }

  /// The quantiles over all groups and intervals.
  double[] overallQuantiles() {
    double[] wanted = Objects.requireNonNull(quantiles);
    double[] sums = new double[BUCKETS];
    for (int index = 0; index < cells.size(); index++) {
      double[] row = cells.known(index);
      if (row != null) {
        for (double count : row) {
          sums[index % BUCKETS] += count;
        }
      }
    }
    long[] counts = new long[BUCKETS];
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      counts[bucket] = (long) sums[bucket];
    }
    double[] values = new double[wanted.length];
    for (int q = 0; q < wanted.length; q++) {
      values[q] = quantile(wanted[q], counts) / unit;
    }
    return values;
  }

  /// The value below which the part `p` of all values lies, by exponential interpolation between
  /// the bounds of non-empty buckets.
  ///
  /// @param counts by power of two
  static double quantile(double p, long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    if (total == 0) {
      return 0;
    }
    long wanted = Math.max(1, (long) Math.ceil(p * total));
    long used = 0;
    int previous = -1;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      long count = counts[bucket];
      if (count == 0) {
        continue;
      }
      if (used + count > wanted) {
        double part = (double) (wanted - used) / count;
        double low = previous < 0 ? bucket - 1 : previous;
        return Math.pow(2, low + (bucket - low) * part);
      }
      used += count;
      if (used == wanted) {
        return Math.scalb(1.0, bucket);
      }
      previous = bucket;
    }
    return Math.scalb(1.0, previous);
  }
}
