package io.vivace.api.json;

import io.vivace.api.proto.AnyValue;
import io.vivace.api.proto.ArrayValue;
import io.vivace.api.proto.KeyValue;
import io.vivace.api.proto.SearchMetrics;
import io.vivace.api.proto.SearchResponse;
import io.vivace.api.proto.ServiceStats;
import io.vivace.api.proto.SpanSet;
import io.vivace.api.proto.TraceSearchMetadata;
import io.vivace.engine.search.SearchResult;
import io.vivace.engine.search.SearchResult.FoundAttribute;
import io.vivace.engine.search.SearchResult.FoundSpan;
import io.vivace.engine.search.SearchResult.FoundSpanSet;
import io.vivace.engine.search.SearchResult.FoundTrace;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.engine.search.SearchStatistics;
import java.util.List;

/// Search answers as protobuf messages.
public final class SearchProto {
  private SearchProto() {}

  /// @param traceIds how ids are written
  public static SearchResponse response(SearchResult result, TraceIdForm traceIds) {
    SearchResponse.Builder response = SearchResponse.newBuilder();
    for (FoundTrace trace : result.traces()) {
      response.addTraces(trace(trace, traceIds));
    }
    return response.setMetrics(metrics(result.statistics())).build();
  }

  private static TraceSearchMetadata trace(FoundTrace trace, TraceIdForm traceIds) {
    TraceSearchMetadata.Builder message =
        TraceSearchMetadata.newBuilder()
            .setTraceID(traceIds.text(trace.traceId()))
            .setRootServiceName(SearchJson.rootServiceName(trace))
            .setRootTraceName(trace.rootTraceName())
            .setStartTimeUnixNano(trace.startEpochNanos())
            .setDurationMs((int) SearchJson.durationMillis(trace));
    for (FoundSpanSet set : trace.spanSets()) {
      message.addSpanSets(spanSet(set));
    }
    if (message.getSpanSetsCount() > 0) {
      message.setSpanSet(message.getSpanSets(0));
    }
    trace
        .serviceStats()
        .forEach((service, counts) ->
            message.putServiceStats(
                service,
                ServiceStats.newBuilder()
                    .setSpanCount(counts.spanCount())
                    .setErrorCount(counts.errorCount())
                    .build()));
    return message.build();
  }

  private static SpanSet spanSet(FoundSpanSet set) {
    SpanSet.Builder message = SpanSet.newBuilder().setMatched(set.matched());
    for (FoundSpan span : set.spans()) {
      message.addSpans(span(span));
    }
    for (FoundAttribute attribute : set.attributes()) {
      message.addAttributes(keyValue(attribute));
    }
    return message.build();
  }

  private static io.vivace.api.proto.FoundSpan span(FoundSpan span) {
    io.vivace.api.proto.FoundSpan.Builder message =
        io.vivace.api.proto.FoundSpan.newBuilder()
            .setSpanID(SearchJson.spanId(span))
            .setStartTimeUnixNano(span.startEpochNanos())
            .setDurationNanos(span.durationNanos());
    String name = span.name();
    if (name != null) {
      message.setName(name);
    }
    for (FoundAttribute attribute : span.attributes()) {
      message.addAttributes(keyValue(attribute));
    }
    return message.build();
  }

  private static KeyValue keyValue(FoundAttribute attribute) {
    return KeyValue.newBuilder().setKey(attribute.key()).setValue(value(attribute.value())).build();
  }

  private static AnyValue value(FoundValue value) {
    AnyValue.Builder message = AnyValue.newBuilder();
    switch (value) {
      case FoundValue.Text(String text) -> message.setStringValue(text);
      case FoundValue.Int(long number) -> message.setIntValue(number);
      case FoundValue.Real(double number) -> message.setDoubleValue(number);
      case FoundValue.Bool(boolean bool) -> message.setBoolValue(bool);
      case FoundValue.Array(List<FoundValue> values) -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        for (FoundValue element : values) {
          array.addValues(value(element));
        }
        message.setArrayValue(array);
      }
    }
    return message.build();
  }

  private static SearchMetrics metrics(SearchStatistics statistics) {
    return SearchMetrics.newBuilder()
        .setInspectedTraces((int) statistics.inspectedTraces())
        .setInspectedBytes(statistics.inspectedBytes())
        .setTotalBlocks(statistics.sources())
        .setCompletedJobs(statistics.inspectedSources())
        .setTotalJobs(statistics.sources())
        .setTotalBlockBytes(statistics.sourceBytes())
        .build();
  }
}
