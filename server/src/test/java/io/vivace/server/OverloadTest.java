package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// More than the process can take: a small heap, many connections that send as fast as they can,
/// one huge trace among them, no limits, and queries meanwhile. Clients are told to come back
/// later, and what was acknowledged is there.
@Tag("full")
class OverloadTest {
  private static final int CONNECTIONS = 32;
  private static final int QUERIES = 7;
  private static final int SPANS_PER_PUSH = 100;
  private static final int LARGE_TRACE_SPANS = 200_000;
  private static final int LARGE_TRACE_PUSH = 1_000;
  private static final Duration LOAD = Duration.ofSeconds(20);
  private static final Duration LONGEST_LOAD = Duration.ofSeconds(60);
  private static final int SAMPLE = 300;
  private static final String LARGE_TRACE = "11111111222222223333333344444444";
  private static final Pattern COUNTER =
      Pattern.compile("(?m)^(vivace_\\S+|tempo_live_store\\S+|jvm_memory_used\\S+) (\\S+)$");

  @TempDir Path folder;

  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();
  private final LongAdder acknowledgedSpans = new LongAdder();
  private final LongAdder uncertainSpans = new LongAdder();
  private final AtomicLong ids = new AtomicLong(1);
  private final AtomicBoolean areSendersDone = new AtomicBoolean();
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicBoolean isLargeTraceSent = new AtomicBoolean();

  @Test
  @Timeout(300)
  void overloadLosesNothing() throws Exception {
    String config = config();
    try (RunningServer server = RunningServer.start(folder, config)) {
      load(server);
      System.out.println(
          "answers " + new TreeMap<>(answers) + " acknowledged spans " + acknowledgedSpans.sum());
      System.out.println(figures(server));
      assertThat(unexpected).as(server.logText()).isEmpty();
      assertThat(isLargeTraceSent).as("the large trace is sent\n%s", server.logText()).isTrue();
      check("after the load", server);
      assertThat(server.logText()).doesNotContain("OutOfMemoryError");
      server.terminate(Duration.ofSeconds(60));
    }
    try (RunningServer server = RunningServer.start(folder, config)) {
      check("after a restart", server);
      assertThat(server.logText()).doesNotContain("OutOfMemoryError");
    }
  }

  private String config() throws IOException {
    String yaml =
        """
        server: {http_listen_address: 127.0.0.1, http_listen_port: 0}
        distributor: {receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}}}
        overrides:
          defaults:
            global: {max_bytes_per_trace: 0}
            ingestion: {max_traces_per_user: 0, rate_limit_bytes: 10000000000, burst_size_bytes: 2000000000}
        """;
    return "-config.file=" + Files.writeString(folder.resolve("tempo.yaml"), yaml);
  }

