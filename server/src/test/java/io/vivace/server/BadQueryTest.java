package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries that are wrong or meant to hurt: each gets a clear refusal or a bounded answer, and the
/// server answers the next one.
@Timeout(60)
class BadQueryTest {
  private static final String TRACE = "8af7651916cd43dd8448eb211c80319c";
  private static final String SHORT_TRACE = "00000000000000000000000000000abc";
  private static final int SPANS = 2_000;
  private static final int MAX_QUERY_BYTES = 131_072;

  @TempDir static Path folder;
  private static LocalProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = LocalProcess.start(folder, "");
    List<String> spans = new ArrayList<>();
    for (int i = 1; i <= SPANS; i++) {
      spans.add("%016x".formatted(i));
    }
    assertThat(server.push(Spans.request(TRACE, spans, "a".repeat(2_000))).statusCode())
        .isEqualTo(200);
    assertThat(
            server
                .push(Spans.request(SHORT_TRACE, List.of("00000000000000aa"), "short"))
                .statusCode())
        .isEqualTo(200);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> LocalProcess.text(server.search("{}")).contains(TRACE));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void answersAfterwards() throws Exception {
    assertThat(LocalProcess.text(server.search("{ resource.service.name = \"short\" }")))
        .contains("\"traceID\":\"abc\"");
    assertThat(server.get("/ready").statusCode()).isEqualTo(200);
  }

  private static void answers(HttpResponse<byte[]> response, int status, String text) {
    assertThat(LocalProcess.text(response)).contains(text);
    assertThat(response.statusCode()).isEqualTo(status);
    if (status >= 400) {
      assertThat(response.headers().firstValue("content-type"))
          .hasValue("text/plain; charset=utf-8");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/traces/", "/api/v2/traces/"})
  void traceIds(String path) throws Exception {
    answers(
        server.get(path + "12x4"),
        400,
        "trace IDs can only contain hex characters: invalid character 'x' at position 3");
    answers(
        server.get(path + "%20"),
        400,
        "trace IDs can only contain hex characters: invalid character ' ' at position 1");
    answers(
        server.get(path + "%C3%A4"),
        400,
        "trace IDs can only contain hex characters: invalid character");
    answers(server.get(path + "1".repeat(33)), 400, "trace IDs can't be larger than 128 bits");
    answers(server.get(path + "1".repeat(20_000)), 400, "trace IDs can't be larger than 128 bits");
    assertThat(server.get(path + "..%2f..%2fetc%2fpasswd").statusCode()).isBetween(400, 404);
    // Short ids are padded, whatever their number of digits and their case.
    for (String id : List.of("abc", "0abc", "ABC", "00000abc", SHORT_TRACE)) {
      answers(server.get(path + id), 200, "operation 00000000000000aa");
    }
  }

  @Test
  void unknownTraces() throws Exception {
    HttpResponse<byte[]> v1 = server.get("/api/traces/1");
    assertThat(v1.statusCode()).isEqualTo(404);
    assertThat(v1.body()).isEmpty();
    answers(server.get("/api/v2/traces/1"), 200, "{\"trace\":{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/traces/", "/api/v2/traces/"})
  void traceParameters(String path) throws Exception {
    answers(
        server.get(path + TRACE + "?start=20&end=10"),
        400,
        "http parameter start must be before end. received start=20 end=10");
    answers(
        server.get(path + TRACE + "?start=10&end=10"),
        400,
        "http parameter start must be before end. received start=10 end=10");
    answers(server.get(path + TRACE + "?start=x&end=10"), 400, "invalid start: ");
    answers(server.get(path + TRACE + "?start=1&end=9223372036854775808"), 400, "invalid end: ");
    answers(server.get(path + TRACE + "?mode=none"), 400, "invalid value for mode none");
    // Independent, never cut spans out, and do not overflow.
    answers(server.get(path + TRACE + "?start=10"), 200, "operation ");
    answers(
        server.get(path + TRACE + "?start=-9223372036854775808&end=9223372036854775807"),
        200,
        "operation ");
    answers(server.get(path + TRACE + "?start=1&end=2"), 200, "operation ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start=200&end=100 | http parameter start must be before end. received start=200 end=100",
        "start=100&end=100 | http parameter start must be before end. received start=100 end=100",
        "start=100 | error parsing date range: only one of start and end provided: must provide both or neither",
        "end=100 | error parsing date range: only one of start and end provided: must provide both or neither",
        "start=x&end=100 | invalid start: ",
        "start=1&end=4294967296 | invalid end: ",
        "start=-1&end=100 | invalid start: ",
        "start=1&end=1.5 | invalid end: ",
        "since=yesterday | error parsing date range: could not parse 'since' parameter: ",
        "limit=0 | invalid limit: must be a positive number",
        "limit=-1 | invalid limit: ",
        "limit=x | invalid limit: ",
        "limit=4294967296 | invalid limit: ",
        "limit=4294967295 | limit 4294967295 exceeds max limit 262144",
        "limit=262145 | limit 262145 exceeds max limit 262144",
        "spss=101 | spans per span set exceeds 100. received 101",
        "spss=-1 | invalid spss: ",
        "spss=4294967295 | spans per span set exceeds 100. received 4294967295",
        "minDuration=x | invalid minDuration: ",
        "maxDuration=-1s | invalid maxDuration: ",
        "minDuration=2s&maxDuration=1s | invalid maxDuration: must be greater than minDuration",
        "tags=a%3Db%20a%3Dc | invalid tags: tag a has been set twice",
        "tags=%3D | invalid tags: ",
        "tags=a%3Db&q=%7B%7D | invalid request: can't specify tags and q in the same query",
        "q=%7B | invalid TraceQL query: parse error at line 1, col 2: syntax error: unexpected $end",
        "q=%7B%7D%7D | invalid TraceQL query: parse error at line 1, col 3: syntax error: unexpected }",
        "q=%7B%20.a%20%3D~%20%22(%22%20%7D | invalid TraceQL query: ",
        "q=%7B%201%20%2B%20%22a%22%20%3D%201%20%7D | invalid TraceQL query: ",
      })
  void searchParameters(String parameters, String message) throws Exception {
    answers(server.get("/api/search?" + parameters), 400, message);
  }

  @Test
  void aRangeThatIsTooLong() throws Exception {
    answers(
        server.get("/api/search?start=1&end=4294967295"),
        400,
        "range specified by start and end exceeds 168h0m0s. received start=1 end=");
    long now = Instant.now().getEpochSecond();
    answers(
        server.get("/api/search?q=%7B%7D&start=" + (now - 168 * 3600 - 100) + "&end=" + now),
        400,
        "exceeds 168h0m0s");
    answers(
        server.get("/api/search?q=%7B%7D&start=" + (now - 3600) + "&end=" + (now + 3600)),
        200,
        TRACE);
  }

  @Test
  void theLargestLimits() throws Exception {
    answers(server.get("/api/search?q=%7B%7D&limit=262144&spss=100"), 200, "\"matched\":" + SPANS);
    answers(server.get("/api/search?q=%7B%7D&spss=0"), 200, TRACE);
  }

  @Test
  void brokenEscapesInTheUrl() throws Exception {
    assertThat(raw("/api/search?q=%")).containsPattern("^HTTP/1.1 [24]\\d\\d");
    assertThat(raw("/api/search?q=%zz")).containsPattern("^HTTP/1.1 [24]\\d\\d");
    assertThat(raw("/api/search?q=%ff%fe")).containsPattern("^HTTP/1.1 [24]\\d\\d");
    assertThat(raw("/api/traces/%")).containsPattern("^HTTP/1.1 4\\d\\d");
    assertThat(raw("/api/traces/%00")).containsPattern("^HTTP/1.1 4\\d\\d");
  }

  /// The answer to a path that no client library would send.
  private static String raw(String path) throws IOException {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", server.port("api"))) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "!", "!(", "-", "-("})
  void deepNestingInAFilter(String opening) throws Exception {
    String closing = opening.endsWith("(") ? ")" : "";
    String query =
        "{ "
            + opening.repeat(10_000)
            + (opening.startsWith("-") ? "1" : "true")
            + closing.repeat(10_000)
            + (opening.startsWith("-") ? " = 1" : "")
            + " }";
    HttpResponse<byte[]> response = server.search(query);
    assertThat(response.statusCode()).as(LocalProcess.text(response)).isIn(200, 400);
    if (response.statusCode() == 400) {
      assertThat(LocalProcess.text(response))
          .startsWith("invalid TraceQL query: ")
          .hasSizeLessThan(2_000);
    }
  }

  @Test
  void deepNestingOfSpansets() throws Exception {
    for (String query :
        List.of(
            "(".repeat(10_000) + "{}" + ")".repeat(10_000),
            "{}" + " && {}".repeat(10_000),
            "{}" + " >> {}".repeat(10_000),
            "{}" + " | {}".repeat(10_000),
            "{ true" + " || .a = 1".repeat(10_000) + " }",
            "{ .a" + " + .a".repeat(10_000) + " = 1 }",
            "{ .a = [" + "1,".repeat(40_000) + "1] }",
            "{".repeat(100_000))) {
      HttpResponse<byte[]> response = server.search(query);
      assertThat(response.statusCode())
          .as("%.40s: %.300s", query, LocalProcess.text(response))
          .isIn(200, 400, 429);
      assertThat(LocalProcess.text(response).length()).isLessThan(100_000);
      String metrics = "/api/metrics/query?q=" + encode(query + " | rate()");
      response = server.get(metrics);
      assertThat(response.statusCode())
          .as("%.40s: %.300s", query, LocalProcess.text(response))
          .isIn(200, 400, 429);
    }
  }

  @Test
  void theLongestQuery() throws Exception {
    String query = "{ resource.service.name = \"short\" }";
    String longest = query + " ".repeat(MAX_QUERY_BYTES - query.length());
    answers(server.search(longest), 200, "\"traceID\":\"abc\"");
    String refusal =
        "TraceQL expression exceeds the configured maximum size of 131072 bytes, reduce the query expression size or contact your system administrator";
    assertThat(LocalProcess.text(server.search(longest + " "))).isEqualTo(refusal);
    answers(server.search(longest + " "), 400, refusal);
    answers(server.get("/api/metrics/query_range?q=" + encode(longest + " ")), 400, refusal);
    // Bytes count, not characters: here every one of them has two.
    String wide = "{ .a = \"" + "ä".repeat(MAX_QUERY_BYTES / 2) + "\" }";
    answers(server.search(wide), 400, refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(.*a){25}$",
        "(.*a){25}b$",
        "((a*)*)*b",
        "(a|a)*b",
        "(a+)+$",
        "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]$",
        "(a{0,1000}){0,1000}b",
        "((((a{1,100}){1,100}){1,100}){1,100}){1,100}b",
        "(x{1000}){1000}",
        "a{1000}b{1000}c{1000}d{1000}",
        "(\\\\w{0,500}\\\\d{0,500}){0,2}x",
        "a{1000000000}",
      })
  void regexesBuiltToExplode(String regex) throws Exception {
    long start = System.nanoTime();
    for (String attribute : List.of("resource.service.name", "name")) {
      HttpResponse<byte[]> response = server.search("{ " + attribute + " =~ \"" + regex + "\" }");
      assertThat(response.statusCode()).as(LocalProcess.text(response)).isIn(200, 400);
      if (response.statusCode() == 400) {
        assertThat(LocalProcess.text(response)).startsWith("invalid TraceQL query: ");
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aLongAlternation() throws Exception {
    String regex = "(" + "ab?c*|".repeat(15_000) + "x)";
    HttpResponse<byte[]> response = server.search("{ name =~ \"" + regex + "\" }");
    assertThat(response.statusCode()).as(LocalProcess.text(response)).isIn(200, 400);
  }
}
