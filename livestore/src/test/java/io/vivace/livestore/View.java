package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a query sees: the recent snapshot first, the list of blocks second, without the superseded
/// ones.
final class View {
  private View() {}

  /// Span id → how often it is seen.
  static Map<Long, Integer> of(LiveStore store, SimulatedBlocks blocks, TenantId tenant) {
    RecentSnapshot recent = store.snapshot(tenant);
    List<Long> ids = new ArrayList<>();
    for (BatchSource source : recent.sources()) {
      requireOneRowPerTrace(source);
      for (int i = 0; i < source.batchCount(); i++) {
        ids.addAll(Spans.ids(source.batch(i)));
      }
    }
    addBlocks(ids, blocks, tenant, recent.supersededBlocks());
    return counts(ids);
  }

  /// The spans of one trace by id; spans of other traces in blocks are of no interest here.
  static Map<Long, Integer> find(
      LiveStore store, SimulatedBlocks blocks, TenantId tenant, TraceId traceId) {
    RecentTrace recent = store.find(tenant, traceId);
    List<Long> ids = new ArrayList<>();
    for (TraceColumns part : recent.parts()) {
      ids.addAll(Spans.ids(part));
    }
    addBlocks(ids, blocks, tenant, recent.supersededBlocks());
    return counts(ids);
  }

  private static void addBlocks(
      List<Long> ids,
      SimulatedBlocks blocks,
      TenantId tenant,
      Set<io.vivace.block.BlockId> superseded) {
    for (SimulatedBlocks.Block block : blocks.listed()) {
      if (block.tenant().equals(tenant) && !superseded.contains(block.id())) {
        ids.addAll(block.spanIds());
      }
    }
  }

  private static Map<Long, Integer> counts(List<Long> ids) {
    Map<Long, Integer> counts = new HashMap<>();
    for (Long id : ids) {
      counts.merge(id, 1, Integer::sum);
    }
    return counts;
  }

  private static void requireOneRowPerTrace(BatchSource source) {
    Set<TraceId> seen = new HashSet<>();
    TraceColumns columns = (TraceColumns) source.batch(0);
    for (int row = 0; row < source.traceCount(); row++) {
      TraceId id = new TraceId(columns.traceIdsHigh()[row], columns.traceIdsLow()[row]);
      if (!seen.add(id)) {
        throw new AssertionError("trace " + id + " has two rows in " + source.name());
      }
    }
  }
}
