package io.vivace.parquet;

/// How a column chunk is written.
///
/// @param compressionLevel for ZSTD; others ignore it
/// @param bounds whether smallest and largest values are stored (chunk statistics and column index)
public record ColumnOptions(Encoding encoding, Codec codec, int compressionLevel, boolean bounds) {
  /// The level that costs least and still halves what Snappy leaves of level streams.
  public static final int DEFAULT_COMPRESSION_LEVEL = 1;

  /// ZSTD with bounds.
  public static ColumnOptions of(Encoding encoding) {
    return new ColumnOptions(encoding, Codec.ZSTD, DEFAULT_COMPRESSION_LEVEL, true);
  }

  public ColumnOptions withCodec(Codec newCodec) {
    return new ColumnOptions(encoding, newCodec, compressionLevel, bounds);
  }

  public ColumnOptions withEncoding(Encoding newEncoding) {
    return new ColumnOptions(newEncoding, codec, compressionLevel, bounds);
  }

  public ColumnOptions withCompressionLevel(int level) {
    return new ColumnOptions(encoding, codec, level, bounds);
  }

  public ColumnOptions withoutBounds() {
    return new ColumnOptions(encoding, codec, compressionLevel, false);
  }

  void check(ParquetLeaf leaf) {
    boolean fits =
        switch (encoding) {
          case PLAIN ->
              switch (leaf.type()) {
                case BOOLEAN, INT32, INT64, DOUBLE, BYTE_ARRAY -> true;
                case INT96, FLOAT, FIXED_LEN_BYTE_ARRAY -> false;
              };
          case DELTA_BINARY_PACKED ->
              leaf.type() == PhysicalType.INT32 || leaf.type() == PhysicalType.INT64;
          case DELTA_LENGTH_BYTE_ARRAY, DICTIONARY -> leaf.type() == PhysicalType.BYTE_ARRAY;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "column " + leaf.dottedPath() + ": " + leaf.type() + " cannot be written as " + encoding);
    }
  }
}
