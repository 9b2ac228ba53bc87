package io.vivace.parquet;

import org.jspecify.annotations.Nullable;

/// Which elements of a repeated field belong to which element of the repeated field around it (or
/// row): parent `p` owns elements `[offsets[p], offsets[p + 1])`.
///
/// @param offsets shared, at least `parentCount + 1` long
public record ListOffsets(int[] offsets, int parentCount, int elementCount) {
  /// The lists that the `repetitionLevel`-th repeated field (from 1) on the path of `leaf` makes,
  /// from the levels of that leaf.
  public static ListOffsets of(Levels levels, ParquetLeaf leaf, int repetitionLevel) {
    return of(
        levels,
        repetitionLevel,
        leaf.definitionLevelOf(repetitionLevel - 1),
        leaf.definitionLevelOf(repetitionLevel));
  }

  /// @param repetitionLevel of the repeated field, from 1
  /// @param parentDefinition the definition level from which on a parent exists
  /// @param elementDefinition the definition level from which on an element exists
  public static ListOffsets of(
      Levels levels, int repetitionLevel, int parentDefinition, int elementDefinition) {
    int count = levels.count();
    byte @Nullable [] repetition = levels.repetition();
    byte @Nullable [] definition = levels.definition();
    if (repetition == null || definition == null) {
      throw new IllegalArgumentException("a column without repeated fields has no lists");
    }
    int[] offsets = new int[count + 1];
    int parents = 0;
    int elements = 0;
    // Writes each time and moves on only where a parent starts, so that there is no branch to miss.
    for (int i = 0; i < count; i++) {
      int r = repetition[i];
      int d = definition[i];
      offsets[parents] = elements;
      // Each term is 1 or 0: the sign bit of a difference that is negative when it does not hold.
      parents += (~((repetitionLevel - 1 - r) | (d - parentDefinition))) >>> 31;
      elements += (~((repetitionLevel - r) | (d - elementDefinition))) >>> 31;
    }
    offsets[parents] = elements;
    return new ListOffsets(offsets, parents, elements);
  }
}
