package io.vivace.query;

import io.vivace.model.TenantId;
import java.time.Duration;

/// The tenants' overrides that queries need. Thread-safe; asked anew for every query.
public interface TenantQueryLimits {
  /// `max_search_duration`; zero for the front end's own limit.
  Duration maxSearchDuration(TenantId tenant);

  /// `max_metrics_duration`; zero for the front end's own limit.
  default Duration maxMetricsDuration(TenantId tenant) {
    return Duration.ZERO;
  }

  /// `max_bytes_per_trace`; 0 for no limit.
  long maxBytesPerTrace(TenantId tenant);

  /// `max_bytes_per_tag_values_query`: bytes of text in an answer about tags; 0 for no limit.
  default long maxBytesPerTagValuesQuery(TenantId tenant) {
    return 1_000_000;
  }

  /// `max_blocks_per_tag_values_query`: blocks that a question for values looks at, the newest; 0
  /// for no limit.
  default int maxBlocksPerTagValuesQuery(TenantId tenant) {
    return 0;
  }

  /// `max_condition_groups_per_tag_query`: alternatives that a filter of tags may have.
  default int maxConditionGroupsPerTagQuery(TenantId tenant) {
    return 100;
  }
}
