package io.vivace.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.vivace.api.proto.SearchTagValuesResponse;
import io.vivace.api.proto.SearchTagValuesV2Response;
import io.vivace.api.proto.SearchTagsResponse;
import io.vivace.api.proto.SearchTagsV2Response;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.engine.MemorySource;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.query.QueryConfig;
import io.vivace.query.QueryFrontend;
import io.vivace.query.RecentData;
import io.vivace.query.TenantQueryLimits;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The shapes of the answers about tags, asked over a connection.
class TagApiTest {
  private static final long NOW_SECONDS = 1_700_000_000;
  private static final long NANOS = 1_000_000_000;

  private static final ExecutorService EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Server server;

  private static RecentData recent() {
    OtlpTrace trace = OtlpTrace.trace("a1");
    OtlpResource resource = trace.service("cart").attr("a/b", "slash").attr("100%", "percent");
    resource
        .span("GET <x>", (NOW_SECONDS - 60) * NANOS, NANOS)
        .attr("v", 7)
        .attr("with space", "value 1")
        .attr("say \"hi\"", "")
        .attr("path/values", "inner")
        .event("e", (NOW_SECONDS - 60) * NANOS)
        .eventAttr("kind", "k");
    resource.span("POST", (NOW_SECONDS - 60) * NANOS, NANOS).attr("v", "text");
    byte[] otlp = trace.toTracesData();
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    builder.add(trace.id(), otlp, 0, otlp.length);
    TraceColumns columns = builder.build();
    return new RecentData() {
      @Override
      public View view(TenantId tenant) {
        return new View(List.of(new MemorySource("live", columns)), Set.of());
      }

      @Override
      public List<TraceColumns> find(TenantId tenant, TraceId traceId) {
        return List.of();
      }
    };
  }

  private static final TenantQueryLimits LIMITS =
      new TenantQueryLimits() {
        @Override
        public Duration maxSearchDuration(TenantId tenant) {
          return Duration.ZERO;
        }

        @Override
        public long maxBytesPerTrace(TenantId tenant) {
          return 0;
        }

        @Override
        public int maxConditionGroupsPerTagQuery(TenantId tenant) {
          return 3;
        }
      };

  @BeforeAll
  static void start() {
    QueryFrontend frontend =
        new QueryFrontend(
            QueryConfig.defaults(),
            LIMITS,
            recent(),
            _ -> List.of(),
            InstantSource.fixed(Instant.ofEpochSecond(NOW_SECONDS)));
    ServerBuilder builder =
        Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    new TempoHttpApi(frontend, new QueryTenants(false, true), _ -> false, EXECUTOR)
        .register(builder, "/tempo");
    server = builder.build();
    server.start().join();
  }

  @AfterAll
  static void stop() {
    server.stop().join();
    EXECUTOR.shutdownNow();
  }

