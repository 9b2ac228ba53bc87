package io.vivace.livestore;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.limits.TraceAdmission;
import io.vivace.livestore.LogControl.LogRefusedException;
import io.vivace.livestore.memory.MemoryBudget;
import io.vivace.livestore.wal.LogRange;
import io.vivace.livestore.wal.WalDisk;
import io.vivace.livestore.wal.WalEntry;
import io.vivace.livestore.wal.WriteAheadLog;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.model.log.LogPosition;
import io.vivace.model.log.PushRecord;
import io.vivace.model.log.SpanLog;
import io.vivace.model.proto.MalformedProtoException;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Recent spans, from the push to the block: the local log, live traces, heads, and the ranges that
/// become blocks.
///
/// Three threads besides the callers': the log's, which makes pushes durable and visible; the
/// *cutter*, which makes heads of traces that are over and closes ranges; the *builder*, which
/// writes blocks. Thread-safe.
public final class LiveStore implements SpanLog, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveStore.class);

  /// A range is closed at this part of the memory budget, so that one can fill while others become
  /// blocks.
  private static final int RANGES_PER_BUDGET = 2;

  private static final int TRACKER_BYTES_PER_TRACE = 128;
  private static final int TRACKER_PART_OF_BUDGET = 8;

  private final LiveStoreConfig config;
  private final LiveStoreTime time;
  private final MemoryBudget budget;
  private final LiveStoreMetrics metrics;
  private final TraceTracker tracker;
  private final WriteAheadLog wal;
  private final LogControl control;
  private final TraceCutter cutter;
  private final RangeBuilder builder;
  private final long maxRangeBytes;
  private final ConcurrentHashMap<TenantId, TenantStore> tenants = new ConcurrentHashMap<>();

  private final Semaphore cutterWake = new Semaphore(0);
  private final Semaphore builderWake = new Semaphore(0);
  private final Thread cutterThread;
  private final Thread builderThread;
  private volatile boolean isAccepting;
  private volatile boolean isMemoryShort;
  private volatile boolean isThreadDead;
  private volatile boolean isCutterStopping;
  private volatile boolean isBuilderStopping;
  private boolean isCloseCalled;

  /// Set by recovery, then by the log's thread only.
  private volatile OpenRange openRange;

  private LiveStore(
      LiveStoreConfig config,
      WalDisk disk,
      BlockSink sink,
      TraceLimits limits,
      LiveStoreTime time,
      PrometheusRegistry registry)
      throws IOException {
    this.config = config;
    this.time = time;
    this.budget = new MemoryBudget(config.memoryBudgetBytes());
    this.metrics = new LiveStoreMetrics(registry, budget);
    this.tracker =
        new TraceTracker(
            limits,
            time,
            config.maxTraceIdle().toNanos(),
            Math.max(
                1, config.memoryBudgetBytes() / TRACKER_PART_OF_BUDGET / TRACKER_BYTES_PER_TRACE));
    this.cutter = new TraceCutter(metrics, config.memoryBudgetBytes());
    this.maxRangeBytes = Math.max(1, config.memoryBudgetBytes() / RANGES_PER_BUDGET);
    this.openRange = OpenRange.open(0);
    this.wal =
        WriteAheadLog.open(
            disk, config.walPath(), config.maxSegmentBytes(), time::monotonicNanos, registry);
    this.control = new LogControl(wal);
    this.builder = new RangeBuilder(sink, control, cutter, time, config, metrics);
    this.cutterThread =
        Thread.ofPlatform()
            .daemon()
            .name("vivace-cutter")
            .unstarted(() -> runToTheEnd(this::cutUntilStopped));
    this.builderThread =
        Thread.ofPlatform()
            .daemon()
            .name("vivace-block-builder")
            .unstarted(() -> runToTheEnd(this::buildUntilStopped));
  }

  /// Opens the log, brings back what was acknowledged before and is not in blocks, and starts to
  /// take pushes. The list of blocks should be there before.
  ///
  /// Throws [io.vivace.livestore.wal.WalLockedException] if another process uses the folder.
  public static LiveStore open(
      LiveStoreConfig config,
      WalDisk disk,
      BlockSink sink,
      TraceLimits limits,
      LiveStoreTime time,
      PrometheusRegistry registry)
      throws IOException {
    return open(config, disk, sink, limits, time, registry, () -> {});
  }

  /// As the other one, with a step that runs when this process alone has the log's folder, before
  /// anything is asked of `sink`. What another process still changes until then, as the list of
  /// blocks, is looked at there.
  public static LiveStore open(
      LiveStoreConfig config,
      WalDisk disk,
      BlockSink sink,
      TraceLimits limits,
      LiveStoreTime time,
      PrometheusRegistry registry,
      LockedStep whenLocked)
      throws IOException {
    LiveStore store = openWithoutThreads(config, disk, sink, limits, time, registry, whenLocked);
    store.cutterThread.start();
    store.builderThread.start();
    return store;
  }

  /// What is to be done once the log's folder belongs to this process.
  @FunctionalInterface
  public interface LockedStep {
    void run() throws IOException;
  }

  /// For tests that call [#check] and [#buildBlocks] themselves, step by step.
  static LiveStore openWithoutThreads(
      LiveStoreConfig config,
      WalDisk disk,
      BlockSink sink,
      TraceLimits limits,
      LiveStoreTime time,
      PrometheusRegistry registry)
      throws IOException {
    return openWithoutThreads(config, disk, sink, limits, time, registry, () -> {});
  }

  private static LiveStore openWithoutThreads(
      LiveStoreConfig config,
      WalDisk disk,
      BlockSink sink,
      TraceLimits limits,
      LiveStoreTime time,
      PrometheusRegistry registry,
      LockedStep whenLocked)
      throws IOException {
    LiveStore store = new LiveStore(config, disk, sink, limits, time, registry);
    boolean isRecovered = false;
    try {
      whenLocked.run();
      new Replay(store, sink).run();
      isRecovered = true;
    } finally {
      if (!isRecovered) {
        store.wal.close();
      }
    }
    store.isAccepting = true;
    store.metrics.ready.set(1);
    return store;
  }

  @Override
  public CompletionStage<LogPosition> append(TenantId tenant, PushRecord record) {
    ParsedPush push;
    try {
      push = ParsedPush.parse(record);
    } catch (MalformedProtoException e) {
      return CompletableFuture.failedFuture(
          new RequestException(
              ErrorCategory.INVALID_ARGUMENT, "push record: " + e.getMessage(), e));
    }
    if (!isAccepting) {
      forget(tenant, push);
      return refused(ErrorCategory.UNAVAILABLE, "shutting down; please try again");
    }
    long cost = push.costBytes();
    if (cost > budget.limitBytes()) {
      forget(tenant, push);
      return refused(
          ErrorCategory.TOO_LARGE,
          "push: "
              + cost
              + " bytes (expected: at most the memory bound of "
              + budget.limitBytes()
              + ")");
    }
    if (!budget.tryAcquire(cost)) {
      forget(tenant, push);
      metrics.refusedPushes.labelValues(tenant.value()).inc();
      isMemoryShort = true;
      wake(cutterWake);
      return refused(
          ErrorCategory.RESOURCE_EXHAUSTED, "too many spans wait for blocks; please try again");
    }
    PushEntry entry = new PushEntry(tenant, push, cost, time.epochNanos());
    wal.append(entry);
    return entry.result;
  }

  /// What is not kept does not count for the limits of its traces.
  private void forget(TenantId tenant, ParsedPush push) {
    for (int i = 0; i < push.pieceCount(); i++) {
      tracker.release(tenant, push.traceId(i), push.length(i));
    }
  }

  private static CompletionStage<LogPosition> refused(ErrorCategory category, String message) {
    return CompletableFuture.failedFuture(new RequestException(category, message));
  }

  private static void wake(Semaphore thread) {
    if (thread.availablePermits() == 0) {
      thread.release();
    }
  }

  /// A push on its way through the log.
  private final class PushEntry extends WalEntry.Data {
    private final CompletableFuture<LogPosition> result = new CompletableFuture<>();
    private final TenantId tenant;
    private final ParsedPush push;
    private final long cost;
    private final long arrivalEpochNanos;
    private long sequence;

    private PushEntry(TenantId tenant, ParsedPush push, long cost, long arrivalEpochNanos) {
      super(tenant, push.bytes(), arrivalEpochNanos);
      this.tenant = tenant;
      this.push = push;
      this.cost = cost;
      this.arrivalEpochNanos = arrivalEpochNanos;
    }

    @Override
    protected void apply(long at) {
      sequence = at;
      applyPush(openRange, tenant, push, cost, arrivalEpochNanos);
    }

    @Override
    protected void acknowledge() {
      result.complete(new LogPosition(0, sequence));
    }

    @Override
    protected void fail(RequestException reason) {
      budget.release(cost);
      forget(tenant, push);
      result.completeExceptionally(reason);
    }
  }

  /// Makes a durable push visible; its cost is in the budget already.
  void applyPush(
      OpenRange range, TenantId tenant, ParsedPush push, long cost, long arrivalEpochNanos) {
    tenants
        .computeIfAbsent(tenant, this::newTenant)
        .apply(range, push, new RecordHold(budget, cost, push.pieceCount()), arrivalEpochNanos);
    if (range.sizeBytes.addAndGet(cost) >= maxRangeBytes && range == openRange) {
      wake(cutterWake);
    }
  }

  private TenantStore newTenant(TenantId tenant) {
    return new TenantStore(tenant, budget, time, config.liveBatchMaxAge().toNanos(), metrics);
  }

  /// The limits on single traces; ask before [#append]. What was admitted and then not appended is
  /// taken back here.
  public TraceAdmission admission() {
    return tracker;
  }

  /// The tenant's spans that are not in announced blocks. The live batches in it are at most
  /// [LiveStoreConfig#liveBatchMaxAge] old.
  public RecentSnapshot snapshot(TenantId tenant) {
    TenantStore store = tenants.get(tenant);
    return store == null ? RecentSnapshot.EMPTY : store.snapshot();
  }

  /// The recent parts of a trace; sees every span that is acknowledged.
  public RecentTrace find(TenantId tenant, TraceId traceId) {
    TenantStore store = tenants.get(tenant);
    return store == null ? RecentTrace.NONE : store.find(traceId);
  }

  /// Tenants that sent spans since the start, or have spans that are not in blocks.
  public SortedSet<TenantId> tenants() {
    return new TreeSet<>(tenants.keySet());
  }

  /// True while pushes are taken and become blocks. Not any more once one of the store's threads
  /// has ended too early; only a restart mends that.
  public boolean isReady() {
    return isAccepting && wal.isRunning() && !isThreadDead;
  }

  /// Ranges that are closed and not yet done.
  public int pendingRanges() {
    return builder.pendingCount();
  }

  LiveStoreConfig config() {
    return config;
  }

  LogControl control() {
    return control;
  }

  MemoryBudget budget() {
    return budget;
  }

  WriteAheadLog wal() {
    return wal;
  }

  RangeBuilder builder() {
    return builder;
  }

  TraceCutter cutter() {
    return cutter;
  }

  OpenRange openRange() {
    return openRange;
  }

  void resumeAt(OpenRange range) {
    openRange = range;
  }

  /// Makes heads of everything that the tenant has; only while nothing else runs.
  void cutAll(TenantId tenant) {
    TenantStore store = tenants.get(tenant);
    if (store != null) {
      for (TenantRange part : store.parts()) {
        cutter.cutAll(part);
      }
    }
  }

  /// Makes heads of traces that are over, and closes the open range if it is due.
  void check() {
    metrics.ready.set(isReady() ? 1 : 0);
    long now = time.monotonicNanos();
    OpenRange range = openRange;
    long idleSince = now - config.maxTraceIdle().toNanos();
    long bornBefore = now - config.maxTraceLive().toNanos();
    long largestHeadBytes = 0;
    for (TenantRange part : range.tenants) {
      cutter.cut(part, idleSince, bornBefore);
      largestHeadBytes = Math.max(largestHeadBytes, part.store.headBytes(part));
    }
    boolean wasMemoryShort = isMemoryShort;
    isMemoryShort = false;
    if (range.sizeBytes.get() >= maxRangeBytes || (wasMemoryShort && builder.pendingCount() == 0)) {
      closeRange("memory", -1);
    } else if (largestHeadBytes >= config.maxBlockBytes()) {
      closeRange("max_block_bytes", -1);
    } else if (!range.isEmpty() && now - range.firstNanos >= config.maxBlockDuration().toNanos()) {
      closeRange("max_block_duration", -1);
    }
    if (range != openRange) {
      // At once, not when the builder comes to it: columns are smaller than bytes, and views encode
      // bytes again.
      for (TenantRange part : range.tenants) {
        cutter.cutAll(part);
      }
    }
    tracker.expire();
    long unusedSince = wasMemoryShort ? now : idleSince;
    for (TenantStore store : tenants.values()) {
      store.forgetUnusedBatches(unusedSince);
      metrics.live(store.tenant(), store.liveSize());
    }
  }

  /// Closes the open range if there is anything in it; false if the log refused.
  boolean closeRange(String reason, long endExclusiveOrNegative) {
    OpenRange range = openRange;
    if (range.isEmpty()) {
      return true;
    }
    try {
      control.close(
          range.startInclusive,
          endExclusiveOrNegative,
          range.salt,
          closed -> closed(range, closed));
    } catch (LogRefusedException e) {
      log.debug("close was refused", e);
      return false;
    }
    metrics.blocksCut.labelValues(reason).inc();
    wake(builderWake);
    return true;
  }

  private void closed(OpenRange range, LogRange closed) {
    range.close(closed);
    builder.add(range);
    openRange = OpenRange.open(closed.endExclusive());
  }

  /// Writes the blocks that are due.
  void buildBlocks(boolean isImpatient) {
    builder.build(isImpatient);
  }

  private void cutUntilStopped() {
    while (!isCutterStopping) {
      awaitWake(cutterWake, config.flushCheckPeriod().toNanos());
      if (!isCutterStopping) {
        runLogged(this::check);
      }
    }
  }

  private void buildUntilStopped() {
    while (!isBuilderStopping) {
      awaitWake(builderWake, config.retryBackoffMin().toNanos());
      if (!isBuilderStopping) {
        runLogged(() -> buildBlocks(false));
      }
    }
  }

  private static void awaitWake(Semaphore wake, long timeoutNanos) {
    try {
      if (wake.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      // Interrupted to end a call of the block store at shutdown; the loop looks at its own flag.
    }
  }

  /// The life of a thread of the store.
  private void runToTheEnd(Runnable loop) {
    try {
      loop.run();
    } catch (Throwable e) {
      isThreadDead = true;
      metrics.ready.set(0);
      log.error(
          "{} has ended, the process is not ready until a restart",
          Thread.currentThread().getName(),
          e);
    }
  }

  private static void runLogged(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // The state is as it was before the step that failed; the next round tries again.
      log.error("{} failed and is tried again", Thread.currentThread().getName(), e);
    }
  }

  /// Takes no more pushes, closes the open range and writes its blocks, for at most
  /// [LiveStoreConfig#shutdownTimeout]; what is not done by then stays in the log.
  @Override
  public synchronized void close() {
    if (isCloseCalled) {
      return;
    }
    isCloseCalled = true;
    long deadline = System.nanoTime() + config.shutdownTimeout().toNanos();
    isAccepting = false;
    metrics.ready.set(0);
    isCutterStopping = true;
    wake(cutterWake);
    join(cutterThread, deadline);
    closeRange("shutdown", -1);
    isBuilderStopping = true;
    wake(builderWake);
    join(builderThread, deadline);
    if (!builderThread.isAlive()) {
      flush(deadline);
    }
    if (builder.pendingCount() > 0) {
      log.warn("{} ranges are not in blocks yet and stay in the log", builder.pendingCount());
    }
    wal.close();
  }

  private void flush(long deadline) {
    Thread flusher =
        Thread.ofPlatform()
            .daemon()
            .name("vivace-flush")
            .start(() -> runLogged(() -> flushUntil(deadline)));
    join(flusher, deadline);
  }

  private void flushUntil(long deadline) {
    while (builder.pendingCount() > 0 && deadline - System.nanoTime() > 0 && wal.isRunning()) {
      buildBlocks(true);
      if (builder.pendingCount() > 0) {
        try {
          TimeUnit.NANOSECONDS.sleep(config.retryBackoffMin().toNanos());
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private static void join(Thread thread, long deadline) {
    try {
      boolean isStarted = thread.getState() != Thread.State.NEW;
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (isStarted && !thread.join(java.time.Duration.ofMillis(Math.max(1, millis)))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
