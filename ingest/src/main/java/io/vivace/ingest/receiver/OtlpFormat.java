package io.vivace.ingest.receiver;

import io.vivace.ingest.PushResult;
import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;

/// The two encodings of OTLP messages.
enum OtlpFormat {
  PROTOBUF("application/x-protobuf") {
    @Override
    byte[] encode(OtlpStatus status) {
      return status.toProto(status.httpCode());
    }

    @Override
    byte[] encode(PushResult result) {
      ProtoWriter out = new ProtoWriter(64);
      int mark = out.beginMessage(1);
      if (result.rejectedSpans() > 0) {
        out.writeVarint(1, result.rejectedSpans());
        out.writeBytes(2, reason(result).getBytes(StandardCharsets.UTF_8));
      }
      out.endMessage(mark);
      return out.toByteArray();
    }
  },
  JSON("application/json") {
    @Override
    byte[] encode(OtlpStatus status) {
      return status.toJson(status.httpCode()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    byte[] encode(PushResult result) {
      StringBuilder out = new StringBuilder("{\"partialSuccess\":{");
      if (result.rejectedSpans() > 0) {
        out.append("\"rejectedSpans\":\"").append(result.rejectedSpans());
        out.append("\",\"errorMessage\":");
        JsonText.appendString(out, reason(result));
      }
      return out.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }
  };

  private final String mediaType;

  OtlpFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /// The body of an HTTP error.
  abstract byte[] encode(OtlpStatus status);

  /// An `ExportTraceServiceResponse`.
  abstract byte[] encode(PushResult result);

  private static String reason(PushResult result) {
    return String.valueOf(result.rejectionReason());
  }
}
