package io.vivace.parquet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field of a schema as the file states it: a group of fields or a leaf.
public sealed interface ParquetField {
  String name();

  Repetition repetition();

  @Nullable LogicalType logicalType();

  /// @param fields the children in file order; at least one
  record Group(
      String name,
      Repetition repetition,
      @Nullable LogicalType logicalType,
      List<ParquetField> fields)
      implements ParquetField {
    public Group {
      fields = List.copyOf(fields);
    }
  }

  /// @param typeLengthBytes length of a FIXED_LEN_BYTE_ARRAY, else 0
  record Leaf(
      String name,
      Repetition repetition,
      @Nullable LogicalType logicalType,
      PhysicalType type,
      int typeLengthBytes)
      implements ParquetField {}
}
