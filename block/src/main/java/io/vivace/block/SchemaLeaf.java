package io.vivace.block;

import io.vivace.parquet.ColumnOptions;
import io.vivace.parquet.ParquetLeaf;

/// A leaf of a block's schema.
///
/// @param leaf where it stands
/// @param options how it is written
record SchemaLeaf(ParquetLeaf leaf, LeafRole role, ColumnOptions options) {}
