package io.vivace.api.json;

import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// The answer of `/api/v2/traces/{id}` in its two encodings. The trace is always present, empty if
/// nothing was found.
public final class TraceByIdAnswers {
  private static final int TRACE_FIELD = 1;
  private static final int METRICS_FIELD = 2;
  private static final int STATUS_FIELD = 3;
  private static final int MESSAGE_FIELD = 4;
  private static final int INSPECTED_BYTES_FIELD = 1;
  private static final int PARTIAL = 1;

  private TraceByIdAnswers() {}

  /// @param otlp the trace, empty if there is none
  /// @param partialMessage why the trace is not whole; null if it is
  /// @return pieces to be sent one after the other
  public static List<byte[]> json(
      byte[] otlp, long inspectedBytes, @Nullable String partialMessage) {
    return JsonOutput.writePieces(json -> {
      json.writeStartObject();
      json.writeName("trace");
      json.writeStartObject();
      TraceJson.writeMembers(json, otlp);
      json.writeEndObject();
      metrics(json, inspectedBytes);
      if (partialMessage != null) {
        json.writeStringProperty("status", "PARTIAL");
        json.writeStringProperty("message", partialMessage);
      }
      json.writeEndObject();
    });
  }

  private static void metrics(JsonGenerator json, long inspectedBytes) {
    json.writeName("metrics");
    json.writeStartObject();
    if (inspectedBytes != 0) {
      json.writeStringProperty("inspectedBytes", Long.toUnsignedString(inspectedBytes));
    }
    json.writeEndObject();
  }

  /// A `TraceByIDResponse` message; parameters as for [#json].
  public static byte[] protobuf(byte[] otlp, long inspectedBytes, @Nullable String partialMessage) {
    ProtoWriter writer = new ProtoWriter(otlp.length + 64);
    writer.writeBytes(TRACE_FIELD, otlp);
    int metrics = writer.beginMessage(METRICS_FIELD);
    if (inspectedBytes != 0) {
      writer.writeVarint(INSPECTED_BYTES_FIELD, inspectedBytes);
    }
    writer.endMessage(metrics);
    if (partialMessage != null) {
      writer.writeVarint(STATUS_FIELD, PARTIAL);
      writer.writeBytes(MESSAGE_FIELD, partialMessage.getBytes(StandardCharsets.UTF_8));
    }
    return writer.toByteArray();
  }
}
