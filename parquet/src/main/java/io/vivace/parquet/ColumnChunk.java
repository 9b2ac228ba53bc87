package io.vivace.parquet;

/// Where a column of a row group is and how it is stored.
///
/// @param entryCount values and nulls
/// @param offset of its first byte in the file (the dictionary page, if there is one)
/// @param compressedBytes pages with their headers
/// @param uncompressedBytes the same before compression
/// @param dictionaryPageOffset -1 if there is none
/// @param offsetIndexOffset -1 if there is none
/// @param columnIndexOffset -1 if there is none
/// @param statistics bounds and nulls of the whole chunk
public record ColumnChunk(
    ParquetLeaf leaf,
    Codec codec,
    long entryCount,
    long offset,
    long compressedBytes,
    long uncompressedBytes,
    long dataPageOffset,
    long dictionaryPageOffset,
    long offsetIndexOffset,
    int offsetIndexBytes,
    long columnIndexOffset,
    int columnIndexBytes,
    Bounds statistics) {}
