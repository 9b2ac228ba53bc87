package io.vivace.block;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.model.TraceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Traces of a `.jsonl` file of the fixtures.
final class Expected {
  private Expected() {}

  static Map<TraceId, TracesData> traces(Path file) throws IOException {
    Map<TraceId, TracesData> traces = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      TracesData.Builder message = TracesData.newBuilder();
      JsonFormat.parser().merge(object.get("trace").toString(), message);
      traces.put(TraceId.parse(object.get("traceID").getAsString()), message.build());
    }
    return traces;
  }

  static TraceColumns columns(Map<TraceId, TracesData> traces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    traces.forEach((id, trace) -> {
      byte[] otlp = trace.toByteArray();
      builder.add(id, otlp, 0, otlp.length);
    });
    return builder.build();
  }
}
