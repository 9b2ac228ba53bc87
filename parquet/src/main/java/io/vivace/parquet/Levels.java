package io.vivace.parquet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Repetition and definition levels of a run of whole rows. One instance serves all columns that
/// have the same levels: siblings in one group usually do. What it holds is not to be changed.
///
/// For writing, levels are made from the root down: [#rows], then [#repeated] for each repeated
/// field and [#optional] for an optional one; required fields change nothing.
///
/// @see ListOffsets
public final class Levels {
  private final byte @Nullable [] repetition;
  private final byte @Nullable [] definition;
  private final int count;
  private final int rowCount;
  private final int valueCount;
  private final int maxRepetition;
  private final int maxDefinition;

  /// @param repetition null if `maxRepetition` is 0; at least `count` long
  /// @param definition null if `maxDefinition` is 0; at least `count` long
  /// @param valueCount entries whose definition level is `maxDefinition`
  Levels(
      byte @Nullable [] repetition,
      byte @Nullable [] definition,
      int count,
      int rowCount,
      int valueCount,
      int maxRepetition,
      int maxDefinition) {
    this.repetition = repetition;
    this.definition = definition;
    this.count = count;
    this.rowCount = rowCount;
    this.valueCount = valueCount;
    this.maxRepetition = maxRepetition;
    this.maxDefinition = maxDefinition;
  }

  /// Levels given as they are.
  ///
  /// @param repetition null if `maxRepetition` is 0
  /// @param definition null if `maxDefinition` is 0
  /// @throws IllegalArgumentException if a level is out of range or the first one continues a row
  public static Levels of(
      byte @Nullable [] repetition,
      byte @Nullable [] definition,
      int count,
      int maxRepetition,
      int maxDefinition) {
    if ((repetition == null) != (maxRepetition == 0)
        || (definition == null) != (maxDefinition == 0)) {
      throw new IllegalArgumentException("levels are given where, and only where, they can differ");
    }
    int rows = 0;
    int values = 0;
    for (int i = 0; i < count; i++) {
      int r = repetition == null ? 0 : repetition[i];
      int d = definition == null ? 0 : definition[i];
      if (r < 0 || r > maxRepetition || d < 0 || d > maxDefinition || (i == 0 && r != 0)) {
        throw new IllegalArgumentException("level " + r + "/" + d + " at entry " + i);
      }
      rows += r == 0 ? 1 : 0;
      values += d == maxDefinition ? 1 : 0;
    }
    return new Levels(repetition, definition, count, rows, values, maxRepetition, maxDefinition);
  }

  /// The levels of a required field of the root.
  public static Levels rows(int rowCount) {
    return new Levels(null, null, rowCount, rowCount, rowCount, 0, 0);
  }

  /// Levels of a repeated field below this one: element `i` here owns elements `[offsets[first +
  /// i], offsets[first + i + 1])` there.
  public Levels repeated(int[] offsets, int first) {
    int elements = valueCount;
    int children = offsets[first + elements] - offsets[first];
    int total = count + children;
    for (int i = 0; i < elements; i++) {
      total -= offsets[first + i + 1] > offsets[first + i] ? 1 : 0;
    }
    byte[] r = new byte[total];
    byte[] d = new byte[total];
    byte newRepetition = (byte) (maxRepetition + 1);
    byte newDefinition = (byte) (maxDefinition + 1);
    int element = first;
    int out = 0;
    for (int i = 0; i < count; i++) {
      byte entryRepetition = repetition == null ? 0 : repetition[i];
      byte entryDefinition = definition == null ? 0 : definition[i];
      r[out] = entryRepetition;
      if (entryDefinition != maxDefinition) {
        d[out++] = entryDefinition;
        continue;
      }
      int n = offsets[element + 1] - offsets[element];
      element++;
      if (n == 0) {
        d[out++] = entryDefinition;
        continue;
      }
      if (n == 1) {
        d[out++] = newDefinition;
        continue;
      }
      Arrays.fill(r, out + 1, out + n, newRepetition);
      Arrays.fill(d, out, out + n, newDefinition);
      out += n;
    }
    return new Levels(r, d, total, rowCount, children, maxRepetition + 1, maxDefinition + 1);
  }

  /// Levels of a repeated field below this one that has no element anywhere.
  public Levels emptyLists() {
    return new Levels(
        repetition == null ? new byte[count] : repetition,
        definition == null ? new byte[count] : definition,
        count,
        rowCount,
        0,
        maxRepetition + 1,
        maxDefinition + 1);
  }

  /// Levels of an optional field below this one: element `i` here has a value if `present[first +
  /// i]` is not 0.
  public Levels optional(byte[] present, int first) {
    byte[] d = new byte[count];
    int element = first;
    int values = 0;
    for (int i = 0; i < count; i++) {
      byte entryDefinition = definition == null ? 0 : definition[i];
      if (entryDefinition == maxDefinition) {
        int plus = present[element++] == 0 ? 0 : 1;
        entryDefinition = (byte) (entryDefinition + plus);
        values += plus;
      }
      d[i] = entryDefinition;
    }
    return new Levels(repetition, d, count, rowCount, values, maxRepetition, maxDefinition + 1);
  }

  /// Levels of an optional field below this one that is null everywhere.
  public Levels nulls() {
    byte[] d = definition == null ? new byte[count] : definition;
    return new Levels(repetition, d, count, rowCount, 0, maxRepetition, maxDefinition + 1);
  }

  /// Entries: values and nulls, an empty list being one null.
  public int count() {
    return count;
  }

  public int rowCount() {
    return rowCount;
  }

  /// Entries that have a value; if the field is a group, its elements.
  public int valueCount() {
    return valueCount;
  }

  public int maxRepetition() {
    return maxRepetition;
  }

  public int maxDefinition() {
    return maxDefinition;
  }

  /// The repetition level of each entry, shared and perhaps longer than [#count]; null if it can
  /// only be 0.
  public byte @Nullable [] repetition() {
    return repetition;
  }

  /// The definition level of each entry, shared and perhaps longer than [#count]; null if it can
  /// only be 0.
  public byte @Nullable [] definition() {
    return definition;
  }

  /// Whether there is a value, 0 or 1, for each element of the field that exists from
  /// `definitionLevel` on, in an array of that many elements. To be asked for the nearest repeated
  /// ancestor of an optional leaf.
  public byte[] presence(int definitionLevel) {
    if (definition == null) {
      byte[] all = new byte[count];
      Arrays.fill(all, (byte) 1);
      return all;
    }
    byte[] present = new byte[count];
    int elements = 0;
    for (int i = 0; i < count; i++) {
      present[elements] = (byte) (definition[i] == maxDefinition ? 1 : 0);
      elements += definition[i] >= definitionLevel ? 1 : 0;
    }
    return elements == count ? present : Arrays.copyOf(present, elements);
  }
}
