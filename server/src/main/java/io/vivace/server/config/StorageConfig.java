package io.vivace.server.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `storage.trace.*`.
///
/// @param localPath folder of the blocks
/// @param bloomFalsePositive wanted share of false positives of the trace id filter
/// @param bloomShardBytes size of one filter object
/// @param rowGroupBytes encoded bytes at which a row group ends
/// @param dedicatedColumns attributes with columns of their own, or null for the built-in list
public record StorageConfig(
    Path localPath,
    double bloomFalsePositive,
    int bloomShardBytes,
    long rowGroupBytes,
    @Nullable List<DedicatedColumnConfig> dedicatedColumns) {

  /// One attribute with a column of its own.
  public record DedicatedColumnConfig(
      String scope, String name, String type, List<String> options) {
    public DedicatedColumnConfig {
      options = List.copyOf(options);
    }

    /// The columns that `key` lists, or null if it is not set.
    static @Nullable List<DedicatedColumnConfig> list(Section section, String key) {
      if (!section.isSet(key)) {
        return null;
      }
      return section.sections(key).stream().map(DedicatedColumnConfig::from).toList();
    }

    private static DedicatedColumnConfig from(Section column) {
      String name = column.string("name");
      if (name.isEmpty() || column.string("scope").isEmpty()) {
        column.error("name", "a dedicated column needs a scope and a name");
      }
      String type = column.string("type");
      return new DedicatedColumnConfig(
          column.string("scope"),
          name,
          type.isEmpty() ? "string" : type,
          column.strings("options"));
    }
  }

  static StorageConfig from(Section trace) {
    String backend = trace.string("backend");
    if (!backend.equals("local")) {
      trace.error(
          "backend", "'" + backend + "': this object store is not there yet (expected: local)");
    }
    Section block = trace.section("block");
    warnAboutVersion(block);
    double falsePositive = block.decimal("bloom_filter_false_positive");
    if (!(falsePositive > 0 && falsePositive < 1)) {
      block.error("bloom_filter_false_positive", falsePositive + " (expected: between 0 and 1)");
    }
    String path = trace.section("local").string("path");
    return new StorageConfig(
        Path.of(path.isEmpty() ? "./data/blocks" : path),
        falsePositive,
        block.intBetween("bloom_filter_shard_size_bytes", 1, 1 << 30),
        Math.max(1, block.sizeBytes("parquet_row_group_size_bytes")),
        DedicatedColumnConfig.list(block, "parquet_dedicated_columns"));
  }

  private static void warnAboutVersion(Section block) {
    String version = block.string("version");
    switch (version) {
      case "vParquet5" -> {}
      case "vParquet4", "vParquet3" ->
          block.warning("version", version + ": blocks are written as vParquet5");
      case "vParquet", "vParquet2", "v2" ->
          block.warning(
              "version",
              version
                  + ": blocks are written as vParquet5; blocks of this old version cannot be read");
      default -> block.error("version", "'" + version + "' (expected: vParquet5)");
    }
  }
}
