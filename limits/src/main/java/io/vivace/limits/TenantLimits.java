package io.vivace.limits;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All overrides of one tenant, grouped as the configuration groups them. In every group 0 means
/// "unlimited", "off" or "use the global setting" as the component says, except for the rate and
/// burst, where 0 lets nothing through. Immutable.
///
/// @param ingestion what may come in
/// @param read bounds of queries
/// @param compaction retention and compaction
/// @param metricsGenerator the raw scoped keys below `metrics_generator`, uninterpreted; nested
///   maps and lists as parsed
/// @param forwarders names of forwarders that get a copy
/// @param global limits that hold everywhere
/// @param storage how blocks are laid out
/// @param costAttribution who pays
public record TenantLimits(
    Ingestion ingestion,
    Read read,
    Compaction compaction,
    Map<String, Object> metricsGenerator,
    List<String> forwarders,
    Global global,
    Storage storage,
    CostAttribution costAttribution) {

  /// The values that hold where nothing is configured.
  public static final TenantLimits DEFAULTS =
      new TenantLimits(
          Ingestion.DEFAULTS,
          Read.DEFAULTS,
          Compaction.DEFAULTS,
          Map.of(),
          List.of(),
          Global.DEFAULTS,
          Storage.DEFAULTS,
          CostAttribution.DEFAULTS);

  public TenantLimits {
    metricsGenerator = Map.copyOf(metricsGenerator);
    forwarders = List.copyOf(forwarders);
  }

  public TenantLimits withIngestion(Ingestion newIngestion) {
    return new TenantLimits(
        newIngestion,
        read,
        compaction,
        metricsGenerator,
        forwarders,
        global,
        storage,
        costAttribution);
  }

  public TenantLimits withRead(Read newRead) {
    return new TenantLimits(
        ingestion,
        newRead,
        compaction,
        metricsGenerator,
        forwarders,
        global,
        storage,
        costAttribution);
  }

  public TenantLimits withCompaction(Compaction newCompaction) {
    return new TenantLimits(
        ingestion,
        read,
        newCompaction,
        metricsGenerator,
        forwarders,
        global,
        storage,
        costAttribution);
  }

  public TenantLimits withGlobal(Global newGlobal) {
    return new TenantLimits(
        ingestion,
        read,
        compaction,
        metricsGenerator,
        forwarders,
        newGlobal,
        storage,
        costAttribution);
  }

  public TenantLimits withStorage(Storage newStorage) {
    return new TenantLimits(
        ingestion,
        read,
        compaction,
        metricsGenerator,
        forwarders,
        global,
        newStorage,
        costAttribution);
  }

  /// How the ingestion rate is meant when several processes take pushes.
  public enum RateStrategy {
    /// Each process applies the whole rate.
    LOCAL,
    /// The rate is divided by the number of healthy processes.
    GLOBAL
  }

  /// `ingestion.*`.
  ///
  /// @param rateStrategy only the value of the defaults counts
  /// @param rateLimitBytes bytes per second of decoded requests
  /// @param burstSizeBytes bytes that may come at once; never divided
  /// @param maxTracesPerUser live traces per process; 0 = no limit
  /// @param maxGlobalTracesPerUser only exported as a metric
  /// @param tenantShardSize partitions that the tenant uses; 0 = all
  /// @param maxAttributeBytes longest attribute key or string value, more is cut; 0 = the
  ///   distributor's setting
  /// @param artificialDelay null = the distributor's setting
  /// @param retryInfoEnabled whether a refusal says when to come back
  public record Ingestion(
      RateStrategy rateStrategy,
      long rateLimitBytes,
      long burstSizeBytes,
      int maxTracesPerUser,
      int maxGlobalTracesPerUser,
      int tenantShardSize,
      int maxAttributeBytes,
      @Nullable Duration artificialDelay,
      boolean retryInfoEnabled) {
    public static final Ingestion DEFAULTS =
        new Ingestion(RateStrategy.LOCAL, 30_000_000, 30_000_000, 10_000, 0, 0, 0, null, true);

    public Ingestion withRate(long bytesPerSecond, long burstBytes) {
      return new Ingestion(
          rateStrategy,
          bytesPerSecond,
          burstBytes,
          maxTracesPerUser,
          maxGlobalTracesPerUser,
          tenantShardSize,
          maxAttributeBytes,
          artificialDelay,
          retryInfoEnabled);
    }

    public Ingestion withRateStrategy(RateStrategy newRateStrategy) {
      return new Ingestion(
          newRateStrategy,
          rateLimitBytes,
          burstSizeBytes,
          maxTracesPerUser,
          maxGlobalTracesPerUser,
          tenantShardSize,
          maxAttributeBytes,
          artificialDelay,
          retryInfoEnabled);
    }

    public Ingestion withMaxTracesPerUser(int newMaxTracesPerUser) {
      return new Ingestion(
          rateStrategy,
          rateLimitBytes,
          burstSizeBytes,
          newMaxTracesPerUser,
          maxGlobalTracesPerUser,
          tenantShardSize,
          maxAttributeBytes,
          artificialDelay,
          retryInfoEnabled);
    }

    public Ingestion withMaxAttributeBytes(int newMaxAttributeBytes) {
      return new Ingestion(
          rateStrategy,
          rateLimitBytes,
          burstSizeBytes,
          maxTracesPerUser,
          maxGlobalTracesPerUser,
          tenantShardSize,
          newMaxAttributeBytes,
          artificialDelay,
          retryInfoEnabled);
    }

    public Ingestion withRetryInfoEnabled(boolean newRetryInfoEnabled) {
      return new Ingestion(
          rateStrategy,
          rateLimitBytes,
          burstSizeBytes,
          maxTracesPerUser,
          maxGlobalTracesPerUser,
          tenantShardSize,
          maxAttributeBytes,
          artificialDelay,
          newRetryInfoEnabled);
    }
  }

  /// `read.*`.
  ///
  /// @param maxBytesPerTagValuesQuery longest answer of a tag or tag value query
  /// @param maxBlocksPerTagValuesQuery 0 = unlimited
  /// @param maxConditionGroupsPerTagQuery only the value of the defaults counts
  /// @param maxSearchDuration zero = the front end's setting
  /// @param maxMetricsDuration zero = the front end's setting
  /// @param leftPadTraceIds 32-digit ids in search answers
  public record Read(
      int maxBytesPerTagValuesQuery,
      int maxBlocksPerTagValuesQuery,
      int maxConditionGroupsPerTagQuery,
      Duration maxSearchDuration,
      Duration maxMetricsDuration,
      boolean unsafeQueryHints,
      boolean leftPadTraceIds,
      @Nullable Boolean metricsSpanOnlyFetch,
      boolean spanPruningAwareness,
      @Nullable Boolean engineBytesTracking,
      @Nullable Boolean spanPruningEnabled) {
    public static final Read DEFAULTS =
        new Read(
            1_000_000, 0, 100, Duration.ZERO, Duration.ZERO, false, false, null, false, null, null);
  }

  /// `compaction.*`.
  ///
  /// @param blockRetention zero = the global retention
  /// @param compactionWindow zero = the global window
  /// @param compactionDisabled also disables retention
  public record Compaction(
      Duration blockRetention, Duration compactionWindow, boolean compactionDisabled) {
    public static final Compaction DEFAULTS = new Compaction(Duration.ZERO, Duration.ZERO, false);
  }

  /// `global.*`.
  ///
  /// @param maxBytesPerTrace OTLP bytes that one trace may have; 0 = no limit
  public record Global(long maxBytesPerTrace) {
    public static final Global DEFAULTS = new Global(5_000_000);
  }

  /// `storage.*`.
  ///
  /// @param parquetDedicatedColumns null = the global list; otherwise replaces it, also if empty
  public record Storage(@Nullable List<DedicatedColumn> parquetDedicatedColumns) {
    public static final Storage DEFAULTS = new Storage(null);

    public Storage {
      parquetDedicatedColumns =
          parquetDedicatedColumns == null ? null : List.copyOf(parquetDedicatedColumns);
    }
  }

  /// One attribute that gets a column of its own.
  ///
  /// @param scope `resource`, `span` or `event`
  /// @param name the attribute's key
  /// @param type `string` or `int`
  /// @param options as configured, e.g. `array`, `blob`
  public record DedicatedColumn(String scope, String name, String type, List<String> options) {
    public DedicatedColumn {
      options = List.copyOf(options);
    }
  }

  /// `cost_attribution.*`.
  ///
  /// @param dimensions attribute (maybe with `resource.` or `span.` before it) → label
  public record CostAttribution(int maxCardinality, Map<String, String> dimensions) {
    public static final CostAttribution DEFAULTS = new CostAttribution(0, Map.of());

    public CostAttribution {
      dimensions = Map.copyOf(dimensions);
    }
  }
}
