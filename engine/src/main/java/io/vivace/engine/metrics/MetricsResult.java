package io.vivace.engine.metrics;

import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.engine.search.SearchStatistics;
import java.util.List;

/// The answer of a metrics query.
///
/// @param intervals to which the values of every series belong
/// @param series ascending by number of labels, then by keys and values of the labels; each has a
///   value
/// @param exceededMaxSeries the limit of series if there are more, so that some were left out and
///   the values of the others may be too small; else 0
/// @param statistics what was read for it
public record MetricsResult(
    Intervals intervals,
    List<MetricsSeries> series,
    int exceededMaxSeries,
    SearchStatistics statistics) {

  /// One series. Do not change `values`.
  ///
  /// @param labels in the order in which answers show them
  /// @param values one for each interval; NaN where there is none
  /// @param exemplars ascending by time
  public record MetricsSeries(List<Label> labels, double[] values, List<Exemplar> exemplars) {}

  /// A key with its value; what is missing is the text `nil`.
  public record Label(String key, FoundValue value) {}

  /// A span that stands for a value of its series.
  ///
  /// @param labels the fields that the query names, and `trace:id`
  /// @param value of the span, or of the series at its interval
  /// @param epochMillis start of the span
  /// @param interval of the span
  public record Exemplar(List<Label> labels, double value, long epochMillis, int interval) {}
}
