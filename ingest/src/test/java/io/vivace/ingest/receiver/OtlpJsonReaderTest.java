package io.vivace.ingest.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vivace.ingest.RandomRequests;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpJsonReaderTest {
  private static byte[] read(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    OtlpJsonReader reader = new OtlpJsonReader(bytes.length);
    reader.read(bytes, 0, bytes.length);
    return Arrays.copyOf(reader.array(), reader.size());
  }

  private static Span readSpan(String fields) throws Exception {
    byte[] request =
        read("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + fields + "}]}]}]}");
    return ExportTraceServiceRequest.parseFrom(request)
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0);
  }

  @Test
  void readsNumbersInAllTheirForms() throws Exception {
    Span span =
        readSpan(
            "\"startTimeUnixNano\":\"18446744073709551615\",\"end_time_unix_nano\":1700000000000000001,"
                + "\"kind\":\"SPAN_KIND_CLIENT\",\"flags\":\"4294967295\",\"droppedEventsCount\":7,"
                + "\"status\":{\"code\":\"STATUS_CODE_ERROR\",\"message\":null},\"links\":null,"
                + "\"attributes\":[{\"key\":\"d\",\"value\":{\"doubleValue\":\"-Infinity\"}},"
                + "{\"key\":\"i\",\"value\":{\"intValue\":\"-9223372036854775808\"}},"
                + "{\"key\":\"e\",\"value\":{}},{\"key\":\"n\",\"value\":null}]");
    assertThat(span)
        .isEqualTo(
            Span.newBuilder()
                .setStartTimeUnixNano(-1)
                .setEndTimeUnixNano(1700000000000000001L)
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setFlags(-1)
                .setDroppedEventsCount(7)
                .setStatus(Status.newBuilder().setCodeValue(2))
                .addAttributes(
                    KeyValue.newBuilder()
                        .setKey("d")
                        .setValue(AnyValue.newBuilder().setDoubleValue(Double.NEGATIVE_INFINITY)))
                .addAttributes(
                    KeyValue.newBuilder()
                        .setKey("i")
                        .setValue(AnyValue.newBuilder().setIntValue(Long.MIN_VALUE)))
                .addAttributes(
                    KeyValue.newBuilder().setKey("e").setValue(AnyValue.getDefaultInstance()))
                .addAttributes(KeyValue.newBuilder().setKey("n"))
                .build());
  }

  @Test
  void historicKeysBecomeTheLegacyField() throws Exception {
    byte[] bytes =
        read(
            "{\"resource_spans\":[{\"instrumentationLibrarySpans\":[{\"instrumentationLibrary\":{\"name\":\"l\"},"
                + "\"spans\":[{\"name\":\"s\"}]}]}]}");
    ResourceSpans parsed = ExportTraceServiceRequest.parseFrom(bytes).getResourceSpans(0);
    byte[] legacy =
        parsed.getUnknownFields().getField(1000).getLengthDelimitedList().getFirst().toByteArray();
    ScopeSpans scope = ScopeSpans.parseFrom(legacy);
    assertThat(scope.getScope().getName()).isEqualTo("l");
    assertThat(scope.getSpans(0).getName()).isEqualTo("s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"traceId\":\"0102\"; traceId: length mismatch",
        "\"spanId\":\"AQIDBAUGBwg=\"; spanId: length mismatch",
        "\"spanId\":\"zz02030405060708\"; 'z' is not a hex digit",
        "\"kind\":\"SERVER\"; unknown name \"SERVER\"",
        "\"kind\":\"STATUS_CODE_OK\"; unknown name",
        "\"kind\":null; kind: expected a number or a name",
        "\"droppedEventsCount\":-1; out of range",
        "\"startTimeUnixNano\":null; startTimeUnixNano: expected an integer",
        "\"startTimeUnixNano\":\"1e3\"; is not an integer",
        "\"name\":5; name: expected a string",
        "\"events\":{}; events: expected an array",
        "\"status\":[]; status: expected an object",
        "\"attributes\":[{\"value\":{\"boolValue\":null}}]; expected true or false",
        "\"attributes\":[{\"value\":{\"bytesValue\":\"*\"}}]; not base64",
        "\"attributes\":[{\"value\":{\"doubleValue\":\"0x1p3\"}}]; is not a number",
        "\"name\":\"; malformed JSON",
      })
  void refusesNamingFieldAndPlace(String field, String message) {
    RequestException refused = catchThrowableOfType(RequestException.class, () -> readSpan(field));
    assertThat(refused).hasMessageStartingWith("malformed JSON: ").hasMessageContaining(message);
    assertThat(refused.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"''; empty body", "{}{}; more after the end", "[]; expected an object"})
  void refusesWhatIsNotOneObject(String json, String message) {
    assertThat(catchThrowableOfType(RequestException.class, () -> read(json)))
        .hasMessageContaining(message);
  }

  @Test
  void nestingIsBounded() {
    String deep =
        "{\"arrayValue\":{\"values\":[".repeat(64) + "{\"intValue\":1}" + "]}}".repeat(64);
    RequestException refused =
        catchThrowableOfType(
            RequestException.class,
            () -> readSpan("\"attributes\":[{\"key\":\"k\",\"value\":" + deep + "}]"));
    assertThat(refused).hasMessageContaining("nested deeper than 64 levels");
    RequestException unknown =
        catchThrowableOfType(
            RequestException.class,
            () -> read("{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
    assertThat(unknown.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
  }

  @Test
  void damagedJsonOnlyGivesRequestExceptions() {
    RandomRequests requests = new RandomRequests(6);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 30; i++) {
      byte[] good = OtlpJson.print(requests.request(), i % 2 == 0).getBytes(StandardCharsets.UTF_8);
      for (int j = 0; j < 30; j++) {
        byte[] damaged = good.clone();
        damaged[random.nextInt(damaged.length)] =
            (byte) "{}[]\",:0a\\ \u0000".charAt(random.nextInt(12));
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        try {
          new OtlpJsonReader(damaged.length).read(damaged, 0, damaged.length);
        } catch (RequestException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(200);
  }
}
