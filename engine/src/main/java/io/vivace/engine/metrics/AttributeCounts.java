package io.vivace.engine.metrics;

import io.vivace.engine.metrics.ExemplarPicker.Picked;
import io.vivace.engine.search.SearchResult.FoundValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// How often each value of one attribute occurs in the baseline and in the selection. When there
/// are very many values, the rare ones are forgotten. Confined to one thread.
final class AttributeCounts {
  static final int BASELINE = 0;
  static final int SELECTION = 1;
  static final int SIDES = 2;

  /// Large dictionaries, such as those of data in memory, hold the strings of all attributes.
  private static final int MAX_TABLE = 1 << 14;

  private static final int MIN_FORGET_AT = 1 << 15;
  private static final int FORGET_FACTOR = 16;

  private final String label;
  private final int intervals;
  private final int topValues;
  private final int forgetAt;
  private final MemoryLedger memory;
  private final double[][] totals;
  private final List<List<Picked>> exemplars = List.of(new ArrayList<>(), new ArrayList<>());
  private ValueCodes codes;

  /// Value `c` at interval `i` is `counts[side][c * intervals + i]`.
  private final double[][] counts = new double[SIDES][];

  private boolean hasForgotten;

  /// A value with its counts by interval.
  record ValueCount(FoundValue value, double[] counts, double total) {}

  AttributeCounts(String label, int intervals, int topValues, MemoryLedger memory) {
    this.label = label;
    this.intervals = intervals;
    this.topValues = topValues;
    this.memory = memory;
    this.forgetAt = Math.max(MIN_FORGET_AT, FORGET_FACTOR * topValues);
    this.totals = new double[SIDES][intervals];
    this.codes = new ValueCodes(memory, MAX_TABLE);
    counts[BASELINE] = new double[8 * intervals];
    counts[SELECTION] = new double[8 * intervals];
    memory.add(2L * SIDES * Double.BYTES * 8 * intervals);
  }

  String label() {
    return label;
  }

  ValueCodes codes() {
    return codes;
  }

  /// Counts spans that have the attribute.
  ///
  /// @param code of the value, of [#codes]; arrays count for the total only
  void add(int side, int code, int interval, double weight) {
    totals[side][interval] += weight;
    if (code == ValueCodes.NIL || code == ValueCodes.ARRAY) {
      return;
    }
    int cell = code * intervals + interval;
    double[] cells = counts[side];
    if (cell >= cells.length) {
      cells = grow(side, code);
    }
    cells[cell] += weight;
  }

  private double[] grow(int side, int code) {
    int size = Math.multiplyExact(Math.max(code + 1, codes.size() * 3 / 2), intervals);
    memory.add((long) Double.BYTES * (size - counts[side].length));
    counts[side] = Arrays.copyOf(counts[side], size);
    return counts[side];
  }

  void addExemplar(int side, Picked exemplar) {
    exemplars.get(side).add(exemplar);
  }

  /// Between batches: forgets rare values if there are too many.
  void limit() {
    if (codes.size() <= forgetAt) {
      return;
    }
    hasForgotten = true;
    boolean[] isKept = new boolean[codes.size()];
    for (int side = 0; side < SIDES; side++) {
      keep(side, forgetAt / 4, isKept);
    }
    ValueCodes kept = new ValueCodes(memory, MAX_TABLE);
    double[][] keptCounts = new double[SIDES][forgetAt * intervals];
    for (int code = 0; code < isKept.length; code++) {
      if (isKept[code]) {
        int moved = kept.copyFrom(codes, code);
        for (int side = 0; side < SIDES; side++) {
          for (int i = 0; i < intervals; i++) {
            keptCounts[side][moved * intervals + i] = count(side, code, i);
          }
        }
      }
    }
    codes.forget();
    codes = kept;
    counts[BASELINE] = keptCounts[BASELINE];
    counts[SELECTION] = keptCounts[SELECTION];
  }

  /// Marks the `limit` most frequent values, of equally frequent ones those that came first.
  private void keep(int side, int limit, boolean[] isKept) {
    double[] totalOf = new double[codes.size()];
    for (int code = 0; code < totalOf.length; code++) {
      totalOf[code] = total(side, code);
    }
    double[] sorted = totalOf.clone();
    Arrays.sort(sorted);
    double least = sorted[Math.max(0, sorted.length - limit)];
    int more = 0;
    for (double total : totalOf) {
      more += total > least ? 1 : 0;
    }
    int equal = limit - more;
    for (int code = 0; code < totalOf.length; code++) {
      double total = totalOf[code];
      if (total > least || (total > 0 && total == least && equal-- > 0)) {
        isKept[code] = true;
      }
    }
  }

  private double count(int side, int code, int interval) {
    int cell = code * intervals + interval;
    return cell < counts[side].length ? counts[side][cell] : 0;
  }

  private double total(int side, int code) {
    double total = 0;
    for (int i = 0; i < intervals; i++) {
      total += count(side, code, i);
    }
    return total;
  }

  /// The codes that occur, most frequent first, in order of appearance among equals.
  private int[] byTotal(int side) {
    int size = codes.size();
    double[] totalOf = new double[size];
    List<Integer> order = new ArrayList<>();
    for (int code = 0; code < size; code++) {
      totalOf[code] = total(side, code);
      if (totalOf[code] > 0) {
        order.add(code);
      }
    }
    order.sort(Comparator.comparingDouble((Integer code) -> totalOf[code]).reversed());
    int[] codesInOrder = new int[order.size()];
    for (int i = 0; i < codesInOrder.length; i++) {
      codesInOrder[i] = order.get(i);
    }
    return codesInOrder;
  }

  /// True if a side has more values than are shown.
  boolean hasTooManyValues() {
    return hasForgotten
        || byTotal(BASELINE).length > topValues
        || byTotal(SELECTION).length > topValues;
  }

  /// The most frequent values, in order of their text among equals.
  List<ValueCount> top(int side) {
    List<ValueCount> values = new ArrayList<>();
    int[] order = byTotal(side);
    double least = order.length > topValues ? total(side, order[topValues - 1]) : 0;
    for (int code : order) {
      double total = total(side, code);
      if (total < least) {
        break;
      }
      double[] row = new double[intervals];
      for (int i = 0; i < intervals; i++) {
        row[i] = count(side, code, i);
      }
      values.add(new ValueCount(codes.value(code), row, total));
    }
    values.sort(
        Comparator.comparingDouble(ValueCount::total)
            .reversed()
            .thenComparing(value -> LabelValues.sortText(value.value())));
    return values.size() > topValues ? values.subList(0, topValues) : values;
  }

  /// Spans that have the attribute, by interval.
  double[] totals(int side) {
    return totals[side];
  }

  List<Picked> exemplars(int side) {
    return exemplars.get(side);
  }
}
