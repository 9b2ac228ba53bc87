package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.block.BlockId;
import io.vivace.engine.BatchSource;
import io.vivace.livestore.PieceEncoder.Pieces;
import io.vivace.livestore.memory.MemoryBudget;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One tenant's recent spans.
///
/// Implementation note. `lock` guards all state and is held for short steps only; encoding happens
/// outside of it. A piece of a trace is at every moment in exactly one of: a live trace, a cut that
/// is being encoded, a head; and moves on under the lock. A view is collected in one step under the
/// lock, with the ids of the blocks that its ranges are or will be in. So views are consistent,
/// whatever happens while their live batches are being encoded. `snapshotLock` is taken before
/// `lock` and lets one query build the view that all share.
final class TenantStore {
  private final TenantId tenant;
  private final MemoryBudget budget;
  private final LiveStoreTime time;
  private final long liveBatchMaxAgeNanos;
  private final LiveStoreMetrics metrics;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<TenantRange> ranges = new ArrayList<>();
  private long nextSerial;
  private long version;
  private long headCount;

  private final ReentrantLock snapshotLock = new ReentrantLock();
  private final LiveBatches liveBatches;
  private @Nullable CachedSnapshot cached;

  TenantStore(
      TenantId tenant,
      MemoryBudget budget,
      LiveStoreTime time,
      long liveBatchMaxAgeNanos,
      LiveStoreMetrics metrics) {
    this.tenant = tenant;
    this.budget = budget;
    this.time = time;
    this.liveBatchMaxAgeNanos = liveBatchMaxAgeNanos;
    this.metrics = metrics;
    this.liveBatches = new LiveBatches(budget);
  }

  private record CachedSnapshot(RecentSnapshot snapshot, long version, long builtNanos) {}

  /// What a view is made of.
  private record Collected(
      List<BatchSource> heads,
      Map<TraceId, List<TracePiece>> open,
      Set<BlockId> blockIds,
      long version) {}

  /// Live traces and their bytes.
  record LiveSize(int traces, long bytes) {}

  TenantId tenant() {
    return tenant;
  }

  /// Adds a durable push to the tenant's part of `range`.
  void apply(OpenRange range, ParsedPush push, RecordHold hold, long arrivalEpochNanos) {
    long now = time.monotonicNanos();
    int created = 0;
    lock.lock();
    try {
      TenantRange part = part(range, now);
      part.firstArrivalEpochNanos = Math.min(part.firstArrivalEpochNanos, arrivalEpochNanos);
      part.lastArrivalEpochNanos = Math.max(part.lastArrivalEpochNanos, arrivalEpochNanos);
      for (int i = 0; i < push.pieceCount(); i++) {
        LiveTrace trace = part.live.get(push.traceId(i));
        if (trace == null) {
          trace = new LiveTrace(push.traceId(i), now);
          part.live.put(push.traceId(i), trace);
          created++;
        }
        trace.add(
            new TracePiece(push.bytes(), push.offset(i), push.length(i), nextSerial++, hold), now);
      }
      version++;
    } finally {
      lock.unlock();
    }
    metrics.applied(tenant, push.bytes().length, created);
  }

  private TenantRange part(OpenRange range, long now) {
    if (!ranges.isEmpty() && ranges.getLast().range == range) {
      return ranges.getLast();
    }
    TenantRange part = new TenantRange(this, range);
    ranges.add(part);
    if (range.isEmpty()) {
      range.firstNanos = now;
    }
    range.tenants.add(part);
    return part;
  }

  /// A time on the monotonic clock that no trace reaches.
  long farFuture() {
    return time.monotonicNanos() + Long.MAX_VALUE / 2;
  }

  /// The parts that exist now, oldest first.
  List<TenantRange> parts() {
    lock.lock();
    try {
      return List.copyOf(ranges);
    } finally {
      lock.unlock();
    }
  }

  LiveSize liveSize() {
    lock.lock();
    try {
      int traces = 0;
      long bytes = 0;
      for (TenantRange part : ranges) {
        traces += part.live.size();
        for (LiveTrace trace : part.live.values()) {
          bytes += trace.bytes;
        }
      }
      return new LiveSize(traces, bytes);
    } finally {
      lock.unlock();
    }
  }

