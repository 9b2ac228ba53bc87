package io.vivace.engine.search;

import io.vivace.model.TraceId;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The answer of a search.
///
/// @param traces exactly newest first: by start descending, then by trace id ascending
/// @param statistics what was read for it
public record SearchResult(List<FoundTrace> traces, SearchStatistics statistics) {

  /// One trace, as it is over all sources that hold a part of it.
  ///
  /// @param rootServiceName empty if the root span is not known
  /// @param rootTraceName empty if the root span is not known
  /// @param startEpochNanos earliest start of its spans
  /// @param durationNanos latest end minus earliest start, modulo 2^64 (print unsigned)
  /// @param serviceStats by service name; none for conditions that do not ask for spans
  /// @param spanSets none for conditions that do not ask for spans
  public record FoundTrace(
      TraceId traceId,
      String rootServiceName,
      String rootTraceName,
      long startEpochNanos,
      long durationNanos,
      SortedMap<String, ServiceCounts> serviceStats,
      List<FoundSpanSet> spanSets) {}

  /// Spans of one service in one trace.
  public record ServiceCounts(int spanCount, int errorCount) {}

  /// Spans that matched together.
  ///
  /// @param matched how many, of which `spans` may be only the first
  /// @param attributes entries such as `by(span.x)` and `count()`, in pipeline order
  public record FoundSpanSet(int matched, List<FoundAttribute> attributes, List<FoundSpan> spans) {}

  /// One span. Do not change `spanId`.
  ///
  /// @param spanId as received, usually 8 bytes
  /// @param name null unless the query selects it or a comparison with it holds
  /// @param durationNanos end minus start, modulo 2^64 (print unsigned)
  /// @param attributes the fields that the query names or selects, keyed without scope
  public record FoundSpan(
      byte[] spanId,
      @Nullable String name,
      long startEpochNanos,
      long durationNanos,
      List<FoundAttribute> attributes) {}

  /// A key, not necessarily unique in its list, with its value.
  public record FoundAttribute(String key, FoundValue value) {}

  /// A value in the form in which answers show it: durations in Go's notation, status and kind as
  /// words, and what is missing as the word `nil` are text.
  public sealed interface FoundValue {
    record Text(String value) implements FoundValue {}

    record Int(long value) implements FoundValue {}

    record Real(double value) implements FoundValue {}

    record Bool(boolean value) implements FoundValue {}

    record Array(List<FoundValue> values) implements FoundValue {}
  }
}
