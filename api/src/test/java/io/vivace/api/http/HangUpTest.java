package io.vivace.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.engine.BatchSource;
import io.vivace.engine.MemorySource;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.query.MetricsConfig;
import io.vivace.query.QueryConfig;
import io.vivace.query.QueryFrontend;
import io.vivace.query.RecentData;
import io.vivace.query.StoredData.StoredBlock;
import io.vivace.query.TenantQueryLimits;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.testkit.otlp.RandomTraces;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that hangs up stops its query, wherever the query is. The data has no end, so that
/// nothing else can.
@Timeout(60)
class HangUpTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_120);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String SEARCH = "/api/search?q=%7B%20name%20%3D~%20%22.*nothing.*%22%20%7D";
  private static final String METRICS =
      "/api/metrics/query_range?since=1h&step=60s&q=%7B%7D%7Ccount_over_time()";
  private static final String TRACE_V1 = "/api/traces/12";
  private static final String TRACE_V2 = "/api/v2/traces/12";

  private final CountDownLatch isReading = new CountDownLatch(100);
  private final AtomicInteger entered = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final BatchSource source = new EndlessSource(some(), isReading);
  private volatile List<StoredBlock> blocks = List.of();
  private ExecutorService threads;
  private Server server;

  private static MemorySource some() {
    TraceColumnsBuilder columns = new TraceColumnsBuilder();
    RandomTraces traces = new RandomTraces(7);
    for (int i = 0; i < 20; i++) {
      OtlpTrace trace = traces.next(20);
      byte[] otlp = trace.toTracesData();
      columns.add(trace.id(), otlp, 0, otlp.length);
    }
    return new MemorySource("some", columns.build());
  }

  @BeforeEach
  void start() {
    RecentData recent =
        new RecentData() {
          @Override
          public View view(TenantId tenant) {
            return new View(List.of(source), Set.of());
          }

          @Override
          public List<TraceColumns> find(TenantId tenant, TraceId traceId) {
            return List.of();
          }
        };
    TenantQueryLimits limits =
        new TenantQueryLimits() {
          @Override
          public Duration maxSearchDuration(TenantId tenant) {
            return Duration.ZERO;
          }

          @Override
          public long maxBytesPerTrace(TenantId tenant) {
            return 0;
          }
        };
    QueryFrontend frontend =
        new QueryFrontend(oneAtATimeWithoutDeadline(), limits, recent, tenant -> blocks, () -> NOW);
    threads = Executors.newVirtualThreadPerTaskExecutor();
    ServerBuilder builder =
        Server.builder().http(new InetSocketAddress("127.0.0.1", 0)).requestTimeout(Duration.ZERO);
    new TempoHttpApi(frontend, new QueryTenants(false, false), tenant -> false, this::run)
        .register(builder, "");
    server = builder.build();
    server.start().join();
  }

  private static QueryConfig oneAtATimeWithoutDeadline() {
    QueryConfig defaults = QueryConfig.defaults();
    return new QueryConfig(
        defaults.defaultResultLimit(),
        defaults.maxResultLimit(),
        defaults.defaultSpansPerSpanSet(),
        defaults.maxSpansPerSpanSet(),
        defaults.maxSearchDuration(),
        defaults.queryBackendAfter(),
        defaults.queryEndCutoff(),
        defaults.maxQueryExpressionBytes(),
        Duration.ofHours(1),
        Duration.ofHours(1),
        1,
        10,
        defaults.maxBytesPerQuery(),
        new MetricsConfig(Duration.ofHours(24), 10_000, 100, 0, Duration.ofHours(1)));
  }

  private void run(Runnable query) {
    threads.execute(() -> {
      running.incrementAndGet();
      entered.incrementAndGet();
      try {
        query.run();
      } finally {
        running.decrementAndGet();
      }
    });
  }

  @AfterEach
  void stop() {
    // What still ran would keep a processor busy for ever.
    source.mayContain(EndlessSource.END);
    threads.shutdownNow();
    server.closeAsync();
  }

  private Socket connect(String path) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.activeLocalPort());
    socket.setSoTimeout((int) SOON.toMillis());
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private void prepare(String path) {
    if (path.contains("/traces/")) {
      blocks = Collections.nCopies(Integer.MAX_VALUE, new StoredBlock(new UUID(1, 1), source));
    }
  }

  private void awaitRunning(int count) {
    Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(running).hasValue(count));
  }

  @ParameterizedTest
  @ValueSource(strings = {SEARCH, METRICS, TRACE_V1, TRACE_V2})
  void closingTheConnectionStopsTheQuery(String path) throws Exception {
    prepare(path);
    Socket socket = connect(path);
    assertThat(isReading.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(running).hasValue(1);
    socket.close();
    awaitRunning(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {SEARCH, METRICS, TRACE_V1})
  void resettingTheHttp2StreamStopsTheQuery(String path) throws Exception {
    prepare(path);
    HttpResponse response = WebClient.of("h2c://127.0.0.1:" + server.activeLocalPort()).get(path);
    assertThat(isReading.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(running).hasValue(1);
    response.abort();
    awaitRunning(0);
  }

  @Test
  void aQueryThatWaitsForItsTurnStopsToo() throws Exception {
    try (Socket first = connect(SEARCH)) {
      assertThat(isReading.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Socket second = connect(SEARCH);
      Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(entered).hasValue(2));
      second.close();
      awaitRunning(1);
      assertThat(first.isConnected()).isTrue();
    }
    awaitRunning(0);
    // Its place is free again: this one is answered, since it needs no data.
    try (Socket third = connect("/api/search?limit=0")) {
      byte[] status = third.getInputStream().readNBytes("HTTP/1.1 400".length());
      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
    }
  }

  /// The same batch again and again.
  private record EndlessSource(MemorySource some, CountDownLatch isReading, AtomicBoolean isOver)
      implements BatchSource {
    /// Asked for by the test that has ended.
    static final TraceId END = new TraceId(-1, -1);

    EndlessSource(MemorySource some, CountDownLatch isReading) {
      this(some, isReading, new AtomicBoolean());
    }

    private void touch() {
      isReading.countDown();
      if (isOver.get()) {
        throw new IllegalStateException("the test is over");
      }
    }

    @Override
    public String name() {
      return "endless";
    }

    @Override
    public TimeRange timeRange() {
      return some.timeRange();
    }

    @Override
    public long traceCount() {
      return Long.MAX_VALUE;
    }

    @Override
    public int batchCount() {
      return Integer.MAX_VALUE;
    }

    @Override
    public SpanBatch batch(int index) {
      touch();
      return some.batch(0);
    }

    @Override
    public long sizeBytes() {
      return 1;
    }

    @Override
    public TraceColumns find(List<TraceId> traceIds) {
      touch();
      return some.find(traceIds);
    }

    @Override
    public boolean mayContain(TraceId traceId) {
      if (traceId.equals(END)) {
        isOver.set(true);
        return false;
      }
      touch();
      return false;
    }
  }
}
