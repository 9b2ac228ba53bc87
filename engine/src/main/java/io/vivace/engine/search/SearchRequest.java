package io.vivace.engine.search;

import io.vivace.model.TimeRange;

/// What to look for. The edge has checked the limits against the tenant's configuration.
///
/// @param condition which traces and spans match
/// @param timeRange a trace is considered if it starts at or before the end and ends at or after
///   the start of this range; [TimeRange#ALL] for no bound
/// @param limit how many traces are returned, the newest ones; at least 1
/// @param spansPerSpanSet how many spans of each span set are returned, the first ones in stored
///   order; 0 returns all
public record SearchRequest(
    SearchCondition condition, TimeRange timeRange, int limit, int spansPerSpanSet) {
  public SearchRequest {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
    }
    if (spansPerSpanSet < 0) {
      throw new IllegalArgumentException(
          "spansPerSpanSet: " + spansPerSpanSet + " (expected: >= 0)");
    }
  }
}
