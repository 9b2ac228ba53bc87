package io.vivace.traceql.ast;

/// A parsed query. `toString` is the canonical rendering: fit for cache keys, labels and messages.
public record Query(QueryBody body, Hints hints) {

  /// Whether this is a metrics query.
  public boolean isMetrics() {
    return body instanceof MetricsQuery;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(body.toString());
    if (!hints.isEmpty()) {
      out.append(' ').append(hints);
    }
    return out.toString();
  }
}
