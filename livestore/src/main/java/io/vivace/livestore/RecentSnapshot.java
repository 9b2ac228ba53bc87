package io.vivace.livestore;

import io.vivace.block.BlockId;
import io.vivace.engine.BatchSource;
import java.util.List;
import java.util.Set;

/// One consistent view of a tenant's recent spans. Immutable, shared between queries.
///
/// A query takes this view first and the list of blocks second, and leaves out the blocks whose ids
/// are in `supersededBlocks`; then it sees every span exactly once, however ranges turn into blocks
/// meanwhile.
///
/// @param sources heads, and the live batches over the open traces; a trace may have rows in
///   several of them
/// @param supersededBlocks ids of the blocks that hold, or will hold, the spans of `sources`
public record RecentSnapshot(List<BatchSource> sources, Set<BlockId> supersededBlocks) {
  /// Nothing recent.
  public static final RecentSnapshot EMPTY = new RecentSnapshot(List.of(), Set.of());

  public RecentSnapshot {
    sources = List.copyOf(sources);
    supersededBlocks = Set.copyOf(supersededBlocks);
  }
}
