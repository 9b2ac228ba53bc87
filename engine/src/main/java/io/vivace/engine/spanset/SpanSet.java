package io.vivace.engine.spanset;

import io.vivace.engine.filter.Value;
import java.util.List;

/// Spans of one trace that belong together, in stored order.
///
/// @param trace the trace row
/// @param origin index of the span set that it was made from
/// @param spans span rows, ascending; not empty; not to be changed
/// @param attributes what stages added, in pipeline order
public record SpanSet(int trace, int origin, int[] spans, List<SetAttribute> attributes) {

  /// Such as `by(span.x)` or `count()`.
  public record SetAttribute(String key, Value value) {}

  SpanSet withSpans(int origin, int[] spans) {
    return new SpanSet(trace, origin, spans, attributes);
  }
}
