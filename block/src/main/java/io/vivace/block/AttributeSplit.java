package io.vivace.block;

import io.vivace.batch.AttributeList;
import io.vivace.batch.AttributeType;
import io.vivace.batch.Level;
import io.vivace.batch.TraceColumns;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Divides the attributes of a range of rows between the columns of their own and the generic ones.
///
/// An attribute goes to the column of its key if it is a value, or a non-empty array, of the
/// column's type; of several with that key the last one wins, the others are lost, as in every
/// reader and writer of the format. Everything else is generic.
final class AttributeSplit {
  private static final byte STRING = AttributeType.STRING.code();
  private static final byte STRING_ARRAY = AttributeType.STRING_ARRAY.code();
  private static final byte LONG = AttributeType.LONG.code();
  private static final byte LONG_ARRAY = AttributeType.LONG_ARRAY.code();

  private final AttributeList list;
  private final int rowCount;
  private final int[] genericOffsets;
  private final int[] genericEntries;
  private final int[] @Nullable [] columnEntries;

  private AttributeSplit(
      AttributeList list,
      int rowCount,
      int[] genericOffsets,
      int[] genericEntries,
      int[] @Nullable [] columnEntries) {
    this.list = list;
    this.rowCount = rowCount;
    this.genericOffsets = genericOffsets;
    this.genericEntries = genericEntries;
    this.columnEntries = columnEntries;
  }

  /// @param columns of this owner
  static AttributeSplit of(
      TraceColumns traces, Level owner, int from, int to, List<LeafRole.Attribute> columns) {
    AttributeList list = traces.attributes(owner);
    int rowCount = to - from;
    byte[] columnOfKey = columnOfKey(traces, columns);
    int[][] columnEntries = new int[columns.size()][];
    int[] offsets = new int[rowCount + 1];
    int first = list.offsets()[from];
    int[] entries = new int[list.offsets()[to] - first];
    int count = 0;
    int[] keys = list.keys();
    byte[] types = list.types();
    for (int row = 0; row < rowCount; row++) {
      int end = list.offsets()[from + row + 1];
      for (int e = list.offsets()[from + row]; e < end; e++) {
        int column = columnOfKey[keys[e]];
        if (column < 0 || !fits(columns.get(column).type(), types[e])) {
          entries[count++] = e;
          continue;
        }
        int[] ofColumn = columnEntries[column];
        if (ofColumn == null) {
          ofColumn = new int[rowCount];
          Arrays.fill(ofColumn, -1);
          columnEntries[column] = ofColumn;
        }
        ofColumn[row] = e;
      }
      offsets[row + 1] = count;
    }
    return new AttributeSplit(list, rowCount, offsets, entries, columnEntries);
  }

  private static byte[] columnOfKey(TraceColumns traces, List<LeafRole.Attribute> columns) {
    byte[] columnOfKey = new byte[traces.pool().size()];
    Arrays.fill(columnOfKey, (byte) -1);
    for (int i = 0; i < columns.size(); i++) {
      byte[] key = columns.get(i).key().getBytes(StandardCharsets.UTF_8);
      int id = traces.pool().find(key, 0, key.length);
      if (id >= 0) {
        columnOfKey[id] = (byte) i;
      }
    }
    return columnOfKey;
  }

  private static boolean fits(DedicatedColumn.Type column, byte type) {
    return switch (column) {
      case STRING -> type == STRING || type == STRING_ARRAY;
      case INT -> type == LONG || type == LONG_ARRAY;
    };
  }

  int rowCount() {
    return rowCount;
  }

  /// Generic entries of row `r`: `[genericOffsets[r], genericOffsets[r + 1])`.
  int[] genericOffsets() {
    return genericOffsets;
  }

  int genericCount() {
    return genericOffsets[rowCount];
  }

  /// The keys of the generic entries.
  int[] genericKeys() {
    int[] keys = new int[genericCount()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = list.keys()[genericEntries[i]];
    }
    return keys;
  }

  /// 1 for every generic entry that is an array.
  byte[] genericArrays() {
    byte[] arrays = new byte[genericCount()];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = (byte) (AttributeType.of(list.types()[genericEntries[i]]).isArray() ? 1 : 0);
    }
    return arrays;
  }

  /// The elements of the generic entries of a scalar type and its array type, or null if there are
  /// none.
  @Nullable Elements generic(AttributeType scalar, AttributeType array) {
    int count = genericCount();
    byte first = scalar.code();
    byte second = array.code();
    int total = 0;
    for (int i = 0; i < count; i++) {
      int e = genericEntries[i];
      byte type = list.types()[e];
      if (type == first || type == second) {
        total += list.starts()[e + 1] - list.starts()[e];
      }
    }
    if (total == 0) {
      return null;
    }
    int[] offsets = new int[count + 1];
    long[] values = new long[total];
    int at = 0;
    for (int i = 0; i < count; i++) {
      int e = genericEntries[i];
      byte type = list.types()[e];
      if (type == first || type == second) {
        for (int v = list.starts()[e]; v < list.starts()[e + 1]; v++) {
          values[at++] = list.values()[v];
        }
      }
      offsets[i + 1] = at;
    }
    return new Elements(offsets, values);
  }

  /// The elements of a column of its own for each row, or null if there are none.
  @Nullable Elements column(int column) {
    int[] entries = columnEntries[column];
    if (entries == null) {
      return null;
    }
    int[] offsets = new int[rowCount + 1];
    int total = 0;
    for (int row = 0; row < rowCount; row++) {
      int e = entries[row];
      total += e < 0 ? 0 : list.starts()[e + 1] - list.starts()[e];
      offsets[row + 1] = total;
    }
    long[] values = new long[total];
    int at = 0;
    for (int row = 0; row < rowCount; row++) {
      int e = entries[row];
      if (e >= 0) {
        for (int v = list.starts()[e]; v < list.starts()[e + 1]; v++) {
          values[at++] = list.values()[v];
        }
      }
    }
    return new Elements(offsets, values);
  }

  /// Values in lists: list `i` is `values[offsets[i] … offsets[i + 1])`.
  record Elements(int[] offsets, long[] values) {}
}
