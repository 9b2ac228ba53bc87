package io.vivace.parquet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the footer says of a column chunk that was written.
///
/// @param dictionaryPageOffset -1 if there is none
/// @param encodings numbers of all encodings used
/// @param min shortened, or null
/// @param columnIndex encoded, or null if there is none
/// @param offsetIndex encoded
record WrittenChunk(
    ParquetLeaf leaf,
    Codec codec,
    long entryCount,
    long nullCount,
    long compressedBytes,
    long uncompressedBytes,
    long dataPageOffset,
    long dictionaryPageOffset,
    List<Integer> encodings,
    byte @Nullable [] min,
    boolean minExact,
    byte @Nullable [] max,
    boolean maxExact,
    byte @Nullable [] columnIndex,
    byte[] offsetIndex) {
  long offset() {
    return dictionaryPageOffset >= 0 ? dictionaryPageOffset : dataPageOffset;
  }
}