  /// Each answer alone is a good part of the heap.
  @Test
  @Timeout(200)
  void manyReadersOfOneLargeTrace() throws Exception {
    try (RunningServer server = RunningServer.start(folder, config())) {
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      sendLargeTrace(server, client);
      assertThat(server.spanIds(LARGE_TRACE)).hasSize(LARGE_TRACE_SPANS).doesNotHaveDuplicates();
      try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
          String path = (i % 2 == 0 ? "/api/traces/" : "/api/v2/traces/") + LARGE_TRACE;
          String form = i % 4 < 2 ? "application/json" : "application/protobuf";
          readers.add(threads.submit(() -> read(server, client, path, form)));
        }
        for (Future<?> reader : readers) {
          reader.get();
        }
      } finally {
        client.shutdownNow();
      }
      System.out.println("answers " + new TreeMap<>(answers));
      assertThat(unexpected).as(server.logText()).isEmpty();
      assertThat(answers.keySet())
          .as("some are answered")
          .anyMatch(answer -> answer.startsWith("trace") && answer.endsWith(" 200"));
      assertThat(server.logText()).doesNotContain("OutOfMemoryError");
      assertThat(server.spanIds(LARGE_TRACE)).as("afterwards").hasSize(LARGE_TRACE_SPANS);
    }
  }

  private Void read(RunningServer server, HttpClient client, String path, String form)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address("api") + path))
            .timeout(Duration.ofSeconds(90))
            .header("Accept", form)
            .build();
    for (int i = 0; i < 3; i++) {
      note("trace " + form, client.send(request, OverloadTest::onlyErrors), 429, 503, 504);
    }
    return null;
  }

  private void load(RunningServer server) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS + QUERIES)) {
      List<Future<?>> running = new ArrayList<>();
      running.add(threads.submit(() -> sendLargeTrace(server, client)));
      for (int i = 1; i < CONNECTIONS; i++) {
        long seed = i;
        running.add(threads.submit(() -> send(server, client, new Random(seed))));
      }
      for (int i = 0; i < QUERIES; i++) {
        running.add(threads.submit(() -> query(server, client)));
      }
      long startNanos = System.nanoTime();
      Future<?> large = running.getFirst();
      try {
        LockSupport.parkNanos(LOAD.toNanos());
        areSendersDone.set(true);
        // Refused pushes of the large trace are repeated; with nobody else sending they get
        // through.
        while (!large.isDone() && System.nanoTime() - startNanos < LONGEST_LOAD.toNanos()) {
          LockSupport.parkNanos(50_000_000);
        }
      } finally {
        areSendersDone.set(true);
        isOver.set(true);
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      client.shutdownNow();
    }
  }

  private Void sendLargeTrace(RunningServer server, HttpClient client) throws Exception {
    for (int from = 0; from < LARGE_TRACE_SPANS; from += LARGE_TRACE_PUSH) {
      byte[] push = Spans.request(LARGE_TRACE, spanIds(LARGE_TRACE_PUSH), "large");
      while (!push(server, client, push, LARGE_TRACE_PUSH)) {
        if (isOver.get()) {
          return null;
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
    isLargeTraceSent.set(true);
    return null;
  }

  private Void send(RunningServer server, HttpClient client, Random random) throws Exception {
    while (!areSendersDone.get()) {
      String trace = "%016x%016x".formatted(random.nextLong(), ids.incrementAndGet());
      if (push(
          server, client, Spans.request(trace, spanIds(SPANS_PER_PUSH), "load"), SPANS_PER_PUSH)) {
        acknowledged.add(trace);
      }
    }
    return null;
  }

  private List<String> spanIds(int count) {
    List<String> spans = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      spans.add("%016x".formatted(ids.incrementAndGet()));
    }
    return spans;
  }

  private boolean push(RunningServer server, HttpClient client, byte[] otlp, int spans)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address("otlp_http") + "/v1/traces"))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(otlp))
            .build();
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    note("push", response, 429, 503);
    if (response.statusCode() == 200) {
      assertThat(
              ExportTraceServiceResponse.parseFrom(response.body())
                  .getPartialSuccess()
                  .getRejectedSpans())
          .isZero();
      acknowledgedSpans.add(spans);
      return true;
    }
    if (response.statusCode() == 503) {
      uncertainSpans.add(spans);
    }
    return false;
  }

  private void note(String what, HttpResponse<byte[]> response, int... expected) {
    answers.computeIfAbsent(what + " " + response.statusCode(), k -> new LongAdder()).increment();
    boolean isExpected = response.statusCode() == 200;
    for (int status : expected) {
      isExpected |= response.statusCode() == status;
    }
    if (!isExpected && unexpected.size() < 10) {
      unexpected.add(
          what
              + " "
              + response.statusCode()
              + " "
              + new String(response.body(), StandardCharsets.UTF_8));
    }
  }

  private Void query(RunningServer server, HttpClient client) throws Exception {
    List<String> paths =
        List.of(
            search("{ resource.service.name = \"load\" && name =~ \".*f\" }"),
            search("{ duration > 1h }"),
            "/api/traces/" + LARGE_TRACE,
            "/api/v2/traces/" + LARGE_TRACE,
            search("{ }") + "&limit=262144&spss=100",
            search("{ span:id = \"0000000000000001\" }"),
            "/api/metrics/query_range?step=10s&q="
                + encode("{ } | count_over_time() by (resource.service.name)"));
    for (int i = ThreadLocalRandom.current().nextInt(paths.size()); !isOver.get(); i++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.address("api") + paths.get(i % paths.size())))
              .timeout(Duration.ofSeconds(90))
              .header("Accept", i % 2 == 0 ? "application/protobuf" : "application/json")
              .build();
      note(
          "query" + i % paths.size(),
          client.send(request, OverloadTest::onlyErrors),
          404,
          429,
          503,
          504);
    }
    return null;
  }

  private static HttpResponse.BodySubscriber<byte[]> onlyErrors(HttpResponse.ResponseInfo answer) {
    return answer.statusCode() == 200
        ? HttpResponse.BodySubscribers.replacing(new byte[0])
        : HttpResponse.BodySubscribers.ofByteArray();
  }

  private static String search(String query) {
    return "/api/search?q=" + encode(query);
  }

  private static String encode(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private static String figures(RunningServer server) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    Matcher matcher = COUNTER.matcher(server.text("/metrics"));
    while (matcher.find()) {
      if (!matcher.group(1).contains("_bucket")) {
        text.append(matcher.group()).append('\n');
      }
    }
    return text.toString();
  }

  private void check(String when, RunningServer server) throws Exception {
    List<String> traces = new ArrayList<>(acknowledged);
    Collections.shuffle(traces, new Random(7));
    for (String trace : traces.subList(0, Math.min(SAMPLE, traces.size()))) {
      assertThat(server.spanIds(trace))
          .as("%s: %s\n%s", when, trace, server.logText())
          .hasSize(SPANS_PER_PUSH)
          .doesNotHaveDuplicates();
    }
    assertThat(server.spanIds(LARGE_TRACE))
        .as("%s: the large trace", when)
        .hasSize(LARGE_TRACE_SPANS)
        .doesNotHaveDuplicates();
    String series =
        server.text("/api/metrics/query?since=1h&q=" + encode("{ } | count_over_time()"));
    Matcher value = Pattern.compile("\"value\":([0-9.eE+]+)").matcher(series);
    assertThat(value.find()).as(series).isTrue();
    assertThat((long) Double.parseDouble(value.group(1)))
        .as("%s: all spans", when)
        .isBetween(acknowledgedSpans.sum(), acknowledgedSpans.sum() + uncertainSpans.sum());
  }
}
