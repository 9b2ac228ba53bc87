package io.vivace.ingest;

/// Settings of the distributor.
///
/// @param maxAttributeBytes longest attribute key or string value for tenants without a limit of
///   their own; longer ones are cut; 0 = no limit
/// @param maxRecordBytes largest log record; larger pushes are split
public record DistributorConfig(int maxAttributeBytes, int maxRecordBytes) {
  public static final int DEFAULT_MAX_ATTRIBUTE_BYTES = 2048;

  /// The largest record that fits into Kafka's default message size with its overhead.
  public static final int DEFAULT_MAX_RECORD_BYTES = 15_983_616;

  public static final DistributorConfig DEFAULTS =
      new DistributorConfig(DEFAULT_MAX_ATTRIBUTE_BYTES, DEFAULT_MAX_RECORD_BYTES);

  public DistributorConfig {
    if (maxAttributeBytes < 0) {
      throw new IllegalArgumentException(
          "maxAttributeBytes: " + maxAttributeBytes + " (expected: >= 0)");
    }
    if (maxRecordBytes < 1024) {
      throw new IllegalArgumentException(
          "maxRecordBytes: " + maxRecordBytes + " (expected: >= 1024)");
    }
  }
}
