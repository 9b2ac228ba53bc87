package io.vivace.livestore;

import io.vivace.block.BlockId;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// One tenant's spans of one range: those that are still bytes, those that are becoming columns,
/// and heads. Guarded by the tenant's lock where not said otherwise.
final class TenantRange {
  final TenantStore store;
  final OpenRange range;
  final BlockId blockId;
  final Map<TraceId, LiveTrace> live = new LinkedHashMap<>();
  final List<Cut> cutting = new ArrayList<>();
  final List<ColumnsSource> heads = new ArrayList<>();
  long firstArrivalEpochNanos = Long.MAX_VALUE;
  long lastArrivalEpochNanos = Long.MIN_VALUE;
  long headBytes;

  /// Held while traces of this part are made into heads, so that who holds it sees no cut in
  /// flight.
  final ReentrantLock cutLock = new ReentrantLock();

  // Of the thread that builds blocks.
  boolean isAttempted;
  volatile boolean isDone;

  TenantRange(TenantStore store, OpenRange range) {
    this.store = store;
    this.range = range;
    this.blockId = BlockId.derive(store.tenant(), range.saltBytes());
  }

  TenantId tenant() {
    return store.tenant();
  }

  /// Traces, or the older pieces of a large one, that are on their way from bytes to a head.
  record Cut(List<PieceEncoder.Pieces> traces) {}
}
