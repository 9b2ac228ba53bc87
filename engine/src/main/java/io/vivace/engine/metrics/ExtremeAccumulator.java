package io.vivace.engine.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `min_over_time` and `max_over_time`.
final class ExtremeAccumulator extends Accumulator {
  private final Cells cells;
  private final boolean isMax;

  ExtremeAccumulator(boolean isMax, int intervals, MemoryLedger memory) {
    this.cells = new Cells(intervals, Double.NaN, memory);
    this.isMax = isMax;
  }

  @Override
  void add(Selection selection) {
    int[] groups = selection.groups();
    int[] intervals = selection.intervals();
    double[] numbers = Objects.requireNonNull(selection.numbers());
    for (int k = 0; k < selection.size(); k++) {
      double number = numbers[k];
      if (groups[k] == GroupKeys.NONE || Double.isNaN(number)) {
        continue;
      }
      double[] row = cells.row(groups[k]);
      double before = row[intervals[k]];
      // True if nothing was there before, too: comparisons with NaN fail.
      if (isMax ? !(before >= number) : !(before <= number)) {
        row[intervals[k]] = number;
      }
    }
  }

  @Override
  List<GroupSeries> finish() {
    List<GroupSeries> series = new ArrayList<>();
    for (int group = 0; group < cells.size(); group++) {
      double[] row = cells.known(group);
      if (row != null) {
        series.add(new GroupSeries(group, 0, row));
      }
    }
    return series;
  }
}
