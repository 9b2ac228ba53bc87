package io.vivace.parquet;

/// Bounds on what a file may make the reader do.
///
/// @param maxFooterBytes largest footer that is read
/// @param maxPageBytes largest page, before and after decompression
/// @param maxEntries most entries (values and nulls) of one page, and of one read
/// @param maxGapBytes pages that lie at most this far apart are fetched by one read
/// @param verifyChecksums whether pages that have a CRC are checked against it
public record ReadOptions(
    int maxFooterBytes,
    int maxPageBytes,
    int maxEntries,
    int maxGapBytes,
    boolean verifyChecksums) {
  public static final ReadOptions DEFAULT =
      new ReadOptions(256 << 20, 512 << 20, 128 << 20, 64 << 10, true);
}