  /// Takes traces that were last touched at or before `idleSince`, or are as old as `bornBefore`,
  /// up to about `maxBytes`; of a trace that is larger its oldest pieces. Null if there are none.
  /// To be followed by [#finishCut].
  TenantRange.@Nullable Cut takeCut(
      TenantRange part, long idleSince, long bornBefore, long maxBytes) {
    lock.lock();
    try {
      List<Pieces> taken = new ArrayList<>();
      long bytes = 0;
      Iterator<LiveTrace> all = part.live.values().iterator();
      while (all.hasNext() && bytes < maxBytes) {
        LiveTrace trace = all.next();
        if (trace.lastNanos - idleSince > 0 && trace.firstNanos - bornBefore > 0) {
          continue;
        }
        if (bytes + trace.bytes <= maxBytes) {
          taken.add(new Pieces(trace.id, trace.pieces));
          bytes += trace.bytes;
          all.remove();
        } else if (bytes == 0) {
          bytes = takeOldest(trace, maxBytes, taken);
          if (trace.pieces.isEmpty()) {
            all.remove();
          }
        } else {
          break;
        }
      }
      if (taken.isEmpty()) {
        return null;
      }
      TenantRange.Cut cut = new TenantRange.Cut(taken);
      part.cutting.add(cut);
      return cut;
    } finally {
      lock.unlock();
    }
  }

  private static long takeOldest(LiveTrace trace, long maxBytes, List<Pieces> taken) {
    int count = 0;
    long bytes = 0;
    while (count < trace.pieces.size()
        && (count == 0 || bytes + trace.pieces.get(count).length() <= maxBytes)) {
      bytes += trace.pieces.get(count).length();
      count++;
    }
    List<TracePiece> oldest = trace.pieces.subList(0, count);
    taken.add(new Pieces(trace.id, List.copyOf(oldest)));
    oldest.clear();
    trace.bytes -= bytes;
    return bytes;
  }

  /// Undoes [#takeCut]: the pieces are those of live traces again, before what came meanwhile.
  void putBack(TenantRange part, TenantRange.Cut cut) {
    long now = time.monotonicNanos();
    lock.lock();
    try {
      part.cutting.remove(cut);
      for (Pieces pieces : cut.traces()) {
        LiveTrace trace = part.live.get(pieces.traceId());
        if (trace == null) {
          trace = new LiveTrace(pieces.traceId(), now);
          part.live.put(pieces.traceId(), trace);
        }
        trace.putBack(pieces.pieces());
      }
      version++;
    } finally {
      lock.unlock();
    }
  }

  /// Puts heads in the place of the cut that they were made from.
  ///
  /// @param columns empty if the cut held no readable span
  void finishCut(TenantRange part, TenantRange.Cut cut, List<TraceColumns> columns) {
    long size = 0;
    for (TraceColumns head : columns) {
      size += head.sizeBytes();
    }
    budget.acquire(size);
    lock.lock();
    try {
      part.cutting.remove(cut);
      for (TraceColumns head : columns) {
        part.heads.add(new ColumnsSource("head-" + headCount++, head));
      }
      part.headBytes += size;
      version++;
    } finally {
      lock.unlock();
    }
    long costBytes = 0;
    for (Pieces pieces : cut.traces()) {
      for (TracePiece piece : pieces.pieces()) {
        costBytes += piece.length() + ParsedPush.BYTES_PER_PIECE;
        piece.hold().releasePiece();
      }
    }
    part.range.sizeBytes.addAndGet(size - costBytes);
  }

  /// Forgets a part whose block is in the list of blocks.
  void drop(TenantRange part) {
    long size;
    lock.lock();
    try {
      ranges.remove(part);
      size = part.headBytes;
      version++;
      cached = null;
    } finally {
      lock.unlock();
    }
    budget.release(size);
  }

  /// The columns of a part of which everything is in heads, oldest first.
  List<TraceColumns> allColumns(TenantRange part) {
    lock.lock();
    try {
      if (!part.live.isEmpty() || !part.cutting.isEmpty()) {
        throw new IllegalStateException("spans of the range are still on their way to columns");
      }
      List<TraceColumns> columns = new ArrayList<>();
      for (ColumnsSource head : part.heads) {
        columns.add(head.columns());
      }
      return columns;
    } finally {
      lock.unlock();
    }
  }

