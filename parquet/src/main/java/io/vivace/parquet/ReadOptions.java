package io.vivace.parquet;

/// Bounds on what a file may make the reader do.
///
/// @param maxFooterBytes largest footer that is read
/// @param maxPageBytes largest page, before and after decompression
/// @param maxEntries most entries (values and nulls) of one page, and of one read
/// @param maxGapBytes pages that lie at most this far apart are fetched by one read
public record ReadOptions(int maxFooterBytes, int maxPageBytes, int maxEntries, int maxGapBytes) {
  public static final ReadOptions DEFAULT =
      new ReadOptions(256 << 20, 512 << 20, 256 << 20, 64 << 10);
}
