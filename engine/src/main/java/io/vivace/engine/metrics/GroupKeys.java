package io.vivace.engine.metrics;

import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.traceql.ast.FieldExpression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Numbers the groups of a `by (…)`: spans with equal values of all its fields are in one group.
/// Groups are numbered in order of first appearance. Confined to one thread.
final class GroupKeys {
  static final int NONE = -1;

  private final List<FieldExpression.Field> fields;
  private final List<FieldCodes> columns = new ArrayList<>();

  /// `pairs[i]` numbers the combinations of the first `i + 2` fields.
  private final List<Pairs> pairs = new ArrayList<>();

  private final int maxGroups;
  private boolean hasOverflow;

  /// Group by code of the only field, plus one.
  private int[] groupsOfCodes = {};

  private int[] codesOfGroups = new int[16];
  private int groupCount;

  /// @param maxGroups spans of further groups are left out; 0 for no limit
  GroupKeys(List<FieldExpression.Field> fields, int maxGroups, MemoryLedger memory) {
    this.fields = fields;
    this.maxGroups = maxGroups == 0 ? Integer.MAX_VALUE : maxGroups;
    for (FieldExpression.Field field : fields) {
      columns.add(new FieldCodes(field, memory));
    }
    for (int i = 1; i < fields.size(); i++) {
      pairs.add(new Pairs(memory));
    }
  }

  boolean isEmpty() {
    return fields.isEmpty();
  }

  /// Whether there are more groups than allowed.
  boolean hasOverflow() {
    return hasOverflow;
  }

  int groupCount() {
    return fields.isEmpty() ? 1 : groupCount;
  }

  /// The groups of the first `count` of `spans`, which are ascending.
  ///
  /// @param out gets [#NONE] where the group would be one too many
  void assign(BatchEvaluator evaluator, int[] spans, int count, int[] out) {
    if (fields.isEmpty()) {
      Arrays.fill(out, 0, count, 0);
      return;
    }
    SpanBatch batch = evaluator.batch();
    columns.getFirst().assign(evaluator, batch, spans, count, out);
    int[] right = fields.size() > 1 ? new int[count] : out;
    for (int i = 1; i < fields.size(); i++) {
      columns.get(i).assign(evaluator, batch, spans, count, right);
      pairs.get(i - 1).combine(out, right, count);
    }
    toGroups(out, count);
  }

  private void toGroups(int[] codes, int count) {
    int[] known = groupsOfCodes;
    for (int k = 0; k < count; k++) {
      int code = codes[k];
      if (code >= known.length) {
        known = Arrays.copyOf(known, Math.max(code + 1, 2 * known.length));
      }
      int group = known[code];
      if (group == 0) {
        if (groupCount >= maxGroups) {
          hasOverflow = true;
        } else {
          if (groupCount == codesOfGroups.length) {
            codesOfGroups = Arrays.copyOf(codesOfGroups, 2 * groupCount);
          }
          codesOfGroups[groupCount++] = code;
          group = groupCount;
          known[code] = group;
        }
      }
      codes[k] = group - 1;
    }
    groupsOfCodes = known;
  }

  /// The labels of a group: what is missing has none, but if all are missing the first one says so.
  List<Label> labels(int group) {
    List<Label> labels = new ArrayList<>();
    if (fields.isEmpty()) {
      return labels;
    }
    int[] codes = new int[fields.size()];
    int combined = codesOfGroups[group];
    for (int i = fields.size() - 1; i > 0; i--) {
      codes[i] = pairs.get(i - 1).right(combined);
      combined = pairs.get(i - 1).left(combined);
    }
    codes[0] = combined;
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] != ValueCodes.NIL) {
        labels.add(new Label(fields.get(i).label(), columns.get(i).value(codes[i])));
      }
    }
    if (labels.isEmpty()) {
      labels.add(new Label(fields.getFirst().label(), LabelValues.NIL));
    }
    return labels;
  }

  /// Numbers pairs of codes.
  private static final class Pairs {
    private static final int BYTES_PER_PAIR = 40;

    private final MemoryLedger memory;
    private final LongIntMap numbers = new LongIntMap();
    private long[] keys = new long[16];
    private int size;

    Pairs(MemoryLedger memory) {
      this.memory = memory;
    }

    /// Replaces every code of `left` by the number of the pair.
    void combine(int[] left, int[] right, int count) {
      long lastKey = -1;
      int last = -1;
      for (int k = 0; k < count; k++) {
        long key = (long) left[k] << 32 | right[k];
        if (key != lastKey) {
          lastKey = key;
          last = number(key);
        }
        left[k] = last;
      }
    }

    private int number(long key) {
      int number = numbers.get(key);
      if (number < 0) {
        memory.add(BYTES_PER_PAIR);
        if (size == keys.length) {
          keys = Arrays.copyOf(keys, 2 * size);
        }
        number = size++;
        keys[number] = key;
        numbers.put(key, number);
      }
      return number;
    }

    int left(int pair) {
      return (int) (keys[pair] >>> 32);
    }

    int right(int pair) {
      return (int) keys[pair];
    }
  }
}
