package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
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
/// afterwards, and nothing is there twice.
class KillTest {
  private static final int CONNECTIONS = 4;
  private static final int MIN_ACKS = 30;
  private static final int MAX_ACKS = 600;
  private static final int MAX_REFUSALS = 50;
  private static final int LONGEST_LOAD_SECONDS = 30;

  @TempDir Path folder;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<String>> sent = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  @Test
  @Timeout(120)
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
        check("seed " + seed + ", start of round " + round, server, round == 0 ? List.of() : sample(random));
        load(server, MIN_ACKS + random.nextInt(MAX_ACKS), random);
      }
    }
    try (RunningServer server = RunningServer.start(folder, config)) {
      check("seed " + seed + ", after all rounds", server, List.copyOf(sent.keySet()));
    }
  }

  private List<String> sample(Random random) {
    List<String> traces = new ArrayList<>(sent.keySet());
    java.util.Collections.shuffle(traces, random);
    return traces.subList(0, Math.min(100, traces.size()));
  }

  /// Pushes from several connections and kills the process when `acks` pushes were acknowledged.
  private void load(RunningServer server, int acks, Random random) throws Exception {
    CountDownLatch left = new CountDownLatch(acks);
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Random own = new Random(random.nextLong());
        senders.add(threads.submit(() -> send(server, own, left)));
      }
      boolean isAcknowledged = left.await(LONGEST_LOAD_SECONDS, TimeUnit.SECONDS);
      server.kill();
      assertThat(isAcknowledged).as("%d acknowledgements are missing\n%s", left.getCount(), server.logText()).isTrue();
      for (Future<?> sender : senders) {
        sender.get();
      }
    }
  }

  private Void send(RunningServer server, Random random, CountDownLatch left) throws InterruptedException {
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
      assertThat(found).as("%s: trace %s lost an acknowledged span\n%s", when, trace, server.logText()).containsAll(wanted);
      assertThat(sent.get(trace)).as("%s: trace %s has a span that nobody sent", when, trace).containsAll(found);
    }
  }
}
