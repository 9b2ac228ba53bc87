package io.vivace.ingest.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import io.netty.channel.EventLoopGroup;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vivace.ingest.DistributorConfig;
import io.vivace.ingest.Fixture;
import io.vivace.ingest.RandomRequests;
import io.vivace.ingest.RecordingLog;
import io.vivace.limits.TenantLimits;
import io.vivace.limits.TenantResolver;
import io.vivace.limits.TraceAdmission;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OtlpReceiversTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final int MAX_BYTES = 1 << 20;
  private static final int RESOURCE_EXHAUSTED = 8;

  private static EventLoopGroup workers;
  private static ClientFactory clients;
  private Fixture fixture = new Fixture();
  private Server grpc;
  private Server http;
  private static final List<CompletableFuture<Void>> stopping = new ArrayList<>();

  @BeforeAll
  static void openClients() {
    workers = EventLoopGroups.newEventLoopGroup(2);
    clients = ClientFactory.builder().workerGroup(workers, false).build();
  }

  @AfterAll
  static void closeClients() {
    CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new)).join();
    clients.close();
    workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void start(boolean isMultitenant) {
    ReceiverMetrics metrics = new ReceiverMetrics(fixture.registry);
    OtlpReceivers receivers =
        new OtlpReceivers(
            fixture.distributor,
            new TenantResolver(isMultitenant),
            fixture.overrides,
            fixture.budget,
            Duration.ofSeconds(5),
            metrics);
    ListenAddress anyPort = ListenAddress.parse("127.0.0.1:0");
    grpc =
        receivers
            .grpc(ReceiverConfig.OtlpGrpc.defaults(anyPort).withMaxMessageBytes(MAX_BYTES))
            .workerGroup(workers, false)
            .build();
    ReceiverConfig.Cors cors =
        new ReceiverConfig.Cors(
            List.of("https://*.example.com"), List.of("*"), List.of(), Duration.ofSeconds(60));
    http =
        receivers
            .http(
                ReceiverConfig.OtlpHttp.defaults(anyPort)
                    .withMaxBodyBytes(MAX_BYTES)
                    .withCors(cors))
            .workerGroup(workers, false)
            .build();
    grpc.start().join();
    http.start().join();
  }

  @AfterEach
  void stop() {
    if (grpc != null) {
      // Closing takes Netty two quiet seconds, so it goes on beside the next test.
      stopping.add(grpc.stop());
      stopping.add(http.stop());
      assertThat(fixture.budget.usedBytes()).as("budget given back").isZero();
    }
  }

  private AggregatedHttpResponse http(RequestHeadersBuilder headers, byte[] body) {
    return WebClient.builder("http://127.0.0.1:" + http.activeLocalPort())
        .factory(clients)
        .build()
        .execute(headers.build(), HttpData.wrap(body))
        .aggregate()
        .join();
  }

  private AggregatedHttpResponse post(String contentType, byte[] body) {
    return http(headers(contentType), body);
  }

  private static RequestHeadersBuilder headers(String contentType) {
    return RequestHeaders.builder(HttpMethod.POST, "/v1/traces").set("content-type", contentType);
  }

  private AggregatedHttpResponse call(byte[] frame, String... extraHeaders) {
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.POST, OtlpGrpcService.EXPORT_PATH)
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    for (int i = 0; i < extraHeaders.length; i += 2) {
      headers.add(extraHeaders[i], extraHeaders[i + 1]);
    }
    return WebClient.builder("h2c://127.0.0.1:" + grpc.activeLocalPort())
        .factory(clients)
        .build()
        .execute(headers.build(), HttpData.wrap(frame))
        .aggregate()
        .join();
  }

  private static byte[] frame(int flag, byte[] message) {
    byte[] frame = new byte[5 + message.length];
    frame[0] = (byte) flag;
    for (int i = 0; i < 4; i++) {
      frame[1 + i] = (byte) (message.length >>> 24 - 8 * i);
    }
    System.arraycopy(message, 0, frame, 5, message.length);
    return frame;
  }

  private static String grpcStatus(AggregatedHttpResponse response) {
    String trailer = response.trailers().get("grpc-status");
    return trailer != null ? trailer : response.headers().get("grpc-status");
  }

  private static byte[] oneSpan() {
    return request("0102030405060708090a0b0c0d0e0f10", "0102030405060708");
  }

  private static byte[] request(String traceId, String spanId) {
    return io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            io.opentelemetry.proto.trace.v1.ResourceSpans.newBuilder()
                .addScopeSpans(
                    io.opentelemetry.proto.trace.v1.ScopeSpans.newBuilder()
                        .addSpans(
                            io.opentelemetry.proto.trace.v1.Span.newBuilder()
                                .setTraceId(ByteString.fromHex(traceId))
                                .setSpanId(ByteString.fromHex(spanId)))))
        .build()
        .toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    return compressed(bytes, GZIPOutputStream::new);
  }

  private interface Compressor {
    OutputStream open(OutputStream target) throws IOException;
  }

  private static byte[] compressed(byte[] bytes, Compressor compressor) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream out = compressor.open(target)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return target.toByteArray();
  }

  @Test
  void acceptsOverGrpcAndHttp() throws Exception {
    start(false);
    AggregatedHttpResponse overGrpc = call(frame(0, oneSpan()), "no-generate-metrics", "1");
    assertThat(overGrpc.status().code()).isEqualTo(200);
    assertThat(overGrpc.content().array()).isEqualTo(new byte[5]);
    assertThat(overGrpc.trailers().get("grpc-status")).isEqualTo("0");
    AggregatedHttpResponse overHttp = post(PROTOBUF + "; charset=utf-8", oneSpan());
    assertThat(overHttp.status().code()).isEqualTo(200);
    assertThat(overHttp.contentType()).hasToString(PROTOBUF);
    assertThat(overHttp.content().array()).isEqualTo(new byte[] {0x0A, 0});
    assertThat(fixture.log.appended()).hasSize(2);
    assertThat(fixture.log.appended().get(0).tenant()).isEqualTo(TenantId.SINGLE_TENANT);
    byte[] marked = fixture.log.appended().get(0).record().bytes();
    assertThat(marked[marked.length - 2]).as("skip flag").isEqualTo((byte) (5 << 3));
    assertThat(received("accepted", "grpc")).isEqualTo(1);
    assertThat(received("accepted", "http")).isEqualTo(1);
  }

  private double received(String outcome, String transport) {
    return fixture.metric(
        "tempo_receiver_" + outcome + "_spans",
        "receiver",
        "otlp/otlp_receiver",
        "transport",
        transport);
  }

  @Test
  void everyCodingIsUnderstoodAndOthersRefused() {
    start(false);
    assertThat(codedStatus("gzip", gzip(oneSpan()))).isEqualTo(200);
    assertThat(codedStatus("zlib", compressed(oneSpan(), DeflaterOutputStream::new)))
        .isEqualTo(200);
    assertThat(codedStatus("deflate", compressed(oneSpan(), DeflaterOutputStream::new)))
        .isEqualTo(200);
    assertThat(
            codedStatus("zstd", compressed(oneSpan(), com.github.luben.zstd.ZstdOutputStream::new)))
        .isEqualTo(200);
    assertThat(
            codedStatus(
                "x-snappy-framed",
                compressed(oneSpan(), org.xerial.snappy.SnappyFramedOutputStream::new)))
        .isEqualTo(200);
    assertThat(
            codedStatus(
                "snappy", compressed(oneSpan(), org.xerial.snappy.SnappyFramedOutputStream::new)))
        .isEqualTo(200);
    assertThat(codedStatus("snappy", snappyBlock(oneSpan()))).isEqualTo(200);
    assertThat(fixture.log.appended()).hasSize(7);
    AggregatedHttpResponse unknown = http(headers(JSON).set("content-encoding", "br"), oneSpan());
    assertThat(unknown.status().code()).isEqualTo(400);
    assertThat(unknown.contentUtf8())
        .isEqualTo("{\"code\":3,\"message\":\"unsupported Content-Encoding: br\"}");
    for (String coding : List.of("gzip", "zlib", "zstd", "snappy", "x-snappy-framed")) {
      assertThat(codedStatus(coding, "no such data, really".getBytes(StandardCharsets.UTF_8)))
          .as(coding)
          .isEqualTo(400);
    }

    assertThat(grpcStatus(call(frame(1, gzip(oneSpan())), "grpc-encoding", "gzip"))).isEqualTo("0");
    assertThat(grpcStatus(call(frame(0, oneSpan()), "grpc-encoding", "gzip"))).isEqualTo("0");
    assertThat(
            grpcStatus(
                call(
                    frame(1, compressed(oneSpan(), com.github.luben.zstd.ZstdOutputStream::new)),
                    "grpc-encoding",
                    "zstd")))
        .isEqualTo("0");
    assertThat(
            grpcStatus(
                call(
                    frame(
                        1, compressed(oneSpan(), org.xerial.snappy.SnappyFramedOutputStream::new)),
                    "grpc-encoding",
                    "snappy")))
        .isEqualTo("0");
    assertThat(grpcStatus(call(frame(1, oneSpan()), "grpc-encoding", "br"))).isEqualTo("12");
    assertThat(grpcStatus(call(frame(1, oneSpan())))).isEqualTo("13");
  }

  private int codedStatus(String coding, byte[] body) {
    return http(headers(PROTOBUF).set("content-encoding", coding), body).status().code();
  }

  private static byte[] snappyBlock(byte[] bytes) {
    try {
      return org.xerial.snappy.Snappy.compress(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void wrongRequestsGetTheirStatus() {
    start(false);
    AggregatedHttpResponse path =
        http(
            RequestHeaders.builder(HttpMethod.POST, "/v1/metrics").set("content-type", PROTOBUF),
            new byte[0]);
    assertThat(path.status().code()).isEqualTo(404);
    AggregatedHttpResponse method =
        http(
            RequestHeaders.builder(HttpMethod.PUT, "/v1/traces").set("content-type", PROTOBUF),
            new byte[0]);
    assertThat(method.status().code()).isEqualTo(405);
    assertThat(method.contentUtf8()).isEqualTo("405 method not allowed, supported: [POST]");
    AggregatedHttpResponse type = post("text/html", new byte[0]);
    assertThat(type.status().code()).isEqualTo(415);
    assertThat(type.contentUtf8())
        .isEqualTo(
            "415 unsupported media type, supported: [application/json, application/x-protobuf]");

    byte[] malformed = {0x0A, 0x7F};
    AggregatedHttpResponse bad = post(PROTOBUF, malformed);
    assertThat(bad.status().code()).isEqualTo(400);
    assertThat(bad.contentType()).hasToString(PROTOBUF);
    assertThat(bad.content().array()[1]).isEqualTo((byte) 3);
    assertThat(bad.contentUtf8()).contains("length 127 exceeds the 0 bytes left at byte 2");
    AggregatedHttpResponse badGrpc = call(frame(0, malformed));
    assertThat(grpcStatus(badGrpc)).isEqualTo("13");
    assertThat(badGrpc.headers().get("grpc-message")).contains("exceeds the 0 bytes left");

    byte[] noTraceId = request("", "0102030405060708");
    assertThat(post(PROTOBUF, noTraceId).contentUtf8())
        .contains("trace ids must be 128 bit, received 0 bits");
    assertThat(grpcStatus(call(frame(0, noTraceId)))).isEqualTo("3");
    assertThat(received("refused", "grpc")).isEqualTo(1);

    byte[] frame = frame(0, oneSpan());
    assertThat(grpcStatus(call(java.util.Arrays.copyOf(frame, frame.length - 1)))).isEqualTo("13");
    assertThat(grpcStatus(call(new byte[0]))).isEqualTo("13");
    AggregatedHttpResponse unknownService =
        WebClient.builder("h2c://127.0.0.1:" + grpc.activeLocalPort())
            .factory(clients)
            .build()
            .execute(
                RequestHeaders.of(
                    HttpMethod.POST,
                    "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
                    "content-type",
                    "application/grpc"),
                HttpData.wrap(frame))
            .aggregate()
            .join();
    assertThat(grpcStatus(unknownService)).isEqualTo("12");
    assertThat(fixture.log.appended()).isEmpty();
  }

  @Test
  void tooLargeIsFinalAlsoIfOnlyDecoded() {
    start(false);
    byte[] large = new byte[MAX_BYTES + 1];
    AggregatedHttpResponse plain = post(JSON, large);
    assertThat(plain.status().code()).isEqualTo(413);
    assertThat(plain.headers().get("retry-after")).isNull();
    assertThat(plain.contentUtf8())
        .isEqualTo(
            "{\"code\":8,\"message\":\"request body too large (expected: at most 1048576 bytes)\"}");
    byte[] bomb = gzip(new byte[64 << 20]);
    assertThat(bomb.length).isLessThan(MAX_BYTES);
    assertThat(http(headers(PROTOBUF).set("content-encoding", "gzip"), bomb).status().code())
        .isEqualTo(413);

    AggregatedHttpResponse message = call(frame(0, large));
    assertThat(grpcStatus(message)).isEqualTo("8");
    assertThat(message.headers().get("grpc-message"))
        .isEqualTo("grpc: received message larger than max (1048577 vs. 1048576)");
    assertThat(message.headers().get("grpc-status-details-bin")).isNull();
    assertThat(grpcStatus(call(frame(1, bomb), "grpc-encoding", "gzip"))).isEqualTo("8");
  }

  @Test
  void overTheRateSaysWhenToComeBack() throws Exception {
    TenantLimits limits =
        TenantLimits.DEFAULTS.withIngestion(TenantLimits.Ingestion.DEFAULTS.withRate(1, 60));
    fixture = new Fixture(limits, TraceAdmission.UNLIMITED, DistributorConfig.DEFAULTS, 1L << 30);
    start(false);
    assertThat(post(PROTOBUF, oneSpan()).status().code()).isEqualTo(200);
    AggregatedHttpResponse refused =
        http(headers(JSON), jsonSpan().getBytes(StandardCharsets.UTF_8));
    assertThat(refused.status().code()).isEqualTo(429);
    assertThat(refused.headers().get("retry-after")).isEqualTo("5");
    assertThat(refused.contentUtf8())
        .startsWith(
            "{\"code\":8,\"message\":\"RATE_LIMITED: ingestion rate limit (local: 1 bytes/s,")
        .endsWith(
            "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"5s\"}]}");
    AggregatedHttpResponse call = call(frame(0, oneSpan()));
    assertThat(grpcStatus(call)).isEqualTo("8");
    byte[] status = Base64.getDecoder().decode(call.headers().get("grpc-status-details-bin"));
    assertThat(status[1]).isEqualTo((byte) RESOURCE_EXHAUSTED);
    assertThat(new String(status, StandardCharsets.ISO_8859_1)).contains("google.rpc.RetryInfo");
    // {1: {1: 5}}: five seconds.
    assertThat(java.util.Arrays.copyOfRange(status, status.length - 4, status.length))
        .isEqualTo(new byte[] {0x0A, 2, 8, 5});
    byte[] overBurst =
        io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest.parseFrom(oneSpan())
            .toBuilder()
            .addResourceSpans(
                io.opentelemetry.proto.trace.v1.ResourceSpans.newBuilder()
                    .setSchemaUrl("x".repeat(100)))
            .build()
            .toByteArray();
    AggregatedHttpResponse never = post(PROTOBUF, overBurst);
    assertThat(never.status().code()).isEqualTo(429);
    assertThat(never.headers().get("retry-after")).isNull();
    assertThat(received("refused", "http")).isEqualTo(2);
  }

  private static String jsonSpan() {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"0102030405060708090A0B0C0D0E0F10\",\"spanId\":\"0102030405060708\"}]}]}]}";
  }

  @Test
  void tenantComesFromTheHeader() {
    start(true);
    assertThat(post(JSON, jsonSpan().getBytes(StandardCharsets.UTF_8)).status().code())
        .isEqualTo(401);
    AggregatedHttpResponse anonymous = call(frame(0, oneSpan()));
    assertThat(grpcStatus(anonymous)).isEqualTo("16");
    assertThat(anonymous.headers().get("grpc-message")).isEqualTo("no org id");
    assertThat(call(frame(0, new byte[0])).trailers().get("grpc-status"))
        .as("no spans")
        .isEqualTo("0");
    assertThat(grpcStatus(call(frame(0, oneSpan()), "x-scope-orgid", "a|b"))).isEqualTo("3");
    assertThat(grpcStatus(call(frame(0, oneSpan()), "x-scope-orgid", "a"))).isEqualTo("0");
    assertThat(http(headers(PROTOBUF).set("X-Scope-OrgID", "b"), oneSpan()).status().code())
        .isEqualTo(200);
    assertThat(http(headers(PROTOBUF).set("X-Scope-OrgID", "b/c"), oneSpan()).status().code())
        .isEqualTo(400);
    assertThat(fixture.log.appended())
        .extracting(RecordingLog.Appended::tenant)
        .containsExactly(new TenantId("a"), new TenantId("b"));
  }

  @Test
  void refusedTracesAreReportedAsPartialSuccess() throws Exception {
    fixture =
        new Fixture(
            TenantLimits.DEFAULTS,
            (t, id, n) -> TraceAdmission.Decision.TRACE_TOO_LARGE,
            DistributorConfig.DEFAULTS,
            1L << 30);
    start(false);
    ExportTraceServiceResponse overHttp =
        ExportTraceServiceResponse.parseFrom(post(PROTOBUF, oneSpan()).content().array());
    assertThat(overHttp.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
    assertThat(overHttp.getPartialSuccess().getErrorMessage()).startsWith("TRACE_TOO_LARGE: ");
    byte[] overGrpc = call(frame(0, oneSpan())).content().array();
    assertThat(
            ExportTraceServiceResponse.parseFrom(
                java.util.Arrays.copyOfRange(overGrpc, 5, overGrpc.length)))
        .isEqualTo(overHttp);
    assertThat(post(JSON, jsonSpan().getBytes(StandardCharsets.UTF_8)).contentUtf8())
        .startsWith(
            "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"TRACE_TOO_LARGE: ");
  }

  @Test
  void overloadAndFailuresAreRetryable() {
    start(false);
    fixture.log.failWith(new RequestException(ErrorCategory.RESOURCE_EXHAUSTED, "disk full"));
    AggregatedHttpResponse full = post(JSON, jsonSpan().getBytes(StandardCharsets.UTF_8));
    assertThat(full.status().code()).isEqualTo(429);
    assertThat(full.headers().getInt("retry-after")).isBetween(1, 5);
    AggregatedHttpResponse call = call(frame(0, oneSpan()));
    assertThat(grpcStatus(call)).isEqualTo("8");
    assertThat(call.headers().get("grpc-status-details-bin")).isNotNull();
    fixture.log.failWith(new RequestException(ErrorCategory.UNAVAILABLE, "closing"));
    assertThat(post(PROTOBUF, oneSpan()).status().code()).isEqualTo(503);
    assertThat(grpcStatus(call(frame(0, oneSpan())))).isEqualTo("14");
    fixture.log.failWith(new IllegalStateException("bug"));
    assertThat(post(PROTOBUF, oneSpan()).status().code()).isEqualTo(500);
    fixture.log.failWith(null);
    fixture.budget.reserve(fixture.budget.capacityBytes());
    assertThat(post(PROTOBUF, oneSpan()).status().code()).isEqualTo(429);
    assertThat(grpcStatus(call(frame(0, oneSpan())))).isEqualTo("8");
    fixture.budget.release(fixture.budget.capacityBytes());
    assertThat(post(PROTOBUF, oneSpan()).status().code()).isEqualTo(200);
  }

  @Test
  void browsersOfAllowedOriginsMaySend() {
    start(false);
    RequestHeadersBuilder preflight =
        RequestHeaders.builder(HttpMethod.OPTIONS, "/v1/traces")
            .set("origin", "https://shop.example.com")
            .set("access-control-request-method", "POST")
            .set("access-control-request-headers", "content-type, x-own");
    AggregatedHttpResponse answer = http(preflight, new byte[0]);
    assertThat(answer.status().code()).isEqualTo(204);
    assertThat(answer.headers().get("access-control-allow-origin"))
        .isEqualTo("https://shop.example.com");
    assertThat(answer.headers().get("access-control-allow-headers"))
        .isEqualTo("content-type, x-own");
    assertThat(answer.headers().get("access-control-max-age")).isEqualTo("60");
    AggregatedHttpResponse stranger =
        http(preflight.set("origin", "https://example.org"), new byte[0]);
    assertThat(stranger.headers().get("access-control-allow-origin")).isNull();
    AggregatedHttpResponse post =
        http(headers(PROTOBUF).set("origin", "https://a.example.com"), oneSpan());
    assertThat(post.headers().get("access-control-allow-origin"))
        .isEqualTo("https://a.example.com");
  }

  @Test
  void jsonEqualsProtobuf() throws Exception {
    start(false);
    RandomRequests random = new RandomRequests(5);
    for (int i = 0; i < 30; i++) {
      var request = random.request();
      fixture.log.clear();
      assertThat(post(PROTOBUF, request.toByteArray()).status().code()).isEqualTo(200);
      List<RecordingLog.Appended> expected = fixture.log.appended();
      fixture.log.clear();
      AggregatedHttpResponse answer =
          post(JSON, OtlpJson.print(request, i % 2 == 0).getBytes(StandardCharsets.UTF_8));
      assertThat(answer.contentUtf8()).isEqualTo("{\"partialSuccess\":{}}");
      assertThat(RecordsEqual.spansOf(fixture.log.appended()))
          .isEqualTo(RecordsEqual.spansOf(expected));
    }
  }

  @Test
  void openTelemetryExportersSend() {
    start(false);
    export(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + grpc.activeLocalPort())
            .build());
    export(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + grpc.activeLocalPort())
            .setCompression("gzip")
            .build());
    export(
        OtlpHttpSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + http.activeLocalPort() + "/v1/traces")
            .build());
    export(
        OtlpHttpSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + http.activeLocalPort() + "/v1/traces")
            .setCompression("gzip")
            .build());
    assertThat(received("accepted", "grpc")).isEqualTo(20);
    assertThat(received("accepted", "http")).isEqualTo(20);
    assertThat(RecordsEqual.spansOf(fixture.log.appended())).hasSize(40);
  }

  private static void export(SpanExporter exporter) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build();
    try (provider) {
      for (int i = 0; i < 10; i++) {
        Span span =
            provider
                .get("test")
                .spanBuilder("op " + i)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("n", i)
                .startSpan();
        span.addEvent("happened");
        span.end();
      }
      CompletableResultCode flushed = provider.forceFlush().join(10, TimeUnit.SECONDS);
      assertThat(flushed.isSuccess()).isTrue();
    }
  }
}
