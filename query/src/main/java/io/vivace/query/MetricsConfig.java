package io.vivace.query;

import java.time.Duration;

/// Bounds of metrics queries (`query_frontend.metrics` of the configuration).
///
/// @param maxDuration longest time range; zero for no bound
/// @param maxIntervals most steps of a range; 0 for no bound
/// @param maxExemplars most exemplars of an answer, and how many a query gets that asks for none
/// @param maxResponseSeries most series of an answer; 0 for no bound
/// @param timeout longest run of a query
public record MetricsConfig(
    Duration maxDuration,
    int maxIntervals,
    int maxExemplars,
    int maxResponseSeries,
    Duration timeout) {

  /// The defaults of Tempo.
  public static MetricsConfig defaults() {
    return new MetricsConfig(Duration.ofHours(24), 10_000, 100, 0, Duration.ofSeconds(60));
  }
}
