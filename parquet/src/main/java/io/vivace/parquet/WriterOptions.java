package io.vivace.parquet;

/// @param pageRowLimit rows after which a page is cut
/// @param pageSizeBytes size of levels and values, before compression, after which a page is cut; a
///   row is never split, so a page may be larger
/// @param indexBoundBytes longest bound in the column index
/// @param statisticsBoundBytes longest bound in the statistics of a column chunk
/// @param checksums whether pages carry a CRC
public record WriterOptions(
    int pageRowLimit,
    int pageSizeBytes,
    int indexBoundBytes,
    int statisticsBoundBytes,
    boolean checksums,
    String createdBy) {
  public static final WriterOptions DEFAULT =
      new WriterOptions(5_000, 256 << 10, 16, 256, false, "vivace");

  public WriterOptions {
    if (pageRowLimit < 1 || pageSizeBytes < 1 || indexBoundBytes < 1 || statisticsBoundBytes < 1) {
      throw new IllegalArgumentException("limits of a page are at least 1");
    }
  }

  public WriterOptions withPageRowLimit(int rows) {
    return new WriterOptions(
        rows, pageSizeBytes, indexBoundBytes, statisticsBoundBytes, checksums, createdBy);
  }

  public WriterOptions withPageSizeBytes(int bytes) {
    return new WriterOptions(
        pageRowLimit, bytes, indexBoundBytes, statisticsBoundBytes, checksums, createdBy);
  }

  public WriterOptions withChecksums() {
    return new WriterOptions(
        pageRowLimit, pageSizeBytes, indexBoundBytes, statisticsBoundBytes, true, createdBy);
  }
}
