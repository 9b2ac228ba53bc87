package io.vivace.engine.metrics;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sums up spans by group and interval. Confined to one thread.
abstract sealed class Accumulator
    permits CountAccumulator, ExtremeAccumulator, SumAccumulator, BucketAccumulator {
  /// Spans of one batch. Only the first `size` entries count.
  ///
  /// @param groups [GroupKeys#NONE] for spans to leave out
  /// @param numbers of the argument, NaN where there is none; null if the function takes buckets or
  ///   no argument
  /// @param buckets of the argument; null if the function takes numbers or no argument
  /// @param weights how many spans each one stands for; null for one
  record Selection(
      int size,
      int[] groups,
      int[] intervals,
      double @Nullable [] numbers,
      byte @Nullable [] buckets,
      double @Nullable [] weights) {}

  /// The numbers of one group.
  ///
  /// @param part which of the group's series: the bucket of histograms, the index of quantiles;
  ///   else 0
  record GroupSeries(int group, int part, double[] values) {}

  abstract void add(Selection selection);

  /// What came out, by group.
  abstract List<GroupSeries> finish();

  /// Rows of numbers that are made when first needed.
  static final class Cells {
    private static final int BYTES_PER_ROW = 64;

    private final int width;
    private final double initial;
    private final MemoryLedger memory;
    private double[] @Nullable [] rows = new double[16][];

    Cells(int width, double initial, MemoryLedger memory) {
      this.width = width;
      this.initial = initial;
      this.memory = memory;
    }

    double[] row(int index) {
      if (index < rows.length) {
        double[] row = rows[index];
        if (row != null) {
          return row;
        }
      } else {
        rows = Arrays.copyOf(rows, Math.max(index + 1, 2 * rows.length));
      }
      memory.add(BYTES_PER_ROW + 8L * width);
      double[] row = new double[width];
      if (initial != 0) {
        Arrays.fill(row, initial);
      }
      rows[index] = row;
      return row;
    }

    /// The row if it was made.
    double @Nullable [] known(int index) {
      return index < rows.length ? rows[index] : null;
    }

    int size() {
      return rows.length;
    }
  }
}
