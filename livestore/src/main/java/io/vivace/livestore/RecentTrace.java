package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.block.BlockId;
import java.util.List;
import java.util.Set;

/// The recent parts of one trace. Immutable.
///
/// @param parts each with exactly one row, that of the trace; oldest first; empty if nothing recent
///   is known of it
/// @param supersededBlocks blocks that hold, or will hold, the spans of `parts`
public record RecentTrace(List<TraceColumns> parts, Set<BlockId> supersededBlocks) {
  /// Nothing known.
  public static final RecentTrace NONE = new RecentTrace(List.of(), Set.of());

  public RecentTrace {
    parts = List.copyOf(parts);
    supersededBlocks = Set.copyOf(supersededBlocks);
  }
}
