package io.vivace.ingest.receiver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.ingest.RecordingLog;
import java.util.ArrayList;
import java.util.List;

/// The spans of records with their resources and scopes, for comparing.
final class RecordsEqual {
  private RecordsEqual() {}

  /// One ResourceSpans with one span each, in order.
  static List<ResourceSpans> spansOf(List<RecordingLog.Appended> records) {
    List<ResourceSpans> spans = new ArrayList<>();
    for (RecordingLog.Appended appended : records) {
      appended
          .record()
          .forEachTrace((id, bytes, offset, length) -> {
            try {
              for (ResourceSpans resource :
                  TracesData.parser().parseFrom(bytes, offset, length).getResourceSpansList()) {
                for (var scope : resource.getScopeSpansList()) {
                  for (var span : scope.getSpansList()) {
                    spans.add(
                        resource.toBuilder()
                            .clearScopeSpans()
                            .addScopeSpans(scope.toBuilder().clearSpans().addSpans(span))
                            .build());
                  }
                }
              }
            } catch (InvalidProtocolBufferException e) {
              throw new AssertionError(e);
            }
          });
    }
    return spans;
  }
}
