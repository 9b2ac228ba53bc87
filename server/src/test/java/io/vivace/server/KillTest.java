package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.block.BlockCache;
import io.vivace.block.BlockList;
import io.vivace.block.BlockReader;
import io.vivace.model.TenantId;
import io.vivace.objectstore.local.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments under load from several connections: what was acknowledged is there
/// afterwards, and nothing is there twice. By id the answers of several sources are joined, which
/// hides what is stored twice; so the stored blocks are read as well, span by span.
class KillTest {
  private static final int CONNECTIONS = 4;
  private static final int MIN_ACKS = 30;
  private static final int MAX_ACKS = 600;
  private static final int MAX_REFUSALS = 50;
  private static final int LONGEST_LOAD_SECONDS = 30;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(40);
  private static final long BLOCK_CACHE_BYTES = 1 << 20;

  @TempDir Path folder;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<String>> sent = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  @Test
  @Timeout(240)
  void threeRounds() throws Exception {
    rounds(3, new Random().nextLong());
  }

  @Test
  @Tag("full")
  @Timeout(1200)
  void fiftyRounds() throws Exception {
    rounds(50, new Random().nextLong());
  }

  private void rounds(int rounds, long seed) throws Exception {
    // Short ranges, so that kills also hit blocks being built.
    String yaml =
        """
        server: {http_listen_address: 127.0.0.1, http_listen_port: 0}
        distributor: {receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}}}
        live_store: {max_block_duration: 1s, flush_check_period: 100ms, max_trace_idle: 300ms, max_trace_live: 1s}
        overrides: {defaults: {ingestion: {max_traces_per_user: 0}}}
        """;
    String config = "-config.file=" + Files.writeString(folder.resolve("tempo.yaml"), yaml);
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      try (RunningServer server = RunningServer.start(folder, config)) {
        check(
            "seed " + seed + ", start of round " + round,
            server,
            round == 0 ? List.of() : sample(random));
        load(server, MIN_ACKS + random.nextInt(MAX_ACKS), random);
      }
    }
    try (RunningServer server = RunningServer.start(folder, config)) {
      check("seed " + seed + ", after all rounds", server, List.copyOf(sent.keySet()));
      // What is still in memory goes to blocks.
      assertThat(server.terminate(LONGEST_STOP)).as(server::logText).isZero();
    }
    checkBlocks("seed " + seed);
  }

  /// Every acknowledged span is in the blocks that are left, and no span is there twice.
  private void checkBlocks(String when) throws IOException {
    LocalObjectStore objects = new LocalObjectStore(folder.resolve("data/blocks"));
    BlockList blocks = new BlockList(objects, new BlockCache(BLOCK_CACHE_BYTES));
    blocks.rebuild();
    assertThat(blocks.setAsideCount()).as("%s: unreadable blocks", when).isZero();
    assertThat(blocks.size()).as("%s: blocks", when).isPositive();
    Set<String> stored = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (TenantId tenant : blocks.tenants()) {
      for (BlockReader block : blocks.snapshot(tenant)) {
        for (int i = 0; i < block.batchCount(); i++) {
          SpanBatch batch = block.batch(i);
          for (int row = 0; row < batch.count(Level.SPAN); row++) {
            String id = spanId(batch, row);
            ids.add(id);
            String span =
                traceId(batch, row) + " " + id + " " + batch.ints(IntField.SPAN_KIND)[row];
            assertThat(stored.add(span))
                .as("%s: span %s is stored twice, again in %s", when, span, block.name())
                .isTrue();
          }
        }
      }
    }
    assertThat(ids).as("%s: acknowledged spans in blocks", when).containsAll(acknowledged);
  }

  private static String spanId(SpanBatch batch, int row) {
    BytesColumn column = batch.bytes(BytesField.SPAN_ID);
    return HexFormat.of()
        .formatHex(column.data(), column.offsets()[row], column.offsets()[row + 1]);
  }

  private static String traceId(SpanBatch batch, int span) {
    int trace =
        batch.parents(Level.RESOURCE)[batch.parents(Level.SCOPE)[batch.parents(Level.SPAN)[span]]];
    return "%016x%016x".formatted(batch.traceIdsHigh()[trace], batch.traceIdsLow()[trace]);
  }

  private List<String> sample(Random random) {
    List<String> traces = new ArrayList<>(sent.keySet());
    java.util.Collections.shuffle(traces, random);
    return traces.subList(0, Math.min(100, traces.size()));
  }

  /// Pushes from several connections and kills the process when `acks` pushes were acknowledged.
  private void load(RunningServer server, int acks, Random random) throws Exception {
    CountDownLatch left = new CountDownLatch(acks);
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Random own = new Random(random.nextLong());
        senders.add(threads.submit(() -> send(server, own, left)));
      }
      boolean isAcknowledged = left.await(LONGEST_LOAD_SECONDS, TimeUnit.SECONDS);
      server.kill();
      threads.shutdown();
      assertThat(threads.awaitTermination(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS))
          .as("senders end")
          .isTrue();
      assertThat(isAcknowledged)
          .as("%d acknowledgements are missing\n%s", left.getCount(), server.logText())
          .isTrue();
      for (Future<?> sender : senders) {
        sender.get(1, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Void send(RunningServer server, Random random, CountDownLatch left)
      throws InterruptedException {
    String trace = "";
    int refusals = 0;
    while (refusals < MAX_REFUSALS) {
      // Some pushes go on with the trace of the one before.
      if (trace.isEmpty() || random.nextInt(3) > 0) {
        trace = "%016x%016x".formatted(random.nextLong(), ids.incrementAndGet());
      }
      List<String> spans = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        spans.add("%016x".formatted(ids.incrementAndGet()));
      }
      sent.computeIfAbsent(trace, t -> ConcurrentHashMap.newKeySet()).addAll(spans);
      try {
        if (server.push(Spans.request(trace, spans, "load"))) {
          acknowledged.addAll(spans);
          left.countDown();
          refusals = 0;
        } else {
          refusals++;
        }
      } catch (IOException e) {
        return null; // killed
      }
    }
    while (left.getCount() > 0) {
      left.countDown(); // nobody needs to wait for acknowledgements that do not come
    }
    throw new IllegalStateException("the server refuses: " + server.logText());
  }

  private void check(String when, RunningServer server, List<String> traces) throws Exception {
    for (String trace : traces) {
      List<String> found = server.spanIds(trace);
      Set<String> wanted = new HashSet<>(sent.get(trace));
      wanted.retainAll(acknowledged);
      assertThat(found).as("%s: trace %s has a span twice", when, trace).doesNotHaveDuplicates();
      assertThat(found)
          .as("%s: trace %s lost an acknowledged span\n%s", when, trace, server.logText())
          .containsAll(wanted);
      assertThat(sent.get(trace))
          .as("%s: trace %s has a span that nobody sent", when, trace)
          .containsAll(found);
    }
  }
}
