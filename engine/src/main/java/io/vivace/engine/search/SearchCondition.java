package io.vivace.engine.search;

import io.vivace.traceql.ast.Query;
import java.util.SortedMap;

/// Which traces a search returns.
public sealed interface SearchCondition {
  /// The spans that a query selects. Of a metrics query only the pipeline counts.
  ///
  /// @param query parsed and validated
  record TraceQl(Query query) implements SearchCondition {}

  /// Every trace; the answers have no span sets. What a search without `q` and `tags` asks.
  record AllTraces() implements SearchCondition {}

  /// The older tag search: traces in which every pair occurs, each at any span or resource; the
  /// answers have no span sets. Empty tags match every trace.
  ///
  /// Reserved keys: `name`, `status.code` (`unset`, `ok`, `error`), `root.service.name`,
  /// `root.name`; `http.status_code` also matches integers.
  ///
  /// @param tags key to value
  /// @param minDurationNanos inclusive bound of the trace's duration; 0 for none
  /// @param maxDurationNanos inclusive bound of the trace's duration; 0 for none
  record Tags(SortedMap<String, String> tags, long minDurationNanos, long maxDurationNanos)
      implements SearchCondition {}
}
