package io.vivace.engine.metrics;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.model.RequestException;
import java.util.List;

/// Executes metrics queries over span batches. Stateless and thread-safe.
public final class MetricsEngine {

  /// The series that the request asks for, computed from all spans of `sources` that start inside
  /// the window and survive the pipeline. What depends on more than one span of a trace is decided
  /// on the whole trace, wherever its spans lie; other queries count a span twice that two sources
  /// hold.
  ///
  /// @throws RequestException CANCELLED, DEADLINE_EXCEEDED or RESOURCE_EXHAUSTED as the scope says;
  ///   INVALID_ARGUMENT if the query is no metrics query or names what the engine cannot do
  /// @throws java.io.UncheckedIOException if a source cannot be read
  public MetricsResult execute(
      MetricsRequest request, List<BatchSource> sources, QueryScope scope) {
    scope.check();
    try (MemoryLedger memory = new MemoryLedger(scope)) {
      return new MetricsExecution(request, sources, scope, memory).run();
    }
  }
}
