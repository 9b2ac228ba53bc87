package io.vivace.parquet;

import java.util.List;

/// What a writer has written.
///
/// @param sizeBytes of the whole file
/// @param footerBytes the Thrift footer without its length and the closing magic
public record WrittenFile(
    long sizeBytes, int footerBytes, long rowCount, List<WrittenRowGroup> rowGroups) {
  /// @param offset of its first byte in the file
  /// @param compressedBytes pages with their headers
  /// @param uncompressedBytes the same before compression
  public record WrittenRowGroup(
      int rowCount, long offset, long compressedBytes, long uncompressedBytes) {}
}