  private static HttpResponse<byte[]> ask(String pathAndQuery, String accept)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/tempo" + pathAndQuery);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("accept", accept)
            .timeout(Duration.ofSeconds(20))
            .build();
    return CLIENT.send(request, BodyHandlers.ofByteArray());
  }

  /// The body without the amount of inspected data.
  private static String json(String pathAndQuery) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = ask(pathAndQuery, "*/*");
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    return body.replaceFirst(",\"metrics\":\\{(\"inspectedBytes\":\"\\d+\")?}}$", "}");
  }

  @Test
  void namesWithoutScopes() throws Exception {
    assertThat(json("/api/search/tags"))
        .isEqualTo(
            "{\"tagNames\":[\"100%\",\"a/b\",\"kind\",\"path/values\",\"say \\\"hi\\\"\","
                + "\"service.name\",\"v\",\"with space\"]}");
    assertThat(json("/api/search/tags?scope=resource&limit=2&q=ignored"))
        .isEqualTo("{\"tagNames\":[\"100%\",\"a/b\"]}");
    assertThat(json("/api/search/tags?scope=trace")).isEqualTo("{\"tagNames\":[]}");
    assertThat(json("/api/search/tags?scope=intrinsic")).contains("\"traceDuration\"]}");
  }

  @Test
  void namesByScope() throws Exception {
    assertThat(json("/api/v2/search/tags?limit=x"))
        .startsWith(
            "{\"scopes\":[{\"name\":\"resource\",\"tags\":[\"100%\",\"a/b\",\"service.name\"]},"
                + "{\"name\":\"span\",\"tags\":[\"path/values\",\"say \\\"hi\\\"\",\"v\",\"with"
                + " space\"]},{\"name\":\"event\",\"tags\":[\"kind\"]},"
                + "{\"name\":\"intrinsic\",\"tags\":[\"duration\",\"event:name\",");
    assertThat(json("/api/v2/search/tags?scope=span&q=%7Bname%3D%22POST%22%7D"))
        .isEqualTo("{\"scopes\":[{\"name\":\"span\",\"tags\":[\"v\"]}]}");
    assertThat(json("/api/v2/search/tags?scope=link")).isEqualTo("{\"scopes\":[]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "/api/search/tag/service.name/values@[\"cart\"]",
        "/api/search/tag/v/values@[\"7\",\"text\"]",
        "/api/search/tag/a/b/values@[\"slash\"]",
        "/api/search/tag/a%2Fb/values@[\"slash\"]",
        "/api/search/tag/path/values/values@[\"inner\"]",
        "/api/search/tag/100%25/values@[\"percent\"]",
        "/api/search/tag/with%20space/values@[\"value 1\"]",
        "/api/search/tag/status.code/values@[\"error\",\"ok\",\"unset\"]",
        "/api/search/tag/error/values@[\"true\"]",
        "/api/search/tag/name/values?limit=1@[\"GET \\u003cx\\u003e\"]",
        "/api/search/tag/unknown/values@[]",
        "/api/v2/search/tag/span.v/values@[{\"type\":\"int\",\"value\":\"7\"},"
            + "{\"type\":\"string\",\"value\":\"text\"}]",
        "/api/v2/search/tag/resource.a/b/values@[{\"type\":\"string\",\"value\":\"slash\"}]",
        "/api/v2/search/tag/span.%22with%20space%22/values@[{\"type\":\"string\",\"value\":\"value"
            + " 1\"}]",
        "/api/v2/search/tag/span.%22say%20%5C%22hi%5C%22%22/values@[{\"type\":\"string\"}]",
        "/api/v2/search/tag/resource.service.name/values@[{\"type\":\"string\",\"value\":\"cart\"}]",
        "/api/v2/search/tag/event%3Aname/values@[{\"type\":\"string\",\"value\":\"e\"}]",
        "/api/v2/search/tag/event:name/values@[{\"type\":\"string\",\"value\":\"e\"}]",
        "/api/v2/search/tag/duration/values@[]",
        "/api/v2/search/tag/name/values?q=%7Bspan.v%3D7%20%26%26%20name%3D@[{\"type\":\"string\","
            + "\"value\":\"GET \\u003cx\\u003e\"}]",
        "/api/v2/search/tag/status/values?limit=1@[{\"type\":\"keyword\",\"value\":\"error\"},"
            + "{\"type\":\"keyword\",\"value\":\"ok\"},{\"type\":\"keyword\",\"value\":\"unset\"}]"
      })
  void values(String path, String expected) throws Exception {
    assertThat(json(path)).isEqualTo("{\"tagValues\":" + expected + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "@2",
        "start=1699999900&end=1700000000@2",
        "start=1699999900000000000&end=1700000000000000000@2",
        "start=1699999900.5&end=2023-11-14T22:13:20Z@2",
        "since=15m@2",
        "start=1699990000&end=1699990001@0",
        "since=10s@0"
      })
  void timeRange(String parameters, int count) throws Exception {
    String path = "/api/search/tag/name/values" + (parameters == null ? "" : "?" + parameters);
    assertThat(json(path))
        .isEqualTo(
            count == 0
                ? "{\"tagValues\":[]}"
                : "{\"tagValues\":[\"GET \\u003cx\\u003e\",\"POST\"]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "/api/v2/search/tags?scope=spans@invalid scope: spans",
        "/api/search/tags?start=5@error parsing date range: only one of start and end provided:"
            + " must provide both or neither",
        "/api/search/tags?start=x&end=5@error parsing date range: could not parse 'start'"
            + " parameter: \"x\"",
        "/api/search/tags?start=1&end=1.0e999999999@error parsing date range: could not parse 'end'"
            + " parameter",
        "/api/search/tags?since=soon@error parsing date range: could not parse 'since' parameter",
        "/api/v2/search/tags?start=1&end=9999999@range specified by start and end exceeds",
        "/api/search/tag/v/values?limit=-1@invalid limit: ",
        "/api/v2/search/tag/v/values@please provide a valid tagName: failed to parse identifier v:",
        "/api/v2/search/tag//values@please provide a non-empty tagName",
        "/api/search/tag/values@please provide a non-empty tagName",
        "/api/v2/search/tag/name/values?q=%7B.a%3D1%7C%7C.a%3D2%7C%7C.a%3D3%7C%7C.a%3D4%7D@maximum"
            + " condition groups reached (limit: 3)"
      })
  void refusals(String path, String message) throws Exception {
    HttpResponse<byte[]> response = ask(path, "*/*");
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).startsWith(message);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
  }

  @Test
  void otherPathsAreNotThere() throws Exception {
    assertThat(ask("/api/search/tag/name", "*/*").statusCode()).isEqualTo(404);
  }

  @Test
  void protobuf() throws Exception {
    String accept = "application/protobuf, application/json";
    HttpResponse<byte[]> names = ask("/api/v2/search/tags", accept);
    assertThat(names.headers().firstValue("content-type")).contains("application/protobuf");
    SearchTagsV2Response scopes = SearchTagsV2Response.parseFrom(names.body());
    assertThat(scopes.getScopes(1).getName()).isEqualTo("span");
    assertThat(scopes.getScopes(1).getTagsList()).contains("v", "with space");
    assertThat(scopes.getMetrics().getInspectedBytes()).isPositive();
    assertThat(
            SearchTagsResponse.parseFrom(ask("/api/search/tags", accept).body()).getTagNamesList())
        .contains("service.name");
    assertThat(
            SearchTagValuesResponse.parseFrom(ask("/api/search/tag/v/values", accept).body())
                .getTagValuesList())
        .containsExactly("7", "text");
    SearchTagValuesV2Response values =
        SearchTagValuesV2Response.parseFrom(ask("/api/v2/search/tag/.v/values", accept).body());
    assertThat(values.getTagValues(0).getType()).isEqualTo("int");
    assertThat(values.getTagValues(1).getValue()).isEqualTo("text");
  }

  @Test
  void formForModels() throws Exception {
    HttpResponse<byte[]> response =
        ask("/api/v2/search/tag/span.v/values", "application/vnd.grafana.llm");
    assertThat(response.headers().firstValue("content-type"))
        .contains("application/vnd.grafana.llm+json");
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .matches(
            "\\{\"tagValues\":\\{\"int\":\\[\"7\"],\"string\":\\[\"text\"]},"
                + "\"metrics\":\\{\"inspectedBytes\":\\d+}}");
  }
}
