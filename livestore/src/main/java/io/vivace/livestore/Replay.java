package io.vivace.livestore;

import io.vivace.block.BlockId;
import io.vivace.livestore.LogControl.LogRefusedException;
import io.vivace.livestore.wal.LogRange;
import io.vivace.livestore.wal.WalRecovery;
import io.vivace.model.TenantId;
import io.vivace.model.log.PushRecord;
import io.vivace.model.proto.MalformedProtoException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the spans of the log back into memory at start: those of closed ranges whose blocks are
/// not in the store, and those of the open range. When they are more than the memory bound likes,
/// ranges become blocks on the way.
final class Replay {
  private static final Logger log = LoggerFactory.getLogger(Replay.class);
  private static final double MAX_FILL = 0.5;
  private static final int STEPS_PER_BUDGET = 8;

  private final LiveStore store;
  private final BlockSink sink;
  private final WalRecovery recovery;
  private final ArrayDeque<OpenRange> closed = new ArrayDeque<>();
  private final Map<OpenRange, Set<TenantId>> inBlocks = new HashMap<>();
  private final Map<OpenRange, Set<TenantId>> notInBlocks = new HashMap<>();
  private long replayedRecords;
  private long relieveAtBytes;

  Replay(LiveStore store, BlockSink sink) {
    this.store = store;
    this.sink = sink;
    this.recovery = store.wal().recovery();
    this.relieveAtBytes = (long) (MAX_FILL * store.budget().limitBytes());
  }

  void run() throws IOException {
    long end = recovery.doneEnd();
    for (LogRange range : recovery.ranges()) {
      if (range.startInclusive() > end) {
        closeGap(end, range.startInclusive());
      }
      closed.add(OpenRange.recovered(range));
      end = range.endExclusive();
    }
    store.resumeAt(OpenRange.open(end));
    recovery.replay(this::data);
    handOver(Long.MAX_VALUE);
    if (replayedRecords > 0 || store.builder().pendingCount() > 0) {
      log.info(
          "replayed {} records of the log, closed ranges to finish: {}",
          replayedRecords,
          store.builder().pendingCount());
    }
  }

  /// A range whose `close` is damaged: its spans get a range of their own.
  private void closeGap(long startInclusive, long endExclusive) throws IOException {
    OpenRange gap = OpenRange.open(startInclusive);
    try {
      store.control().close(startInclusive, endExclusive, gap.salt, gap::close);
    } catch (LogRefusedException e) {
      throw new IOException("the log cannot be repaired while its disk refuses writes", e);
    }
    closed.add(gap);
  }

  /// Gives the ranges of which everything is replayed to the builder.
  private void handOver(long sequence) {
    while (!closed.isEmpty() && closed.getFirst().endExclusive() <= sequence) {
      store.builder().add(closed.removeFirst());
    }
  }

  private void data(TenantId tenant, byte[] payload, long sequence, long arrivalEpochNanos)
      throws IOException {
    handOver(sequence);
    OpenRange range = rangeOf();
    if (range.isRecovered && isInBlock(range, tenant)) {
      return;
    }
    ParsedPush push;
    try {
      push = ParsedPush.parse(new PushRecord(payload, -1));
    } catch (MalformedProtoException e) {
      log.error("record {} of the log is no push and is skipped: {}", sequence, e.getMessage());
      return;
    }
    store.budget().acquire(push.costBytes());
    store.applyPush(range, tenant, push, push.costBytes(), arrivalEpochNanos);
    replayedRecords++;
    if (store.budget().usedBytes() > relieveAtBytes) {
      relieve(sequence);
      long limit = store.budget().limitBytes();
      relieveAtBytes =
          Math.max(
              (long) (MAX_FILL * limit), store.budget().usedBytes() + limit / STEPS_PER_BUDGET);
    }
  }

  private OpenRange rangeOf() {
    return closed.isEmpty() ? store.openRange() : closed.getFirst();
  }

  private boolean isInBlock(OpenRange range, TenantId tenant) {
    if (inBlocks.computeIfAbsent(range, r -> new HashSet<>()).contains(tenant)) {
      return true;
    }
    if (!notInBlocks.computeIfAbsent(range, r -> new HashSet<>()).add(tenant)) {
      return false;
    }
    try {
      if (sink.exists(tenant, BlockId.derive(tenant, range.saltBytes()))) {
        inBlocks.get(range).add(tenant);
        return true;
      }
    } catch (IOException e) {
      // The builder asks again before it writes; until then views leave the block out.
      log.warn("the block store does not answer, tenant={} cause={}", tenant, e.toString());
    }
    return false;
  }

  /// Makes room: everything up to here becomes columns, and if that is not enough, blocks.
  private void relieve(long sequence) throws IOException {
    for (TenantId tenant : store.tenants()) {
      store.cutAll(tenant);
    }
    if (store.budget().fill() <= MAX_FILL) {
      return;
    }
    while (closed.isEmpty() && !store.closeRange("memory", sequence + 1)) {
      pause();
    }
    store.buildBlocks(true);
    while (store.budget().fill() > MAX_FILL && store.builder().pendingCount() > 0) {
      pause();
      store.buildBlocks(true);
    }
  }

  private void pause() throws IOException {
    try {
      Thread.sleep(store.config().retryBackoffMin());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the log was replayed");
    }
  }
}
