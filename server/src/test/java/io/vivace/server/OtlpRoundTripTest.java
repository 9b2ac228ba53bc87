package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Spans go in over every transport and encoding and come out by id at once, by search within one
/// second of their acknowledgement.
@Timeout(60)
class OtlpRoundTripTest {
  private static final Duration FRESHNESS = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 4;
  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path folder;
  private static LocalProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = LocalProcess.start(folder, "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private interface Push {
    void push(String trace, String span, String service) throws Exception;
  }

  @Test
  void grpc() throws Exception {
    isVisible(
        "grpc",
        (trace, span, service) ->
            assertThat(server.pushGrpc(Spans.request(trace, List.of(span), service)))
                .isEqualTo("0"));
  }

  @Test
  void httpProtobuf() throws Exception {
    isVisible(
        "proto",
        (trace, span, service) ->
            isAcknowledged(server.push(Spans.request(trace, List.of(span), service))));
  }

  @Test
  void httpProtobufCompressed() throws Exception {
    isVisible(
        "gzip",
        (trace, span, service) ->
            isAcknowledged(
                server.push(
                    gzip(Spans.request(trace, List.of(span), service)),
                    "Content-Encoding",
                    "gzip")));
  }

  @Test
  void httpJson() throws Exception {
    isVisible(
        "json",
        (trace, span, service) ->
            isAcknowledged(server.push("application/json", json(trace, span, service))));
  }

  @Test
  void httpJsonCompressed() throws Exception {
    isVisible(
        "json-gzip",
        (trace, span, service) ->
            isAcknowledged(
                server.push(
                    "application/json",
                    gzip(json(trace, span, service)),
                    "Content-Encoding",
                    "gzip")));
  }

  private static void isAcknowledged(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).as(LocalProcess.text(response)).isEqualTo(200);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] json(String trace, String span, String service) {
    long end = Instant.now().toEpochMilli();
    return """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}}]},
     "scopeSpans":[{"scope":{"name":"test"},"spans":[{"traceId":"%s","spanId":"%s","name":"operation %s","kind":2,
     "startTimeUnixNano":"%d000000","endTimeUnixNano":"%d000000",
     "attributes":[{"key":"n","value":{"intValue":"42"}}],"status":{"code":2,"message":"boom"}}]}]}]}\
    """
        .formatted(service, trace, span, span, end - 5, end)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// A busy machine may make one attempt late, but not all of them.
  private static void isVisible(String name, Push push) throws Exception {
    Duration best = Duration.ofDays(1);
    for (int i = 0; i < ATTEMPTS && best.compareTo(FRESHNESS) > 0; i++) {
      int number = IDS.incrementAndGet();
      String trace = "4bf92f3577b34da6a3ce929d%08x".formatted(number);
      String span = "00f067aa%08x".formatted(number);
      String service = name + "-" + number;
      // A search just before makes a view that does not have the spans.
      assertThat(found(service)).doesNotContain(trace);
      push.push(trace, span, service);
      long acknowledged = System.nanoTime();
      assertThat(server.spanIds(trace)).as("by id at once").containsExactly(span);
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(10))
          .until(() -> found(service).contains(trace));
      Duration took = Duration.ofNanos(System.nanoTime() - acknowledged);
      best = took.compareTo(best) < 0 ? took : best;
      String v1 = LocalProcess.text(server.get("/api/traces/" + trace));
      String v2 = LocalProcess.text(server.get("/api/v2/traces/" + trace));
      String id = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(trace));
      assertThat(v1)
          .startsWith("{\"batches\":[")
          .contains("\"" + service + "\"", "operation " + span, id);
      assertThat(v2)
          .startsWith("{\"trace\":{\"resourceSpans\":[")
          .contains("\"" + service + "\"", "operation " + span, id);
    }
    assertThat(best).as("from the acknowledgement to the search").isLessThanOrEqualTo(FRESHNESS);
  }

  private static String found(String service) throws Exception {
    return LocalProcess.text(
        server.search("{ resource.service.name = \"" + service + "\" && kind = server }"));
  }
}
