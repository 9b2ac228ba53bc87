package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes heads of live traces. Thread-safe; a part is cut by one thread at a time.
final class TraceCutter {
  private static final Logger log = LoggerFactory.getLogger(TraceCutter.class);

  /// Traces become columns in portions, so that bytes and columns exist twice only for one portion.
  private static final long MAX_PORTION_BYTES = 32L << 20;

  private static final int PORTIONS_PER_BUDGET = 16;

  private final LiveStoreMetrics metrics;
  private final long portionBytes;

  TraceCutter(LiveStoreMetrics metrics, long memoryBudgetBytes) {
    this.metrics = metrics;
    this.portionBytes = Math.max(1, Math.min(MAX_PORTION_BYTES, memoryBudgetBytes / PORTIONS_PER_BUDGET));
  }

  /// Makes heads of everything in the part.
  void cutAll(TenantRange part) {
    cut(part, part.store.farFuture(), part.store.farFuture());
  }

  /// Makes heads of the traces without spans since `idleSince`, and of those that began at or before `bornBefore`.
  void cut(TenantRange part, long idleSince, long bornBefore) {
    part.cutLock.lock();
    try {
      while (cutPortion(part, idleSince, bornBefore)) {
        // The next portion.
      }
    } finally {
      part.cutLock.unlock();
    }
  }

  private boolean cutPortion(TenantRange part, long idleSince, long bornBefore) {
    TenantRange.Cut cut = part.store.takeCut(part, idleSince, bornBefore, portionBytes);
    if (cut == null) {
      return false;
    }
    TraceColumns columns = PieceEncoder.encode(cut.traces(), (id, cause) -> unreadable(part, id, cause));
    part.store.finishCut(part, cut, columns);
    return true;
  }

  private void unreadable(TenantRange part, TraceId traceId, MalformedProtoException cause) {
    metrics.undecodable(part.tenant());
    log.error(
        "spans in the log are no OTLP and are left out, tenant={} trace={} cause={}",
        part.tenant(),
        traceId,
        cause.getMessage());
  }
}
