package io.vivace.livestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.livestore.wal.Faults;
import io.vivace.livestore.wal.Faults.Kind;
import io.vivace.livestore.wal.SimulatedDisk;
import io.vivace.livestore.wal.SimulatedDisk.Keep;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.model.log.PushRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Runs a scripted load once and counts its disk and block-store operations, then again for every
/// operation with a failure or the end of the process there. After each run the next process must
/// find each acknowledged span exactly once, whatever of the unforced state survived, and so must
/// the one after it has flushed.
final class CrashMatrixTest {
  private static final TenantId ALICE = new TenantId("alice");
  private static final TenantId BOB = new TenantId("bob");
  private static final List<TenantId> TENANTS = List.of(ALICE, BOB);

  private Thread.@Nullable UncaughtExceptionHandler handlerBefore;

  @BeforeEach
  void keepQuietAboutStoppedThreads() {
    handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
      if (!(failure instanceof Faults.Stopped)) {
        failure.printStackTrace();
      }
    });
  }

  @AfterEach
  void restoreHandler() {
    Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
  }

  @Test
  void scriptWithoutFaultsUsesEveryPartOfTheWritePath() {
    Run run = new Run(Faults.none(), CrashMatrixTest::shortScript);
    run.execute();
    run.verifySurvivors(new Random(1));

    List<String> kinds = new ArrayList<>();
    for (String operation : run.faults.operations()) {
      kinds.add(operation.replaceAll("[0-9a-f]{16}-[0-9a-f]{16}", "*"));
    }
    assertThat(kinds)
        .contains(
            "lock",
            "create *.wal",
            "write *.wal",
            "force *.wal",
            "force folder vivace",
            "delete *.wal",
            "block data",
            "block descriptor",
            "block announce");
    assertThat(run.acknowledged.get(ALICE)).hasSizeGreaterThan(10);
    assertThat(run.acknowledged.get(BOB)).hasSizeGreaterThan(5);
  }

  @Test
  void everyAcknowledgedSpanSurvivesAFaultAtEveryOperation() {
    runMatrix(CrashMatrixTest::shortScript, 1);
  }

  @Test
  @Tag("full")
  void everyAcknowledgedSpanSurvivesAFaultAtEveryOperationOfALongLoad() {
    for (long seed = 1; seed <= Long.getLong("vivace.crash.seeds", 20); seed++) {
      long scriptSeed = seed;
      runMatrix(run -> randomScript(run, scriptSeed), seed);
    }
  }

  private static void runMatrix(Consumer<Run> script, long seed) {
    Run clean = new Run(Faults.none(), script);
    clean.execute();
    int operations = clean.faults.operations().size();
    assertThat(operations).isGreaterThan(50);
    for (Kind kind : Kind.values()) {
      for (int at = 0; at < operations; at++) {
        Run run = new Run(new Faults(kind, at), script);
        try {
          run.execute();
          run.verifySurvivors(new Random(seed * 31 + at));
        } catch (AssertionError | RuntimeException e) {
          List<String> names = run.faults.operations();
          fail(
              kind
                  + " at operation "
                  + at
                  + " of "
                  + operations
                  + ": "
                  + (at < names.size() ? names.get(at) : "not reached")
                  + ", seed "
                  + seed,
              e);
        }
      }
    }
  }

  private static void shortScript(Run run) {
    run.push(ALICE, 1, 2);
    run.push(BOB, 1, 1);
    run.push(ALICE, 2, 1);
    run.tick(Duration.ofSeconds(6));
    run.push(ALICE, 1, 1);
    run.closeRange();
    run.push(ALICE, 1, 1);
    run.push(BOB, 2, 2);
    run.build();
    run.pushTwoTraces(BOB, 3, 4);
    run.tick(Duration.ofSeconds(6));
    run.closeRange();
    run.push(ALICE, 5, 2);
    run.closeRange();
    run.build();
    run.pushPadded(ALICE, 6, 1, 1500);
    run.pushPadded(ALICE, 7, 1, 1500);
    run.push(ALICE, 6, 1);
    run.build();
    run.closeRange();
    run.push(BOB, 9, 2);
    run.push(ALICE, 9, 2);
  }

  private static void randomScript(Run run, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      TenantId tenant = TENANTS.get(random.nextInt(2));
      switch (random.nextInt(9)) {
        case 0, 1, 2, 3 -> run.push(tenant, random.nextInt(6), 1 + random.nextInt(3));
        case 4 -> run.pushTwoTraces(tenant, random.nextInt(3), 3 + random.nextInt(3));
        case 5 -> run.pushPadded(tenant, random.nextInt(6), 1, random.nextInt(3000));
        case 6 -> run.tick(Duration.ofSeconds(random.nextInt(8)));
        case 7 -> run.closeRange();
        default -> run.build();
      }
    }
  }

  /// One process, and those that come after it.
  private static final class Run {
    private static final Path WAL = Path.of("/data/wal");

    private final Faults faults;
    private final Consumer<Run> script;
    // Moves by itself, so that pauses after failures end.
    private final ManualTime time = new ManualTime(Duration.ofMillis(2));
    private final SimulatedDisk disk;
    private final SimulatedBlocks blocks;
    private final Map<TenantId, Set<Long>> acknowledged = new HashMap<>();
    private long nextSpanId = 1;
    private @Nullable LiveStore store;

    Run(Faults faults, Consumer<Run> script) {
      this.faults = faults;
      this.script = script;
      this.disk = new SimulatedDisk(faults);
      this.blocks = new SimulatedBlocks(faults);
      TENANTS.forEach(tenant -> acknowledged.put(tenant, new HashSet<>()));
    }

    private static LiveStoreConfig config() {
      return LiveStoreConfig.defaults(WAL)
          .withMemoryBudgetBytes(10 << 20)
          .withMaxSegmentBytes(2500)
          .withRetryBackoff(Duration.ofMillis(1), Duration.ofMillis(2))
          .withShutdownTimeout(Duration.ofSeconds(5));
    }

    private static LiveStore open(SimulatedDisk disk, SimulatedBlocks blocks, ManualTime time)
        throws IOException {
      return LiveStore.openWithoutThreads(
          config(), disk, blocks, TraceLimits.NONE, time, new PrometheusRegistry());
    }

    void execute() {
      LiveStore opened = null;
      try {
        opened = open(disk, blocks, time);
        store = opened;
        script.accept(this);
        verifyView(opened, blocks);
      } catch (IOException | Faults.Stopped e) {
        // The process did not start, or ended.
      } finally {
        if (opened != null) {
          closeStopped(opened);
        }
      }
    }

    private void closeStopped(LiveStore opened) {
      try {
        opened.close();
      } catch (Faults.Stopped e) {
        // It ended while it shut down.
      }
    }

    private LiveStore store() {
      return java.util.Objects.requireNonNull(store);
    }

    void push(TenantId tenant, long trace, int spans) {
      long[] ids = nextIds(spans);
      append(tenant, Spans.push(new TraceId(7, trace), ids), ids);
    }

    void pushPadded(TenantId tenant, long trace, int spans, int padding) {
      long[] ids = nextIds(spans);
      append(tenant, Spans.push(new TraceId(7, trace), padding, ids), ids);
    }

    void pushTwoTraces(TenantId tenant, long first, long second) {
      long[] ids = nextIds(2);
      Map<TraceId, byte[]> traces = new LinkedHashMap<>();
      traces.put(new TraceId(7, first), Spans.otlp(new TraceId(7, first), 0, 1, ids[0]));
      traces.put(new TraceId(7, second), Spans.otlp(new TraceId(7, second), 0, 1, ids[1]));
      append(tenant, Spans.push(traces), ids);
    }

    private long[] nextIds(int count) {
      long[] ids = new long[count];
      for (int i = 0; i < count; i++) {
        ids[i] = nextSpanId++;
      }
      return ids;
    }

    private void append(TenantId tenant, PushRecord record, long[] ids) {
      // So that the log's pause after a failure is over.
      time.advance(Duration.ofMillis(150));
      try {
        store().append(tenant, record).toCompletableFuture().join();
      } catch (CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(RequestException.class);
        assertThat(((RequestException) e.getCause()).category())
            .isIn(ErrorCategory.UNAVAILABLE, ErrorCategory.RESOURCE_EXHAUSTED);
        return;
      }
      for (long id : ids) {
        acknowledged.get(tenant).add(id);
      }
      Map<Long, Integer> found = new HashMap<>();
      record.forEachTrace(
          (id, otlp, offset, length) -> found.putAll(View.find(store(), blocks, tenant, id)));
      for (long id : ids) {
        assertThat(found.get(id)).as("span %s by trace id after its ack", id).isEqualTo(1);
      }
    }

    void tick(Duration duration) {
      time.advance(duration);
      store().check();
    }

    void closeRange() {
      time.advance(Duration.ofMillis(150));
      store().closeRange("test", -1);
    }

    void build() {
      time.advance(Duration.ofMillis(150));
      store().buildBlocks(true);
    }

    private void verifyView(LiveStore opened, SimulatedBlocks seen) {
      for (TenantId tenant : TENANTS) {
        time.advance(Duration.ofSeconds(1));
        Map<Long, Integer> counts = View.of(opened, seen, tenant);
        verifyCounts(counts, acknowledged.get(tenant));
      }
    }

    private static void verifyCounts(Map<Long, Integer> counts, Set<Long> expected) {
      assertThat(counts.keySet()).containsAll(expected);
      assertThat(counts.values()).allMatch(count -> count == 1);
    }

    void verifySurvivors(Random random) {
      for (Keep keep : Keep.values()) {
        SimulatedDisk found = disk.afterCrash(keep, random, Faults.none());
        SimulatedBlocks foundBlocks = blocks.afterCrash(Faults.none());
        try {
          verifyNextProcess(found, foundBlocks);
        } catch (AssertionError e) {
          throw new AssertionError("with " + keep + " of the unforced state", e);
        } catch (IOException e) {
          throw new AssertionError("start failed with " + keep + " of the unforced state", e);
        }
      }
    }

    private void verifyNextProcess(SimulatedDisk found, SimulatedBlocks foundBlocks)
        throws IOException {
      LiveStore next = open(found, foundBlocks, time);
      verifyView(next, foundBlocks);
      next.buildBlocks(true);
      verifyView(next, foundBlocks);
      next.close();
      for (TenantId tenant : TENANTS) {
        List<Long> inBlocks = new ArrayList<>();
        foundBlocks.listed().stream()
            .filter(block -> block.tenant().equals(tenant))
            .forEach(block -> inBlocks.addAll(block.spanIds()));
        assertThat(inBlocks).doesNotHaveDuplicates().containsAll(acknowledged.get(tenant));
      }
      SimulatedDisk flushed = found.afterCrash(Keep.FORCED, new Random(1), Faults.none());
      SimulatedBlocks flushedBlocks = foundBlocks.afterCrash(Faults.none());
      LiveStore last = open(flushed, flushedBlocks, time);
      verifyView(last, flushedBlocks);
      assertThat(last.pendingRanges()).isZero();
      last.close();
      // What is in blocks does not stay in the log.
      assertThat(
              flushed.names(WAL.resolve("vivace")).stream()
                  .filter(name -> name.endsWith(".wal"))
                  .count())
          .isLessThanOrEqualTo(2);
    }
  }
}
