package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.livestore.LogControl.LogRefusedException;
import io.vivace.model.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns closed ranges into blocks: what is still bytes becomes columns, each tenant's columns
/// become a block, the block is announced, and only then are the spans forgotten here. When all
/// blocks of a range, and of all before it, are there, the log is told that it is done.
///
/// A range whose blocks cannot be written stays in memory and in the log and is tried again after a
/// growing pause; later ranges go on meanwhile. [#add] and [#pendingCount] are thread-safe,
/// [#build] belongs to one thread at a time.
final class RangeBuilder {
  private static final Logger log = LoggerFactory.getLogger(RangeBuilder.class);

  private final BlockSink sink;
  private final LogControl control;
  private final TraceCutter cutter;
  private final LiveStoreTime time;
  private final LiveStoreConfig config;
  private final LiveStoreMetrics metrics;
  private final List<OpenRange> closed = new CopyOnWriteArrayList<>();

  RangeBuilder(
      BlockSink sink,
      LogControl control,
      TraceCutter cutter,
      LiveStoreTime time,
      LiveStoreConfig config,
      LiveStoreMetrics metrics) {
    this.sink = sink;
    this.control = control;
    this.cutter = cutter;
    this.time = time;
    this.config = config;
    this.metrics = metrics;
  }

  /// Takes a closed range. Ranges come in order.
  void add(OpenRange range) {
    closed.add(range);
    metrics.completeQueueLength.set(closed.size());
  }

  /// Ranges that are not done.
  int pendingCount() {
    return closed.size();
  }

  /// Builds what is due, and says `done` for what is complete. Never throws for a failing store or
  /// log.
  ///
  /// @param isImpatient also what waits for its next attempt
  void build(boolean isImpatient) {
    for (OpenRange range : closed) {
      if (!isBuilt(range) && (isImpatient || time.monotonicNanos() - range.nextAttemptNanos >= 0)) {
        build(range);
      }
    }
    finish();
  }

  private static boolean isBuilt(OpenRange range) {
    for (TenantRange part : range.tenants) {
      if (!part.isDone) {
        return false;
      }
    }
    return true;
  }

  private void build(OpenRange range) {
    int attempts = range.failedAttempts;
    for (TenantRange part : range.tenants) {
      if (part.isDone) {
        continue;
      }
      try {
        build(part);
      } catch (IOException | RuntimeException e) {
        metrics.failedCompletions.inc();
        if (range.failedAttempts == 0) {
          log.error(
              "block could not be written, its spans stay in the log and are tried again, tenant={} block={}",
              part.tenant(),
              part.blockId,
              e);
        }
        range.failedAttempts = attempts + 1;
      }
    }
    if (range.failedAttempts == attempts) {
      if (attempts > 0) {
        log.info(
            "blocks of the range from {} are written after {} failed attempts",
            range.startInclusive,
            attempts);
        range.failedAttempts = 0;
      }
    } else {
      range.nextAttemptNanos = time.monotonicNanos() + pauseNanos(range.failedAttempts);
    }
  }

  private long pauseNanos(int failedAttempts) {
    Duration pause = config.retryBackoffMin().multipliedBy(1L << Math.min(failedAttempts - 1, 16));
    return (pause.compareTo(config.retryBackoffMax()) > 0 ? config.retryBackoffMax() : pause)
        .toNanos();
  }

  private void build(TenantRange part) throws IOException {
    long start = System.nanoTime();
    cutter.cutAll(part);
    if (isStored(part)) {
      sink.announce(part.tenant(), part.blockId);
    }
    part.isDone = true;
    part.store.drop(part);
    metrics.blocksCompleted.inc();
    metrics.completionDuration.observe((System.nanoTime() - start) / 1e9);
  }

  /// Writes the block if it is not there; false if there is nothing to write.
  private boolean isStored(TenantRange part) throws IOException {
    // A process before this one, or an attempt whose answer was lost, may have written it.
    boolean mayExist = part.range.isRecovered || part.isAttempted;
    if (part.isAttempted) {
      metrics.completionRetries.inc();
    }
    if (mayExist && sink.exists(part.tenant(), part.blockId)) {
      return true;
    }
    part.isAttempted = true;
    List<TraceColumns> columns = part.store.allColumns(part);
    if (columns.isEmpty()) {
      return false;
    }
    long sizeBytes = sink.write(new BlockPlan(part.tenant(), part.blockId, columns, clamp(part)));
    metrics.completionSize.observe((double) sizeBytes);
    return true;
  }

  private TimeRange clamp(TenantRange part) {
    long slack = config.ingestionTimeRangeSlack().toNanos();
    return slack == 0
        ? TimeRange.ALL
        : new TimeRange(part.firstArrivalEpochNanos - slack, part.lastArrivalEpochNanos + slack);
  }

  private void finish() {
    List<OpenRange> done = new ArrayList<>();
    for (OpenRange range : closed) {
      if (!isBuilt(range)) {
        break;
      }
      done.add(range);
    }
    if (done.isEmpty()) {
      return;
    }
    try {
      control.done(done.getLast().endExclusive());
    } catch (LogRefusedException e) {
      // Said by the log already; without `done` nothing is lost, the blocks are found at the next
      // start.
      log.debug("done {} was refused", done.getLast().endExclusive(), e);
      return;
    }
    closed.removeAll(done);
    metrics.completeQueueLength.set(closed.size());
  }
}
