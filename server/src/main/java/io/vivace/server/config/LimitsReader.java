package io.vivace.server.config;

import io.vivace.limits.TenantLimits;
import io.vivace.limits.TenantLimits.Compaction;
import io.vivace.limits.TenantLimits.CostAttribution;
import io.vivace.limits.TenantLimits.DedicatedColumn;
import io.vivace.limits.TenantLimits.Global;
import io.vivace.limits.TenantLimits.Ingestion;
import io.vivace.limits.TenantLimits.RateStrategy;
import io.vivace.limits.TenantLimits.Read;
import io.vivace.limits.TenantLimits.Storage;
import io.vivace.server.config.StorageConfig.DedicatedColumnConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Reads the overrides of one tenant, or the defaults. A key that is not set keeps the value of
/// `base`; a key that is set to 0 is 0.
final class LimitsReader {
  /// What an entry inherits where inheritance is switched off.
  static final TenantLimits ZERO =
      TenantLimits.DEFAULTS
          .withIngestion(new Ingestion(RateStrategy.LOCAL, 0, 0, 0, 0, 0, 0, null, true))
          .withRead(
              new Read(
                  0, 0, 0, Duration.ZERO, Duration.ZERO, false, false, null, false, null, null))
          .withGlobal(new Global(0));

  private LimitsReader() {}

  static TenantLimits read(Section limits, TenantLimits base) {
    return new TenantLimits(
        ingestion(limits.section("ingestion"), base.ingestion()),
        read(limits.section("read"), base.read()),
        compaction(limits.section("compaction"), base.compaction()),
        limits.isSet("metrics_generator")
            ? limits.section("metrics_generator").dump(true, false)
            : base.metricsGenerator(),
        limits.isSet("forwarders") ? limits.strings("forwarders") : base.forwarders(),
        limits.section("global").isSet("max_bytes_per_trace")
            ? new Global(limits.section("global").sizeBytes("max_bytes_per_trace"))
            : base.global(),
        storage(limits.section("storage"), base.storage()),
        costAttribution(limits.section("cost_attribution"), base.costAttribution()));
  }

  private static Ingestion ingestion(Section section, Ingestion base) {
    boolean hasStrategy = section.isSet("rate_strategy");
    return new Ingestion(
        hasStrategy
            ? (section.string("rate_strategy").equals("global")
                ? RateStrategy.GLOBAL
                : RateStrategy.LOCAL)
            : base.rateStrategy(),
        section.isSet("rate_limit_bytes")
            ? section.sizeBytes("rate_limit_bytes")
            : base.rateLimitBytes(),
        section.isSet("burst_size_bytes")
            ? section.sizeBytes("burst_size_bytes")
            : base.burstSizeBytes(),
        integer(section, "max_traces_per_user", base.maxTracesPerUser()),
        integer(section, "max_global_traces_per_user", base.maxGlobalTracesPerUser()),
        integer(section, "tenant_shard_size", base.tenantShardSize()),
        integer(section, "max_attribute_bytes", base.maxAttributeBytes()),
        section.isSet("artificial_delay")
            ? section.duration("artificial_delay")
            : base.artificialDelay(),
        section.isSet("retry_info_enabled")
            ? section.bool("retry_info_enabled")
            : base.retryInfoEnabled());
  }

  private static Read read(Section section, Read base) {
    return new Read(
        integer(section, "max_bytes_per_tag_values_query", base.maxBytesPerTagValuesQuery()),
        integer(section, "max_blocks_per_tag_values_query", base.maxBlocksPerTagValuesQuery()),
        integer(
            section, "max_condition_groups_per_tag_query", base.maxConditionGroupsPerTagQuery()),
        section.isSet("max_search_duration")
            ? section.duration("max_search_duration")
            : base.maxSearchDuration(),
        section.isSet("max_metrics_duration")
            ? section.duration("max_metrics_duration")
            : base.maxMetricsDuration(),
        section.isSet("unsafe_query_hints")
            ? section.bool("unsafe_query_hints")
            : base.unsafeQueryHints(),
        section.isSet("left_pad_trace_ids")
            ? section.bool("left_pad_trace_ids")
            : base.leftPadTraceIds(),
        base.metricsSpanOnlyFetch(),
        base.spanPruningAwareness(),
        base.engineBytesTracking(),
        base.spanPruningEnabled());
  }

  private static Compaction compaction(Section section, Compaction base) {
    return new Compaction(
        section.isSet("block_retention")
            ? section.duration("block_retention")
            : base.blockRetention(),
        section.isSet("compaction_window")
            ? section.duration("compaction_window")
            : base.compactionWindow(),
        section.isSet("compaction_disabled")
            ? section.bool("compaction_disabled")
            : base.compactionDisabled());
  }

  private static Storage storage(Section section, Storage base) {
    List<DedicatedColumnConfig> columns =
        DedicatedColumnConfig.list(section, "parquet_dedicated_columns");
    if (columns == null) {
      return base;
    }
    return new Storage(
        columns.stream()
            .map(column ->
                new DedicatedColumn(column.scope(), column.name(), column.type(), column.options()))
            .toList());
  }

  private static CostAttribution costAttribution(Section section, CostAttribution base) {
    Map<String, String> dimensions =
        section.isSet("dimensions") ? section.map("dimensions") : base.dimensions();
    return new CostAttribution(
        integer(section, "max_cardinality", base.maxCardinality()), dimensions);
  }

  private static int integer(Section section, String key, int inherited) {
    return section.isSet(key) ? section.intBetween(key, 0, Integer.MAX_VALUE) : inherited;
  }
}
