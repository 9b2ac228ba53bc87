package io.vivace.block;

import io.vivace.batch.Level;
import io.vivace.parquet.ParquetLeaf;
import io.vivace.parquet.ParquetSchema;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The leaves of a block: a function of its version and dedicated columns. Immutable.
public final class BlockSchema {
  private final BlockFormat format;
  private final ParquetSchema parquet;
  private final List<SchemaLeaf> leaves;
  private final Map<LeafRole, SchemaLeaf> byRole;
  private final List<LeafRole.Attribute> attributeColumns;

  BlockSchema(BlockFormat format, ParquetSchema parquet, List<SchemaLeaf> leaves) {
    this.format = format;
    this.parquet = parquet;
    this.leaves = List.copyOf(leaves);
    this.byRole = new HashMap<>();
    for (SchemaLeaf leaf : leaves) {
      if (!(leaf.role() instanceof LeafRole.Unused)) {
        byRole.put(leaf.role(), leaf);
      }
    }
    this.attributeColumns =
        leaves.stream()
            .map(SchemaLeaf::role)
            .filter(LeafRole.Attribute.class::isInstance)
            .map(LeafRole.Attribute.class::cast)
            .sorted(Comparator.comparingInt(LeafRole.Attribute::order))
            .toList();
  }

  /// The schema of blocks of this version.
  ///
  /// @throws IOException if the version cannot be read (yet)
  public static BlockSchema of(BlockFormat format, DedicatedColumns columns) throws IOException {
    return switch (format) {
      case VPARQUET5 -> VParquet5.schema(columns);
      case VPARQUET3, VPARQUET4 ->
          throw new IOException("block format " + format.text() + " is not supported yet");
    };
  }

  public BlockFormat format() {
    return format;
  }

  public ParquetSchema parquet() {
    return parquet;
  }

  List<SchemaLeaf> leaves() {
    return leaves;
  }

  /// The leaf with this role, or null if this version has none.
  @Nullable SchemaLeaf find(LeafRole role) {
    return byRole.get(role);
  }

  /// The leaf with this role.
  SchemaLeaf leaf(LeafRole role) {
    SchemaLeaf leaf = byRole.get(role);
    if (leaf == null) {
      throw new IllegalArgumentException(format.text() + " has no " + role);
    }
    return leaf;
  }

  /// All attributes with columns of their own, in the order in which they come back.
  List<LeafRole.Attribute> attributeColumns() {
    return attributeColumns;
  }

  /// Those of one owner.
  List<LeafRole.Attribute> attributeColumns(Level owner) {
    return attributeColumns.stream().filter(column -> column.owner() == owner).toList();
  }

  /// Checks that a file has exactly these leaves.
  void check(ParquetSchema file, String source) throws IOException {
    if (file.leafCount() != parquet.leafCount()) {
      throw new IOException(
          source
              + ": "
              + file.leafCount()
              + " columns (expected: "
              + parquet.leafCount()
              + " for "
              + format.text()
              + " with these dedicated columns)");
    }
    for (int i = 0; i < leaves.size(); i++) {
      ParquetLeaf expected = leaves.get(i).leaf();
      ParquetLeaf actual = file.leaf(i);
      if (!actual.dottedPath().equals(expected.dottedPath())
          || actual.type() != expected.type()
          || actual.maxRepetitionLevel() != expected.maxRepetitionLevel()
          || actual.maxDefinitionLevel() != expected.maxDefinitionLevel()) {
        throw new IOException(
            source
                + ": column "
                + i
                + " is "
                + actual.dottedPath()
                + " "
                + actual.type()
                + " (expected: "
                + expected.dottedPath()
                + " "
                + expected.type()
                + ")");
      }
    }
  }
}
