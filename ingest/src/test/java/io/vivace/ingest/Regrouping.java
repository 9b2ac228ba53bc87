package io.vivace.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.model.TraceId;
import io.vivace.model.log.PushRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The oracle: what regrouping by trace means, said with the object model.
final class Regrouping {
  private Regrouping() {}

  /// Per trace, in order, each span with everything it inherits: a ResourceSpans with one span.
  static Map<TraceId, List<ResourceSpans>> expected(List<ResourceSpans> resourceSpans) {
    Map<TraceId, List<ResourceSpans>> traces = new TreeMap<>();
    for (ResourceSpans resource : resourceSpans) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          byte[] id = span.getTraceId().toByteArray();
          ResourceSpans single =
              resource.toBuilder()
                  .clearScopeSpans()
                  .addScopeSpans(scope.toBuilder().clearSpans().addSpans(span))
                  .build();
          traces
              .computeIfAbsent(TraceId.from(id, 0, id.length), i -> new ArrayList<>())
              .add(single);
        }
      }
    }
    return traces;
  }

  static Map<TraceId, List<ResourceSpans>> expected(ExportTraceServiceRequest request) {
    return expected(request.getResourceSpansList());
  }

  /// The same of records; checks that each trace holds only its own spans.
  static Map<TraceId, List<ResourceSpans>> actual(List<RecordingLog.Appended> records) {
    Map<TraceId, List<ResourceSpans>> traces = new TreeMap<>();
    for (RecordingLog.Appended appended : records) {
      appended
          .record()
          .forEachTrace((id, bytes, offset, length) -> add(traces, id, bytes, offset, length));
    }
    return traces;
  }

  private static void add(
      Map<TraceId, List<ResourceSpans>> traces, TraceId id, byte[] bytes, int offset, int length) {
    try {
      TracesData data = TracesData.parser().parseFrom(bytes, offset, length);
      Map<TraceId, List<ResourceSpans>> grouped = expected(data.getResourceSpansList());
      if (grouped.size() != 1 || !grouped.containsKey(id)) {
        throw new AssertionError("trace " + id + " holds " + grouped.keySet());
      }
      traces.computeIfAbsent(id, i -> new ArrayList<>()).addAll(grouped.get(id));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  static int spans(List<RecordingLog.Appended> records) {
    int spans = 0;
    for (RecordingLog.Appended appended : records) {
      PushRecord record = appended.record();
      spans += record.spanCount();
    }
    return spans;
  }
}
