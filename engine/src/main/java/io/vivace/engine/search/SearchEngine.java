package io.vivace.engine.search;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.model.RequestException;
import java.util.List;

/// Executes searches over span batches. Stateless and thread-safe.
public final class SearchEngine {

  /// The newest traces of `sources` that satisfy the request's condition. A trace that lies in
  /// several sources is looked at as a whole, and a span that lies in several counts once, so the
  /// answer does not depend on where spans lie.
  ///
  /// @throws RequestException CANCELLED, DEADLINE_EXCEEDED or RESOURCE_EXHAUSTED as the scope says;
  ///   INVALID_ARGUMENT, naming the construct and its position, if the query needs what the engine
  ///   cannot do
  /// @throws java.io.UncheckedIOException if a source cannot be read
  public SearchResult search(SearchRequest request, List<BatchSource> sources, QueryScope scope) {
    scope.check();
    return new TraceSearch(request, TracePlan.of(request.condition()), sources, scope).run();
  }
}
