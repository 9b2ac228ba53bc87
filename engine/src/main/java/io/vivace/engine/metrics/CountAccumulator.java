package io.vivace.engine.metrics;

import java.util.ArrayList;
import java.util.List;

/// `rate` and `count_over_time`.
final class CountAccumulator extends Accumulator {
  private final Cells cells;
  private final double divisor;

  /// @param divisor of every count
  CountAccumulator(int intervals, double divisor, MemoryLedger memory) {
    this.cells = new Cells(intervals, 0, memory);
    this.divisor = divisor;
  }

  @Override
  void add(Selection selection) {
    int[] groups = selection.groups();
    int[] intervals = selection.intervals();
    double[] weights = selection.weights();
    int openGroup = GroupKeys.NONE;
    double[] row = {};
    for (int k = 0; k < selection.size(); k++) {
      int group = groups[k];
      if (group == GroupKeys.NONE) {
        continue;
      }
      if (group != openGroup) {
        openGroup = group;
        row = cells.row(group);
      }
      row[intervals[k]] += weights == null ? 1 : weights[k];
    }
  }

  /// Adds spans of the only group, counted by interval.
  void add(long[] counts) {
    double[] row = cells.row(0);
    for (int i = 0; i < counts.length; i++) {
      row[i] += counts[i];
    }
  }

  @Override
  List<GroupSeries> finish() {
    List<GroupSeries> series = new ArrayList<>();
    for (int group = 0; group < cells.size(); group++) {
      double[] row = cells.known(group);
      if (row != null) {
        for (int i = 0; i < row.length; i++) {
          row[i] /= divisor;
        }
        series.add(new GroupSeries(group, 0, row));
      }
    }
    return series;
  }
}
