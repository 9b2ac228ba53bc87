package io.vivace.testkit.reference;

import java.util.List;
import java.util.Map;

/// A trace that a query found.
///
/// @param spansets at least one
public record RefMatch(RefTrace trace, List<Spanset> spansets) {

  /// @param spans without repetition unless `coalesce()` made some
  /// @param attributes `by(…)` and aggregates, in pipeline order
  public record Spanset(List<Found> spans, Map<String, RefValue> attributes) {
    public int matched() {
      return spans.size();
    }
  }

  /// A span with the fields that the answer shows.
  public record Found(RefTrace.Span span, List<Shown> attributes) {}

  /// @param key without scope
  public record Shown(String key, RefValue value) {}
}
