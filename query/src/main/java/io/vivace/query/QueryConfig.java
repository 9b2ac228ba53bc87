package io.vivace.query;

import java.time.Duration;

/// Bounds of queries (`query_frontend` and `querier` of the configuration).
///
/// @param defaultResultLimit traces of a search that names no limit
/// @param maxResultLimit largest limit of a search; 0 for no bound
/// @param defaultSpansPerSpanSet spans per span set of a search that names none
/// @param maxSpansPerSpanSet largest number that may be asked for; 0 for no bound
/// @param maxSearchDuration longest time range of a search; zero for no bound
/// @param queryBackendAfter how far back a search without time range looks
/// @param queryEndCutoff how far before now a range ends at the latest; zero (the default) shows
///   the newest spans
/// @param maxQueryExpressionBytes longest TraceQL text
/// @param searchTimeout longest run of a search
/// @param traceByIdTimeout longest run of a trace lookup
/// @param maxConcurrentQueries queries that run at the same time; others wait
/// @param maxQueuedQueries queries that may wait; more are refused
/// @param maxBytesPerQuery memory that one query may hold
/// @param metrics bounds of metrics queries
public record QueryConfig(
    int defaultResultLimit,
    int maxResultLimit,
    int defaultSpansPerSpanSet,
    int maxSpansPerSpanSet,
    Duration maxSearchDuration,
    Duration queryBackendAfter,
    Duration queryEndCutoff,
    int maxQueryExpressionBytes,
    Duration searchTimeout,
    Duration traceByIdTimeout,
    int maxConcurrentQueries,
    int maxQueuedQueries,
    long maxBytesPerQuery,
    MetricsConfig metrics) {

  /// With the default bounds of metrics queries.
  public QueryConfig(
      int defaultResultLimit,
      int maxResultLimit,
      int defaultSpansPerSpanSet,
      int maxSpansPerSpanSet,
      Duration maxSearchDuration,
      Duration queryBackendAfter,
      Duration queryEndCutoff,
      int maxQueryExpressionBytes,
      Duration searchTimeout,
      Duration traceByIdTimeout,
      int maxConcurrentQueries,
      int maxQueuedQueries,
      long maxBytesPerQuery) {
    this(
        defaultResultLimit,
        maxResultLimit,
        defaultSpansPerSpanSet,
        maxSpansPerSpanSet,
        maxSearchDuration,
        queryBackendAfter,
        queryEndCutoff,
        maxQueryExpressionBytes,
        searchTimeout,
        traceByIdTimeout,
        maxConcurrentQueries,
        maxQueuedQueries,
        maxBytesPerQuery,
        MetricsConfig.defaults());
  }

  /// The defaults of Tempo, with the newest spans visible at once.
  public static QueryConfig defaults() {
    int cores = Runtime.getRuntime().availableProcessors();
    int concurrent = Math.max(2, cores);
    return new QueryConfig(
        20,
        262_144,
        3,
        100,
        Duration.ofHours(168),
        Duration.ofMinutes(15),
        Duration.ZERO,
        131_072,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        concurrent,
        2000,
        Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 3 / concurrent));
  }
}
