package io.vivace.query;

import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Spans that are not in blocks yet: a live-store in this process, or a remote one. Thread-safe.
public interface RecentData {
  /// One consistent view of the tenant's recent spans. Whoever combines it with blocks takes this
  /// view **first** and the list of blocks second, and leaves out the blocks in
  /// [View#supersededBlocks]: then every span is seen exactly once while ranges turn into blocks.
  View view(TenantId tenant);

  /// All recent parts of one trace, each with one row; empty if there are none. Sees a span as soon
  /// as it is acknowledged.
  List<TraceColumns> find(TenantId tenant, TraceId traceId);

  /// @param sources the live batch and the heads
  /// @param supersededBlocks blocks whose spans `sources` still hold
  record View(List<BatchSource> sources, Set<UUID> supersededBlocks) {
    public View {
      sources = List.copyOf(sources);
      supersededBlocks = Set.copyOf(supersededBlocks);
    }
  }
}
