package io.vivace.query;

import io.vivace.batch.TraceAssembler;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoCursor;
import io.vivace.model.proto.ProtoWriter;
import java.util.List;

/// Joins the parts of one trace for an answer, and cuts it to the tenant's limit.
final class TraceParts {
  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;

  private TraceParts() {}

  /// @param parts at least one
  /// @param maxBytes 0 for no limit
  static TraceAnswer join(List<TraceColumns> parts, TraceId id, long maxBytes) {
    byte[] otlp = TraceAssembler.assemble(parts, id);
    long inspectedBytes = 0;
    for (TraceColumns part : parts) {
      inspectedBytes += part.sizeBytes();
    }
    if (maxBytes > 0 && otlp.length > maxBytes) {
      return new TraceAnswer.TooLarge(cut(otlp, maxBytes), maxBytes, inspectedBytes);
    }
    return new TraceAnswer.Found(otlp, inspectedBytes);
  }

  /// The first spans of a trace, as many as fit into `maxBytes`, with their resources and scopes.
  static byte[] cut(byte[] otlp, long maxBytes) {
    ProtoWriter out = new ProtoWriter((int) Math.min(otlp.length, maxBytes) + 1024);
    ProtoCursor trace = new ProtoCursor(otlp, 0, otlp.length);
    while (trace.next()) {
      int length = trace.readLength();
      int resource = out.beginMessage(RESOURCE_SPANS);
      boolean isWhole = cutNested(out, otlp, trace.valueOffset(), length, SCOPE_SPANS, maxBytes);
      out.endMessage(resource);
      if (!isWhole) {
        break;
      }
    }
    return out.toByteArray();
  }

  /// Copies a message whose field `nested` holds either scope spans or spans; false once the limit is reached.
  private static boolean cutNested(
      ProtoWriter out, byte[] otlp, int offset, int length, int nested, long maxBytes) {
    ProtoCursor cursor = new ProtoCursor(otlp, offset, length);
    while (cursor.next()) {
      int field = cursor.field();
      int size = cursor.readLength();
      if (field != nested) {
        out.writeBytes(field, otlp, cursor.valueOffset(), size);
        continue;
      }
      int scope = out.beginMessage(field);
      boolean isWhole = cutSpans(out, otlp, cursor.valueOffset(), size, maxBytes);
      out.endMessage(scope);
      if (!isWhole) {
        return false;
      }
    }
    return true;
  }

  private static boolean cutSpans(ProtoWriter out, byte[] otlp, int offset, int length, long maxBytes) {
    ProtoCursor cursor = new ProtoCursor(otlp, offset, length);
    while (cursor.next()) {
      int field = cursor.field();
      int size = cursor.readLength();
      if (field == SPANS && out.size() + size > maxBytes) {
        return false;
      }
      out.writeBytes(field, otlp, cursor.valueOffset(), size);
    }
    return true;
  }
}
