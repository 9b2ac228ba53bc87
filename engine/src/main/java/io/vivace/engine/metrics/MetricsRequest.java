package io.vivace.engine.metrics;

import io.vivace.traceql.ast.Query;

/// What to compute. The edge has checked the limits against the tenant's configuration and aligned
/// the window.
///
/// @param query parsed and validated metrics query
/// @param intervals the window and its parts; one part for an instant query
/// @param maxExemplars how many example spans the answer may hold; 0 for none
/// @param maxSeries how many series the answer may hold; 0 for no limit
/// @param hasRecentPart whether the window reaches into recent data, which is always asked: then a
///   query without grouping answers zeros even if there is no data at all
public record MetricsRequest(
    Query query, Intervals intervals, int maxExemplars, int maxSeries, boolean hasRecentPart) {
  public MetricsRequest {
    if (maxExemplars < 0 || maxSeries < 0) {
      throw new IllegalArgumentException(
          "maxExemplars: " + maxExemplars + ", maxSeries: " + maxSeries + " (expected: >= 0)");
    }
  }
}
