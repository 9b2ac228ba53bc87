package io.vivace.server.config;

import java.time.Duration;

/// `query_frontend.*` and `querier.*`.
///
/// @param apiTimeout longest run of any API request; zero for no limit beyond the query timeouts
/// @param maxConcurrentQueries 0 to derive it from the cores
/// @param multiTenantQueries whether `a|b` in the tenant header reads both
public record QuerySettings(
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
    Duration apiTimeout,
    int maxConcurrentQueries,
    int maxQueuedQueries,
    Duration maxMetricsDuration,
    int maxMetricsIntervals,
    int maxExemplars,
    int maxResponseSeries,
    boolean multiTenantQueries) {

  static QuerySettings from(Section root) {
    Section frontend = root.section("query_frontend");
    Section search = frontend.section("search");
    Section metrics = frontend.section("metrics");
    Section querier = root.section("querier");
    Duration timeout = search.duration("timeout");
    return new QuerySettings(
        search.intBetween("default_result_limit", 1, Integer.MAX_VALUE),
        search.intBetween("max_result_limit", 0, Integer.MAX_VALUE),
        search.intBetween("default_spans_per_span_set", 0, Integer.MAX_VALUE),
        search.intBetween("max_spans_per_span_set", 0, Integer.MAX_VALUE),
        search.duration("max_duration"),
        search.duration("query_backend_after"),
        frontend.duration("query_end_cutoff"),
        frontend.intBetween("max_query_expression_size_bytes", 0, Integer.MAX_VALUE),
        timeout.isZero() ? querier.section("search").duration("query_timeout") : timeout,
        querier.section("trace_by_id").duration("query_timeout"),
        frontend.duration("api_timeout"),
        querier.isSet("max_concurrent_queries")
            ? querier.intBetween("max_concurrent_queries", 1, 100_000)
            : 0,
        frontend.intBetween("max_outstanding_per_tenant", 0, Integer.MAX_VALUE),
        metrics.duration("max_duration"),
        metrics.intBetween("max_intervals", 0, Integer.MAX_VALUE),
        metrics.intBetween("max_exemplars", 0, Integer.MAX_VALUE),
        metrics.intBetween("max_response_series", 0, Integer.MAX_VALUE),
        frontend.bool("multi_tenant_queries_enabled"));
  }
}
