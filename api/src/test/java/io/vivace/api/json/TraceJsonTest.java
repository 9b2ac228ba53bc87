package io.vivace.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.model.proto.ProtoWriter;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.testkit.otlp.RandomTraces;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceJsonTest {
  @Test
  void writesNamesIdsAndNumbersAsTempoDoes() {
    assertThat(text(TraceJson.v1(trace())))
        .isEqualTo(
            "{\"batches\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"cart\"}}]},"
                + "\"scopeSpans\":[{\"scope\":{\"name\":\"demo\"},\"spans\":[{"
                + "\"traceId\":\"TzqcDl17IYhqwPHi07Sllg==\",\"spanId\":\"obLD1OX2Bxg=\","
                + "\"name\":\"GET \\u003ccart\\u003e\",\"kind\":\"SPAN_KIND_SERVER\","
                + "\"startTimeUnixNano\":\"1755770400000000000\",\"endTimeUnixNano\":\"1755770400123000000\","
                + "\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"-5\"}},{\"key\":\"d\",\"value\":{\"doubleValue\":1.5}},"
                + "{\"key\":\"b\",\"value\":{\"boolValue\":false}},{\"key\":\"e\",\"value\":{}},"
                + "{\"key\":\"a\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"x\"}]}}},"
                + "{\"key\":\"y\",\"value\":{\"bytesValue\":\"AQI=\"}},{\"key\":\"nan\",\"value\":{\"doubleValue\":\"NaN\"}}],"
                + "\"status\":{\"message\":\"boom\",\"code\":\"STATUS_CODE_ERROR\"}}]}]}]}");
  }

  @Test
  void keepsAnEmptyTraceInTheAnswerOfTheSecondVersion() {
    assertThat(text(TraceByIdAnswers.json(new byte[0], 0, null).getFirst()))
        .isEqualTo("{\"trace\":{},\"metrics\":{}}");
    assertThat(TraceByIdAnswers.protobuf(new byte[0], 0, null)).startsWith(0x0a, 0x00);
    assertThat(text(TraceByIdAnswers.json(new byte[0], 7, "why").getFirst()))
        .isEqualTo(
            "{\"trace\":{},\"metrics\":{\"inspectedBytes\":\"7\"},\"status\":\"PARTIAL\",\"message\":\"why\"}");
  }

  private static byte[] trace() {
    ProtoWriter out = new ProtoWriter();
    int resourceSpans = out.beginMessage(1);
    int resource = out.beginMessage(1);
    attribute(out, 1, "service.name", value -> string(value, 1, "cart"));
    out.endMessage(resource);
    int scopeSpans = out.beginMessage(2);
    int scope = out.beginMessage(1);
    string(out, 1, "demo");
    out.endMessage(scope);
    int span = out.beginMessage(2);
    out.writeBytes(1, java.util.HexFormat.of().parseHex("4f3a9c0e5d7b21886ac0f1e2d3b4a596"));
    out.writeBytes(2, java.util.HexFormat.of().parseHex("a1b2c3d4e5f60718"));
    string(out, 5, "GET <cart>");
    out.writeVarint(6, 2);
    out.writeFixed64(7, 1755770400000000000L);
    out.writeFixed64(8, 1755770400123000000L);
    attribute(out, 9, "n", value -> value.writeVarint(3, -5));
    attribute(out, 9, "d", value -> value.writeDouble(4, 1.5));
    attribute(out, 9, "b", value -> value.writeVarint(2, 0));
    attribute(out, 9, "e", value -> {});
    attribute(
        out,
        9,
        "a",
        value -> {
          int array = value.beginMessage(5);
          int element = value.beginMessage(1);
          string(value, 1, "x");
          value.endMessage(element);
          value.endMessage(array);
        });
    attribute(out, 9, "y", value -> value.writeBytes(7, new byte[] {1, 2}));
    attribute(out, 9, "nan", value -> value.writeDouble(4, Double.NaN));
    int status = out.beginMessage(15);
    string(out, 2, "boom");
    out.writeVarint(3, 2);
    out.endMessage(status);
    out.endMessage(span);
    out.endMessage(scopeSpans);
    out.endMessage(resourceSpans);
    return out.toByteArray();
  }

  private static void attribute(
      ProtoWriter out, int field, String key, java.util.function.Consumer<ProtoWriter> value) {
    int keyValue = out.beginMessage(field);
    string(out, 1, key);
    int any = out.beginMessage(2);
    value.accept(out);
    out.endMessage(any);
    out.endMessage(keyValue);
  }

  private static void string(ProtoWriter out, int field, String value) {
    out.writeBytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  @Test
  void piecesAreTheWhole() {
    OtlpTrace trace = new RandomTraces(5).next(3_000);
    byte[] otlp = trace.toTracesData();
    List<byte[]> pieces = TraceJson.v1Pieces(otlp);
    assertThat(pieces)
        .hasSizeGreaterThan(5)
        .allSatisfy(piece -> assertThat(piece.length).isLessThanOrEqualTo(256 << 10));
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    pieces.forEach(joined::writeBytes);
    assertThat(joined.toByteArray()).isEqualTo(TraceJson.v1(otlp));
  }
}
