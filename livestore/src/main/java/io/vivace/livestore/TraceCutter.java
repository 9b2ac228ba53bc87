package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes heads of live traces. Thread-safe; a part is cut by one thread at a time.
final class TraceCutter {
  private static final Logger log = LoggerFactory.getLogger(TraceCutter.class);

  /// Traces become columns in portions, so that bytes and columns exist twice only for one portion.
  private static final long MAX_PORTION_BYTES = 32L << 20;

  private static final int PORTIONS_PER_BUDGET = 16;

  private final LiveStoreMetrics metrics;
  private final Encoding encoding;
  private final long portionBytes;

  /// How pieces become columns.
  @FunctionalInterface
  interface Encoding {
    List<TraceColumns> encode(
        List<PieceEncoder.Pieces> traces, PieceEncoder.UnreadableListener listener);
  }

  TraceCutter(LiveStoreMetrics metrics, long memoryBudgetBytes) {
    this(metrics, memoryBudgetBytes, PieceEncoder::encode);
  }

  TraceCutter(LiveStoreMetrics metrics, long memoryBudgetBytes, Encoding encoding) {
    this.metrics = metrics;
    this.encoding = encoding;
    this.portionBytes =
        Math.max(1, Math.min(MAX_PORTION_BYTES, memoryBudgetBytes / PORTIONS_PER_BUDGET));
  }

  /// Makes heads of everything in the part.
  void cutAll(TenantRange part) {
    cut(part, part.store.farFuture(), part.store.farFuture());
  }

  /// Makes heads of the traces without spans since `idleSince`, and of those that began at or
  /// before `bornBefore`.
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
    boolean isEncoded = false;
    try {
      List<TraceColumns> columns =
          encoding.encode(cut.traces(), (id, cause) -> unreadable(part, id, cause));
      isEncoded = true;
      part.store.finishCut(part, cut, columns);
    } finally {
      if (!isEncoded) {
        // For lack of memory, as a rule: the next round tries again.
        part.store.putBack(part, cut);
      }
    }
    return true;
  }

  private void unreadable(TenantRange part, TraceId traceId, Throwable cause) {
    metrics.undecodable(part.tenant());
    if (cause instanceof MalformedProtoException) {
      log.error(
          "spans in the log are no OTLP and are left out, tenant={} trace={} cause={}",
          part.tenant(),
          traceId,
          cause.getMessage());
    } else {
      log.error(
          "spans cannot be made into columns and are left out, tenant={} trace={}",
          part.tenant(),
          traceId,
          cause);
    }
  }
}
