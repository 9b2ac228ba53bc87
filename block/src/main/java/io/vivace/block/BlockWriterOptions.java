package io.vivace.block;

/// How blocks are written.
///
/// @param dedicatedColumns columns of new blocks; what exceeds the format's slots stays generic
/// @param rowGroupSizeBytes a row group ends when its encoded size reaches this
/// @param pageSpanLimit a page ends when its rows hold this many spans
/// @param bloomFalsePositiveRate between 0 and 1
/// @param bloomShardSizeBytes bytes of bits per bloom object
public record BlockWriterOptions(
    DedicatedColumns dedicatedColumns,
    long rowGroupSizeBytes,
    int pageSpanLimit,
    double bloomFalsePositiveRate,
    int bloomShardSizeBytes) {

  /// What is used if nothing is configured. Small pages cost about 6 % of space, and make a trace
  /// lookup, which reads one page of every column, more than twice as fast.
  public static final BlockWriterOptions DEFAULT =
      new BlockWriterOptions(DedicatedColumns.DEFAULT, 100_000_000L, 2048, 0.01, 102_400);

  public BlockWriterOptions {
    if (rowGroupSizeBytes < 1) {
      throw new IllegalArgumentException(
          "rowGroupSizeBytes: " + rowGroupSizeBytes + " (expected: >= 1)");
    }
    if (pageSpanLimit < 1) {
      throw new IllegalArgumentException("pageSpanLimit: " + pageSpanLimit + " (expected: >= 1)");
    }
    if (bloomShardSizeBytes < 1) {
      throw new IllegalArgumentException(
          "bloomShardSizeBytes: " + bloomShardSizeBytes + " (expected: >= 1)");
    }
    if (!(bloomFalsePositiveRate > 0 && bloomFalsePositiveRate < 1)) {
      throw new IllegalArgumentException(
          "bloomFalsePositiveRate: " + bloomFalsePositiveRate + " (expected: between 0 and 1)");
    }
  }

  public BlockWriterOptions withDedicatedColumns(DedicatedColumns columns) {
    return new BlockWriterOptions(
        columns, rowGroupSizeBytes, pageSpanLimit, bloomFalsePositiveRate, bloomShardSizeBytes);
  }

  public BlockWriterOptions withRowGroupSizeBytes(long bytes) {
    return new BlockWriterOptions(
        dedicatedColumns, bytes, pageSpanLimit, bloomFalsePositiveRate, bloomShardSizeBytes);
  }

  public BlockWriterOptions withPageSpanLimit(int spans) {
    return new BlockWriterOptions(
        dedicatedColumns, rowGroupSizeBytes, spans, bloomFalsePositiveRate, bloomShardSizeBytes);
  }
}
