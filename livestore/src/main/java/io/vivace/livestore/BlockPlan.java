package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.block.BlockId;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import java.util.List;

/// A block to be written: one tenant's spans of one closed range of the log.
///
/// @param blockId derived from the tenant and the range's salt; the same after a restart
/// @param columns at least one batch; a trace may occur in several, then its parts are to be joined
///   into one row in this order
/// @param clamp the slack rule: the block's time range is clamped into this one; [TimeRange#ALL]
///   for no clamping
public record BlockPlan(
    TenantId tenant, BlockId blockId, List<TraceColumns> columns, TimeRange clamp) {
  public BlockPlan {
    columns = List.copyOf(columns);
  }
}
