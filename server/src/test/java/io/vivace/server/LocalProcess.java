package io.vivace.server;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.server.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The whole server inside the test's own process, on free ports of the loopback interface, with
/// clients for its ports. Cheaper than a [RunningServer].
final class LocalProcess implements AutoCloseable {
  private static final String GRPC_EXPORT =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final SingleProcess process;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private LocalProcess(SingleProcess process) {
    this.process = process;
  }

  /// @param folder holds the data
  /// @param moreYaml further top-level keys
  static LocalProcess start(Path folder, String moreYaml) throws Exception {
    String yaml =
        """
        server: {http_listen_address: 127.0.0.1, http_listen_port: 0}
        distributor:
          receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: {endpoint: "127.0.0.1:0"}}}}
        storage: {trace: {backend: local, wal: {path: "%1$s/wal"}, local: {path: "%1$s/blocks"}}}
        """
                .formatted(folder)
            + moreYaml;
    Path file = Files.writeString(folder.resolve("vivace.yaml"), yaml);
    return new LocalProcess(
        SingleProcess.start(new ConfigLoader(Map.of()).load(file, false, Map.of()), false));
  }

  String url(String port) {
    return process.url(port);
  }

  int port(String port) {
    return URI.create(url(port)).getPort();
  }

  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url("api") + path)).timeout(Duration.ofSeconds(60));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> search(String query, String... headers)
      throws IOException, InterruptedException {
    return get("/api/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8), headers);
  }

  /// The ids of all spans of a trace by v1; empty if there is no such trace.
  List<String> spanIds(String traceId, String... headers) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        get("/api/traces/" + traceId, with(headers, "Accept", "application/protobuf"));
    if (response.statusCode() == 404) {
      return List.of();
    }
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + text(response));
    }
    List<String> ids = new ArrayList<>();
    for (ResourceSpans resource : TracesData.parseFrom(response.body()).getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          ids.add(HexFormat.of().formatHex(span.getSpanId().toByteArray()));
        }
      }
    }
    return ids;
  }

  HttpResponse<byte[]> push(String contentType, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url("otlp_http") + "/v1/traces"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> push(byte[] otlp, String... headers)
      throws IOException, InterruptedException {
    return push("application/x-protobuf", otlp, headers);
  }

  /// A unary OTLP/gRPC call, message by message as it is on the wire.
  ///
  /// @return the value of `grpc-status`
  String pushGrpc(byte[] otlp, String... metadata) {
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.POST, GRPC_EXPORT)
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    for (int i = 0; i < metadata.length; i += 2) {
      headers.add(metadata[i], metadata[i + 1]);
    }
    byte[] frame =
        ByteBuffer.allocate(5 + otlp.length).put((byte) 0).putInt(otlp.length).put(otlp).array();
    AggregatedHttpResponse response =
        WebClient.of("h2c://127.0.0.1:" + port("otlp_grpc"))
            .execute(headers.build(), HttpData.wrap(frame))
            .aggregate()
            .join();
    String trailer = response.trailers().get("grpc-status");
    return trailer != null ? trailer : response.headers().get("grpc-status", "none");
  }

  private static String[] with(String[] headers, String name, String value) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(name);
    all.add(value);
    return all.toArray(String[]::new);
  }

  /// Stops the server as a signal would: everything goes into blocks.
  @Override
  public void close() {
    process.close();
    client.shutdownNow();
  }
}
