package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import java.util.List;
import java.util.UUID;

/// A block to be written: one tenant's spans of one closed range of the log.
///
/// @param blockId derived from the tenant and the range's salt; the same after a restart
/// @param columns at least one batch; a trace may occur in several, then its parts are to be joined into one row in
///   this order
/// @param timeRange the block's time range, with the slack rule applied
/// @param replicationFactor goes into the meta
public record BlockPlan(
    TenantId tenant, UUID blockId, List<TraceColumns> columns, TimeRange timeRange, int replicationFactor) {
  public BlockPlan {
    columns = List.copyOf(columns);
  }
}