  long headBytes(TenantRange part) {
    lock.lock();
    try {
      return part.headBytes;
    } finally {
      lock.unlock();
    }
  }

  RecentSnapshot snapshot() {
    RecentSnapshot recent = recentEnough();
    if (recent != null) {
      return recent;
    }
    snapshotLock.lock();
    try {
      // Another query may have built it while this one waited.
      recent = recentEnough();
      return recent != null ? recent : buildSnapshot();
    } finally {
      snapshotLock.unlock();
    }
  }

  private @Nullable RecentSnapshot recentEnough() {
    long now = time.monotonicNanos();
    lock.lock();
    try {
      CachedSnapshot last = cached;
      if (last != null
          && (last.version() == version || now - last.builtNanos() < liveBatchMaxAgeNanos)) {
        return last.snapshot();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private RecentSnapshot buildSnapshot() {
    long now = time.monotonicNanos();
    Collected collected = collect();
    List<BatchSource> sources = new ArrayList<>(collected.heads());
    sources.addAll(liveBatches.refresh(collected.open(), (id, cause) -> {}));
    RecentSnapshot snapshot =
        collected.blockIds().isEmpty()
            ? RecentSnapshot.EMPTY
            : new RecentSnapshot(sources, collected.blockIds());
    lock.lock();
    try {
      cached = new CachedSnapshot(snapshot, collected.version(), now);
    } finally {
      lock.unlock();
    }
    return snapshot;
  }

  private Collected collect() {
    lock.lock();
    try {
      List<BatchSource> heads = new ArrayList<>();
      Map<TraceId, List<TracePiece>> open = new HashMap<>();
      Set<BlockId> blockIds = new HashSet<>();
      for (TenantRange part : ranges) {
        blockIds.add(part.blockId);
        heads.addAll(part.heads);
        for (TenantRange.Cut cut : part.cutting) {
          for (Pieces pieces : cut.traces()) {
            open.computeIfAbsent(pieces.traceId(), id -> new ArrayList<>()).addAll(pieces.pieces());
          }
        }
        for (LiveTrace trace : part.live.values()) {
          open.computeIfAbsent(trace.id, id -> new ArrayList<>(trace.pieces.size()))
              .addAll(trace.pieces);
        }
      }
      return new Collected(heads, open, blockIds, version);
    } finally {
      lock.unlock();
    }
  }

  RecentTrace find(TraceId traceId) {
    List<ColumnsSource> heads = new ArrayList<>();
    List<TracePiece> open = new ArrayList<>();
    Set<BlockId> blockIds = new HashSet<>();
    lock.lock();
    try {
      for (TenantRange part : ranges) {
        blockIds.add(part.blockId);
        heads.addAll(part.heads);
        for (TenantRange.Cut cut : part.cutting) {
          for (Pieces pieces : cut.traces()) {
            if (pieces.traceId().equals(traceId)) {
              open.addAll(pieces.pieces());
            }
          }
        }
        LiveTrace trace = part.live.get(traceId);
        if (trace != null) {
          open.addAll(trace.pieces);
        }
      }
    } finally {
      lock.unlock();
    }
    List<TraceColumns> found = new ArrayList<>();
    for (ColumnsSource head : heads) {
      if (head.mayContain(traceId)) {
        found.add(head.find(List.of(traceId)));
      }
    }
    if (!open.isEmpty()) {
      found.addAll(PieceEncoder.encode(List.of(new Pieces(traceId, open)), (id, cause) -> {}));
    }
    return blockIds.isEmpty() ? RecentTrace.NONE : new RecentTrace(found, blockIds);
  }

  /// Forgets the live batches if no query asked for a while.
  void forgetUnusedBatches(long unusedSinceNanos) {
    if (!snapshotLock.tryLock()) {
      return;
    }
    try {
      lock.lock();
      try {
        CachedSnapshot last = cached;
        if (last != null && last.builtNanos() - unusedSinceNanos > 0) {
          return;
        }
        cached = null;
      } finally {
        lock.unlock();
      }
      liveBatches.clear();
    } finally {
      snapshotLock.unlock();
    }
  }
}
