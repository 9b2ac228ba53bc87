package io.vivace.livestore;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.vivace.batch.Level;
import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.limits.TraceAdmission;
import io.vivace.livestore.wal.Faults;
import io.vivace.livestore.wal.SimulatedDisk;
import io.vivace.livestore.wal.SimulatedDisk.Keep;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.model.log.PushRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LiveStoreTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final TenantId OTHER = new TenantId("other");
  private static final Path WAL = Path.of("/data/wal");
  private static final TraceId TRACE = new TraceId(1, 1);

  private final ManualTime time = new ManualTime();
  private final SimulatedDisk disk = new SimulatedDisk(Faults.none());
  private final SimulatedBlocks blocks = new SimulatedBlocks(Faults.none());
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private static LiveStoreConfig config() {
    return LiveStoreConfig.defaults(WAL)
        .withMemoryBudgetBytes(64 << 20)
        .withRetryBackoff(Duration.ofMillis(1), Duration.ofMillis(4));
  }

  private LiveStore open(LiveStoreConfig config) throws IOException {
    return LiveStore.openWithoutThreads(config, disk, blocks, TraceLimits.NONE, time, registry);
  }

  private static void push(LiveStore store, TenantId tenant, PushRecord record) {
    store.append(tenant, record).toCompletableFuture().join();
  }

  private static void push(LiveStore store, TraceId trace, long... spanIds) {
    push(store, TENANT, Spans.push(trace, spanIds));
  }

  private static List<String> sourceNames(LiveStore store) {
    return store.snapshot(TENANT).sources().stream().map(BatchSource::name).toList();
  }

  @Test
  void aSpanIsFoundByIdAndInTheSnapshotOfItsTenantOnly() throws IOException {
    try (LiveStore store = open(config())) {
      push(store, TRACE, 1, 2);
      push(store, TRACE, 3);
      assertThat(View.find(store, blocks, TENANT, TRACE)).isEqualTo(Map.of(1L, 1, 2L, 1, 3L, 1));
      assertThat(View.of(store, blocks, TENANT)).isEqualTo(Map.of(1L, 1, 2L, 1, 3L, 1));
      assertThat(View.find(store, blocks, OTHER, TRACE)).isEmpty();
      assertThat(store.snapshot(OTHER).sources()).isEmpty();
      assertThat(store.tenants()).containsExactly(TENANT);
    }
  }

  @Test
  void idleTracesAndOldTracesBecomeHeads() throws IOException {
    try (LiveStore store = open(config())) {
      push(store, TRACE, 1);
      time.advance(Duration.ofSeconds(4));
      store.check();
      assertThat(sourceNames(store)).containsExactly("live");

      time.advance(Duration.ofSeconds(1));
      store.check();
      assertThat(sourceNames(store)).containsExactly("head-0");

      TraceId busy = new TraceId(1, 2);
      for (int i = 0; i < 11; i++) {
        push(store, busy, 100 + i);
        time.advance(Duration.ofSeconds(3));
        store.check();
      }
      // It was never idle, but 30 seconds old.
      assertThat(sourceNames(store)).containsExactly("head-0", "head-1", "live");
      assertThat(View.of(store, blocks, TENANT))
          .hasSize(12)
          .allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
    }
  }

  @Test
  void theLiveBatchIsSharedUntilItIsTooOldAndOnlyChangedTracesAreEncodedAgain() throws IOException {
    try (LiveStore store = open(config())) {
      for (int trace = 0; trace < 20; trace++) {
        push(store, new TraceId(2, trace), 1000 + trace);
      }
      RecentSnapshot first = store.snapshot(TENANT);
      push(store, new TraceId(2, 5), 2000);
      assertThat(store.snapshot(TENANT)).isSameAs(first);

      time.advance(Duration.ofMillis(500));
      RecentSnapshot second = store.snapshot(TENANT);
      assertThat(second.sources().stream().map(BatchSource::traceCount)).containsExactly(19L, 1L);
      assertThat(View.of(store, blocks, TENANT)).hasSize(21);

      time.advance(Duration.ofHours(1));
      assertThat(store.snapshot(TENANT)).isSameAs(second);
    }
  }

  @Test
  void aRangeIsClosedAtItsAgeAndItsHeadsGoOnlyWhenTheBlockIsListed() throws IOException {
    try (LiveStore store = open(config())) {
      push(store, TRACE, 1);
      time.advance(Duration.ofSeconds(119));
      store.check();
      assertThat(store.pendingRanges()).isZero();
      time.advance(Duration.ofSeconds(1));
      store.check();
      assertThat(store.pendingRanges()).isEqualTo(1);
      push(store, TRACE, 2);

      RecentSnapshot before = store.snapshot(TENANT);
      blocks.setAway(true);
      store.buildBlocks(true);
      assertThat(store.pendingRanges()).isEqualTo(1);
      assertThat(View.of(store, blocks, TENANT)).isEqualTo(Map.of(1L, 1, 2L, 1));

      blocks.setAway(false);
      store.buildBlocks(true);
      assertThat(store.pendingRanges()).isZero();
      assertThat(View.of(store, blocks, TENANT)).isEqualTo(Map.of(1L, 1, 2L, 1));
      // A query that took its snapshot before the swap leaves the new block out.
      assertThat(before.supersededBlocks()).contains(blocks.listed().getFirst().id());
      assertThat(store.snapshot(TENANT).supersededBlocks())
          .doesNotContain(blocks.listed().getFirst().id());
    }
  }

  @Test
  void aRangeIsClosedAtItsColumnsSize() throws IOException {
    try (LiveStore store = open(config().withBlockCut(Duration.ofHours(1), 1000))) {
      for (int i = 0; i < 20; i++) {
        push(store, TENANT, Spans.push(new TraceId(3, i), 2000, i + 1));
      }
      time.advance(Duration.ofSeconds(6));
      store.check();
      assertThat(store.pendingRanges()).isEqualTo(1);
    }
  }

  @Test
  void failedBlocksAreTriedAgainAfterGrowingPauses() throws IOException {
    try (LiveStore store =
        open(
            config()
                .withRetryBackoff(Duration.ofSeconds(1), Duration.ofSeconds(4))
                .withShutdownTimeout(Duration.ofMillis(1)))) {
      push(store, TRACE, 1);
      store.closeRange("test", -1);
      blocks.setAway(true);
      store.buildBlocks(false);
      store.buildBlocks(false);
      assertThat(counter("tempo_live_store_failed_completions")).isEqualTo(1);
      List<Double> attempts = new ArrayList<>();
      for (int second = 0; second < 12; second++) {
        time.advance(Duration.ofSeconds(1));
        store.buildBlocks(false);
        attempts.add(counter("tempo_live_store_failed_completions"));
      }
      // After 1 s, 2 s, 4 s, 4 s.
      assertThat(attempts)
          .containsExactly(2.0, 2.0, 3.0, 3.0, 3.0, 3.0, 4.0, 4.0, 4.0, 4.0, 5.0, 5.0);
    }
  }

  @Test
  void theSlackRuleIsTheArrivalTimePlusMinusSlack() throws IOException {
    long arrival = time.epochNanos();
    try (LiveStore store = open(config())) {
      push(store, TRACE, 1);
      time.advance(Duration.ofSeconds(10));
      push(store, TRACE, 2);
      store.closeRange("test", -1);
    }
    long slack = Duration.ofMinutes(2).toNanos();
    assertThat(blocks.listed()).hasSize(1);
    assertThat(blocks.listed().getFirst().plan().clamp())
        .isEqualTo(
            new TimeRange(arrival - slack, arrival + Duration.ofSeconds(10).toNanos() + slack));
  }

  @Test
  void arrivalTimesSurviveARestart() throws IOException {
    long arrival = time.epochNanos();
    push(open(config()), TRACE, 1);
    time.advance(Duration.ofDays(1));
    SimulatedDisk found = disk.afterCrash(Keep.FORCED, new Random(1), Faults.none());
    LiveStore.openWithoutThreads(
            config(), found, blocks, TraceLimits.NONE, time, new PrometheusRegistry())
        .close();
    long slack = Duration.ofMinutes(2).toNanos();
    assertThat(blocks.listed().getFirst().plan().clamp())
        .isEqualTo(new TimeRange(arrival - slack, arrival + slack));
  }

  @Test
  void aTraceLargerThanAPortionIsCutInPiecesAndStaysWhole() throws IOException {
    // A portion is a sixteenth of the budget.
    try (LiveStore store = open(config().withMemoryBudgetBytes(4 << 20))) {
      for (int i = 1; i <= 10; i++) {
        push(store, TENANT, Spans.push(TRACE, 100_000, i));
      }
      push(store, new TraceId(1, 2), 100);
      time.advance(Duration.ofSeconds(6));
      store.check();
      assertThat(sourceNames(store))
          .hasSizeGreaterThan(3)
          .allMatch(name -> name.startsWith("head"));
      assertThat(View.of(store, blocks, TENANT))
          .hasSize(11)
          .allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
    }
    assertThat(blocks.listed()).hasSize(1);
    assertThat(blocks.listed().getFirst().spanIds()).hasSize(11);
  }

  @Test
  void unreadableSpansAreCountedAndDoNotStopTheRest() throws IOException {
    try (LiveStore store = open(config())) {
      push(store, TRACE, 1);
      push(store, TENANT, Spans.push(Map.of(new TraceId(1, 9), new byte[] {10, 100, 1})));
      push(store, TRACE, 2);
      store.closeRange("test", -1);
      store.buildBlocks(true);
      assertThat(View.of(store, blocks, TENANT)).isEqualTo(Map.of(1L, 1, 2L, 1));
    }
    assertThat(counter("tempo_live_store_records_dropped")).isEqualTo(1);
  }

  private double counter(String name) {
    return registry.scrape().stream()
        .filter(metric -> metric.getMetadata().getName().equals(name))
        .flatMap(metric -> ((CounterSnapshot) metric).getDataPoints().stream())
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  @Test
  void allMemoryIsGivenBackWhenEverythingIsInBlocks() throws IOException {
    LiveStore store = open(config());
    for (int i = 0; i < 50; i++) {
      push(store, new TraceId(1, i % 7), i);
      store.snapshot(TENANT);
      time.advance(Duration.ofMillis(300));
      store.check();
    }
    assertThat(store.budget().usedBytes()).isPositive();
    store.closeRange("test", -1);
    store.buildBlocks(true);
    time.advance(Duration.ofSeconds(10));
    store.check();
    assertThat(store.budget().usedBytes()).isZero();
    assertThat(store.openRange().sizeBytes.get()).isZero();
    store.close();
  }

  @Test
  void aPushOverTheMemoryBoundIsRefusedAndTakenAgainAfterABlock() throws IOException {
    LiveStore store = open(config().withMemoryBudgetBytes(1 << 20));
    List<Long> taken = new ArrayList<>();
    ErrorCategory refusal = null;
    for (long i = 1; refusal == null; i++) {
      try {
        push(store, TENANT, Spans.push(new TraceId(1, i), 50_000, i));
        taken.add(i);
      } catch (CompletionException e) {
        refusal = ((RequestException) e.getCause()).category();
      }
    }
    assertThat(refusal).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
    assertThat(taken).hasSizeGreaterThan(10);
    store.check();
    store.buildBlocks(true);
    push(store, TENANT, Spans.push(new TraceId(1, 0), 50_000, 100_000));
    taken.add(100_000L);
    store.close();
    assertThat(View.of(store, blocks, TENANT).keySet()).containsExactlyInAnyOrderElementsOf(taken);
  }

  @Test
  void aPushThatCanNeverFitIsTooLarge() throws IOException {
    try (LiveStore store = open(config().withMemoryBudgetBytes(10_000))) {
      CompletionException refusal =
          org.junit.jupiter.api.Assertions.assertThrows(
              CompletionException.class, () -> push(store, TENANT, Spans.push(TRACE, 20_000, 1)));
      assertThat(((RequestException) refusal.getCause()).category())
          .isEqualTo(ErrorCategory.TOO_LARGE);
    }
  }

  @Test
  void moreInTheLogThanMemoryHoldsBecomesBlocksDuringTheStart() throws IOException {
    LiveStore store = open(config());
    for (long i = 1; i <= 200; i++) {
      push(store, TENANT, Spans.push(new TraceId(1, i), 50_000, i));
    }
    SimulatedDisk found = disk.afterCrash(Keep.FORCED, new Random(1), Faults.none());
    LiveStoreConfig small = config().withMemoryBudgetBytes(2 << 20);
    try (LiveStore next =
        LiveStore.openWithoutThreads(
            small, found, blocks, TraceLimits.NONE, time, new PrometheusRegistry())) {
      assertThat(next.budget().usedBytes()).isLessThan(2 << 20);
      assertThat(blocks.listed()).hasSizeGreaterThan(3);
      assertThat(View.of(next, blocks, TENANT))
          .hasSize(200)
          .allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
    }
    SimulatedDisk again = found.afterCrash(Keep.FORCED, new Random(1), Faults.none());
    try (LiveStore last =
        LiveStore.openWithoutThreads(
            small, again, blocks, TraceLimits.NONE, time, new PrometheusRegistry())) {
      assertThat(View.of(last, blocks, TENANT))
          .hasSize(200)
          .allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
    }
  }

  @Test
  void aShutdownWithoutAStoreEndsInTimeAndKeepsTheSpansInTheLog() throws IOException {
    LiveStore store = open(config().withShutdownTimeout(Duration.ofMillis(200)));
    push(store, TRACE, 1);
    blocks.setAway(true);
    store.close();
    assertThat(store.isReady()).isFalse();
    CompletionException refusal =
        org.junit.jupiter.api.Assertions.assertThrows(
            CompletionException.class, () -> push(store, TRACE, 2));
    assertThat(((RequestException) refusal.getCause()).category())
        .isEqualTo(ErrorCategory.UNAVAILABLE);

    blocks.setAway(false);
    SimulatedDisk found = disk.afterCrash(Keep.FORCED, new Random(1), Faults.none());
    LiveStore next =
        LiveStore.openWithoutThreads(
            config(), found, blocks, TraceLimits.NONE, time, new PrometheusRegistry());
    assertThat(View.of(next, blocks, TENANT)).isEqualTo(Map.of(1L, 1));
    next.close();
    assertThat(blocks.listed()).hasSize(1);
  }

  @Test
  void continuousQueriesSeeEverySpanExactlyOnceWhileRangesBecomeBlocks() throws Exception {
    LiveStoreConfig config =
        config()
            .withTraceCut(Duration.ofMillis(15), Duration.ofMillis(60))
            .withFlushCheckPeriod(Duration.ofMillis(5))
            .withBlockCut(Duration.ofMillis(40), 1 << 20)
            .withLiveBatchMaxAge(Duration.ofMillis(20));
    LiveStore store =
        LiveStore.open(config, disk, blocks, TraceLimits.NONE, LiveStoreTime.system(), registry);
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicLong nextId = new AtomicLong(1);
    Map<Long, Long> acknowledgedAtNanos = new ConcurrentHashMap<>();
    Queue<String> errors = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      int number = writer;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                Random random = new Random(number);
                while (!isOver.get()) {
                  long id = nextId.getAndIncrement();
                  push(store, new TraceId(number, random.nextInt(40)), id);
                  acknowledgedAtNanos.put(id, System.nanoTime());
                  LockSupport.parkNanos(200_000);
                }
              }));
    }
    AtomicLong queries = new AtomicLong();
    threads.add(
        Thread.ofPlatform()
            .start(() -> {
              Map<Long, Integer> before = Map.of();
              while (!isOver.get() && errors.isEmpty()) {
                long start = System.nanoTime();
                Map<Long, Integer> seen = View.of(store, blocks, TENANT);
                seen.forEach((id, count) -> {
                  if (count != 1) {
                    errors.add("span " + id + " seen " + count + " times");
                  }
                });
                for (Long id : before.keySet()) {
                  if (!seen.containsKey(id)) {
                    errors.add("span " + id + " vanished");
                  }
                }
                acknowledgedAtNanos.forEach((id, at) -> {
                  if (start - at > 900_000_000L && !seen.containsKey(id)) {
                    errors.add("span " + id + " is not seen " + (start - at) + " ns after its ack");
                  }
                });
                before = seen;
                queries.incrementAndGet();
              }
            }));
    long deadline = System.nanoTime() + 1_500_000_000L;
    while (System.nanoTime() < deadline && errors.isEmpty()) {
      LockSupport.parkNanos(10_000_000);
    }
    isOver.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(errors.stream().limit(5).collect(Collectors.toList())).isEmpty();
    assertThat(queries.get()).isGreaterThan(5);
    assertThat(blocks.listed()).hasSizeGreaterThan(2);
    store.close();
    Map<Long, Integer> last = View.of(store, blocks, TENANT);
    assertThat(last.keySet()).containsAll(acknowledgedAtNanos.keySet());
    assertThat(last.values()).allMatch(count -> count == 1);
  }

  @Test
  void memoryStaysBoundedUnderWritersFasterThanASlowDisk() throws Exception {
    int budget = 512 << 10;
    blocks.setBeforeWrite(() -> LockSupport.parkNanos(50_000_000));
    disk.setBeforeForce(() -> LockSupport.parkNanos(5_000_000));
    LiveStore store =
        LiveStore.open(
            config().withMemoryBudgetBytes(budget),
            disk,
            blocks,
            TraceLimits.NONE,
            LiveStoreTime.system(),
            registry);
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicLong refused = new AtomicLong();
    AtomicLong largestUse = new AtomicLong();
    AtomicLong nextId = new AtomicLong(1);
    Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    CountDownLatch started = new CountDownLatch(32);
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 32; writer++) {
      boolean isOneLargeTrace = writer == 0;
      writers.add(
          Thread.ofVirtual()
              .start(() -> {
                started.countDown();
                while (!isOver.get()) {
                  long id = nextId.getAndIncrement();
                  TraceId trace = isOneLargeTrace ? TRACE : new TraceId(9, id);
                  try {
                    push(store, TENANT, Spans.push(trace, 20_000, id));
                    acknowledged.add(id);
                  } catch (CompletionException e) {
                    if (e.getCause() instanceof RequestException refusal
                        && refusal.category() == ErrorCategory.RESOURCE_EXHAUSTED) {
                      refused.incrementAndGet();
                      LockSupport.parkNanos(1_000_000);
                    } else {
                      unexpected.add(e);
                    }
                  }
                  largestUse.accumulateAndGet(store.budget().usedBytes(), Math::max);
                }
              }));
    }
    started.await();
    long deadline = System.nanoTime() + 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      store.snapshot(TENANT);
      LockSupport.parkNanos(20_000_000);
    }
    isOver.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(unexpected).isEmpty();
    // Columns of live traces and of the portion that is being cut come on top of what pushes may
    // take.
    assertThat(largestUse.get()).isLessThan(3L * budget);
    assertThat(acknowledged).hasSizeGreaterThan(50);
    store.close();
    assertThat(store.pendingRanges()).isZero();
    Map<Long, Integer> seen = View.of(store, blocks, TENANT);
    assertThat(seen.keySet()).containsAll(acknowledged);
    assertThat(seen.values()).allMatch(count -> count == 1);
    assertThat(refused.get()).as("refused pushes").isPositive();
  }

  @Test
  void aStoreWhoseThreadHasEndedIsNotReadyAndLosesNothing() throws Exception {
    CountDownLatch isReached = new CountDownLatch(1);
    blocks.setBeforeWrite(() -> {
      isReached.countDown();
      throw new LinkageError("simulated");
    });
    LiveStore store =
        LiveStore.open(config(), disk, blocks, TraceLimits.NONE, LiveStoreTime.system(), registry);
    push(store, TRACE, 1);
    assertThat(store.isReady()).isTrue();
    store.closeRange("test", -1);
    isReached.await();
    org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !store.isReady());
    blocks.setBeforeWrite(() -> {});
    store.close();
    assertThat(View.of(store, blocks, TENANT)).isEqualTo(Map.of(1L, 1));
  }

  @Test
  void aRefusedPushDoesNotCountForTheLimitsOfItsTrace() throws IOException {
    TraceLimits oneKilobyte =
        new TraceLimits() {
          @Override
          public long maxBytesPerTrace(TenantId tenant) {
            return 1000;
          }

          @Override
          public long maxTracesPerUser(TenantId tenant) {
            return 0;
          }
        };
    LiveStore store =
        LiveStore.openWithoutThreads(config(), disk, blocks, oneKilobyte, time, registry);
    assertThat(store.admission().admit(TENANT, TRACE, 900))
        .isEqualTo(TraceAdmission.Decision.ADMITTED);
    store.admission().withdraw(TENANT, TRACE, 900);
    PushRecord record = Spans.push(TRACE, 700, 1);
    long[] size = new long[1];
    record.forEachTrace((id, otlp, offset, length) -> size[0] = length);
    store.close();
    for (int i = 0; i < 3; i++) {
      assertThat(store.admission().admit(TENANT, TRACE, size[0]))
          .isEqualTo(TraceAdmission.Decision.ADMITTED);
      assertThat(store.append(TENANT, record).toCompletableFuture()).isCompletedExceptionally();
    }
  }

  @Test
  void aSnapshotHoldsWholeColumns() throws IOException {
    try (LiveStore store = open(config())) {
      push(store, TRACE, 1, 2, 3);
      TraceColumns columns = store.find(TENANT, TRACE).parts().getFirst();
      assertThat(columns.count(Level.TRACE)).isEqualTo(1);
      assertThat(columns.count(Level.SPAN)).isEqualTo(3);
    }
  }
}
