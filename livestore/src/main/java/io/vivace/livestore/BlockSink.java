package io.vivace.livestore;

import io.vivace.block.BlockId;
import io.vivace.model.TenantId;
import java.io.IOException;

/// Where finished ranges become blocks. Called by the live store's threads, one call at a time per
/// block.
public interface BlockSink {
  /// True if the store has a block under this id, live (`meta.json`) or already compacted away
  /// (`meta.compacted.json`). The answer lets the log forget the block's spans, so what is found is
  /// made durable first.
  boolean exists(TenantId tenant, BlockId blockId) throws IOException;

  /// Writes a block; it is durable on return. Must not replace a block that exists. After a failure
  /// the call may be repeated, then over the left-overs of the first attempt.
  ///
  /// @return bytes of the block as stored
  long write(BlockPlan plan) throws IOException;

  /// Puts a durable block into the list of blocks that queries of this process see. The live store
  /// keeps the block's spans visible until this call has returned. Called after [#write], or after
  /// [#exists] said yes; after a failure those are asked again first. Does nothing if the block is
  /// in the list, or is compacted away by now; a block of which there is no trace is a failure.
  void announce(TenantId tenant, BlockId blockId) throws IOException;
}
