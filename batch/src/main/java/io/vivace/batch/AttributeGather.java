package io.vivace.batch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds the values of one key in an [AttributeList].
final class AttributeGather {
  private AttributeGather() {}

  /// @param key id of the key, or -1 if the pool does not have it
  /// @param preferred per row a string id that stands before the list unless it is 0
  static AttributeColumn gather(
      StringPool pool, AttributeList list, int rowCount, int key, int @Nullable [] preferred) {
    IntArray rows = new IntArray();
    ByteArray types = new ByteArray();
    IntArray starts = new IntArray();
    LongArray values = new LongArray();
    starts.add(0);
    if (preferred == null) {
      gatherKey(list, rowCount, key, rows, types, starts, values);
    } else {
      for (int row = 0; row < rowCount; row++) {
        if (preferred[row] != 0) {
          rows.add(row);
          types.add(AttributeType.STRING.code());
          values.add(preferred[row]);
          starts.add(values.size);
        } else {
          for (int e = list.offsets()[row]; e < list.offsets()[row + 1]; e++) {
            if (list.keys()[e] == key) {
              addEntry(list, row, e, rows, types, starts, values);
              break;
            }
          }
        }
      }
    }
    return new AttributeColumn(
        pool,
        rows.size,
        rows.toArray(),
        types.toArray(),
        Arrays.copyOf(starts.a, rows.size + 1),
        values.toArray());
  }

  private static void gatherKey(
      AttributeList list,
      int rowCount,
      int key,
      IntArray rows,
      ByteArray types,
      IntArray starts,
      LongArray values) {
    if (key < 0) {
      return;
    }
    int[] keys = list.keys();
    int[] offsets = list.offsets();
    int entries = offsets[rowCount];
    int row = 0;
    for (int e = 0; e < entries; e++) {
      if (keys[e] != key) {
        continue;
      }
      row = rowOf(offsets, row, e);
      addEntry(list, row, e, rows, types, starts, values);
      // Of equal keys in a row the first counts.
      e = offsets[row + 1] - 1;
    }
  }

  /// The row at or after `from` that owns entry `e`: gallops, since keys may be rare.
  private static int rowOf(int[] offsets, int from, int e) {
    int low = from;
    int step = 1;
    int limit = offsets.length - 1;
    while (low + step < limit && offsets[low + step] <= e) {
      low += step;
      step <<= 1;
    }
    int high = Math.min(low + step, limit);
    // offsets[low] <= e < offsets[high]
    while (high - low > 1) {
      int middle = low + high >>> 1;
      if (offsets[middle] <= e) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void addEntry(
      AttributeList list,
      int row,
      int e,
      IntArray rows,
      ByteArray types,
      IntArray starts,
      LongArray values) {
    int from = list.starts()[e];
    int to = list.starts()[e + 1];
    AttributeType type = AttributeType.of(list.types()[e]);
    rows.add(row);
    types.add((to - from == 1 ? scalarOf(type) : type).code());
    if (type != AttributeType.UNSUPPORTED) {
      values.addAll(list.values(), from, to);
    }
    starts.add(values.size);
  }

  private static AttributeType scalarOf(AttributeType type) {
    return switch (type) {
      case STRING_ARRAY -> AttributeType.STRING;
      case LONG_ARRAY -> AttributeType.LONG;
      case DOUBLE_ARRAY -> AttributeType.DOUBLE;
      case BOOLEAN_ARRAY -> AttributeType.BOOLEAN;
      case STRING, LONG, DOUBLE, BOOLEAN, EMPTY_ARRAY, UNSUPPORTED, MISSING -> type;
    };
  }
}
