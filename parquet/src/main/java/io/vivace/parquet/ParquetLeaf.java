package io.vivace.parquet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column: a leaf of the schema with its place in the tree.
///
/// @param index position among the leaves in file order
/// @param path field names from below the root to the leaf
/// @param dottedPath the same joined by dots
/// @param typeLengthBytes length of a FIXED_LEN_BYTE_ARRAY, else 0
/// @param maxRepetitionLevel repeated fields on the path
/// @param maxDefinitionLevel repeated and optional fields on the path
/// @param repeatedDefinitionLevels element `r` (from 1) is the definition level from which on an
///   element of the `r`-th repeated field of the path exists; element 0 is 0
public record ParquetLeaf(
    int index,
    List<String> path,
    String dottedPath,
    Repetition repetition,
    PhysicalType type,
    int typeLengthBytes,
    @Nullable LogicalType logicalType,
    int maxRepetitionLevel,
    int maxDefinitionLevel,
    List<Integer> repeatedDefinitionLevels) {
  /// The definition level from which on an element of the `repetitionLevel`-th repeated field
  /// exists; 0 for the row itself.
  public int definitionLevelOf(int repetitionLevel) {
    return repeatedDefinitionLevels.get(repetitionLevel);
  }

  /// Whether the bounds of this column are ordered as unsigned numbers.
  public boolean unsigned() {
    return logicalType instanceof LogicalType.IntegerType integer && !integer.signed();
  }
}
