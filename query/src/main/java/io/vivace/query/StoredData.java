package io.vivace.query;

import io.vivace.engine.BatchSource;
import io.vivace.model.TenantId;
import java.util.List;
import java.util.UUID;

/// Spans in blocks. Thread-safe.
public interface StoredData {
  /// The tenant's blocks that are live now. Cheap: nothing is read before a source is asked.
  List<StoredBlock> blocks(TenantId tenant);

  /// Takes a block that turned out to be damaged or gone out of the list, so that later calls of
  /// [#blocks] are without it. Nothing happens if it is not listed (any more).
  ///
  /// @return false if blocks cannot be taken out
  default boolean setAside(TenantId tenant, UUID block, Exception cause) {
    return false;
  }

  /// @param id the block's id
  /// @param source reads the block; opens it when first asked for data
  record StoredBlock(UUID id, BatchSource source) {}
}
