package io.vivace.batch;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoWriter;

/// Writes rows of [TraceColumns] as OTLP `TracesData` messages, the inverse of what
/// [TraceColumnsBuilder] stored. Generic attributes come in stored order, `service.name` last;
/// scope and status are always present. Confined to one thread.
public final class OtlpEncoder {
  private final ProtoWriter out = new ProtoWriter(4096);

  /// The whole row `trace` of `columns`, in a new array.
  public byte[] encode(TraceColumns columns, int trace) {
    out.clear();
    SpanWriter writer = new SpanWriter(columns, out);
    byte[] traceId =
        new TraceId(columns.traceIdsHigh()[trace], columns.traceIdsLow()[trace]).toBytes();
    int[] resources = columns.offsets(Level.RESOURCE);
    int[] scopes = columns.offsets(Level.SCOPE);
    int[] spans = columns.offsets(Level.SPAN);
    for (int r = resources[trace]; r < resources[trace + 1]; r++) {
      int resourceMark = writer.beginResource(r);
      for (int s = scopes[r]; s < scopes[r + 1]; s++) {
        int scopeMark = writer.beginScope(s);
        for (int i = spans[s]; i < spans[s + 1]; i++) {
          writer.span(i, traceId, null, null, false);
        }
        out.endMessage(scopeMark);
      }
      out.endMessage(resourceMark);
    }
    return out.toByteArray();
  }
}
