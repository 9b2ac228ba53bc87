package io.vivace.block;

import io.vivace.batch.TraceColumns;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.objectstore.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Writes traces as a vParquet5 block. Thread-safe: one writer serves all tenants; each call of
/// [#write] works on its own.
public final class BlockWriter {
  private final ObjectStore store;
  private final BlockWriterOptions options;

  public BlockWriter(ObjectStore store, BlockWriterOptions options) {
    this.store = store;
    this.options = options;
  }

  /// The descriptor of a block that is there already, live or compacted.
  public Optional<BlockMeta> find(TenantId tenant, BlockId id) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Writes the traces of all sources as one block; the descriptor, which makes it visible, comes
  /// last. Traces that occur in several sources are joined. When the call returns, the block is
  /// durable; when it throws, there is none (an interrupted one leaves objects without descriptor,
  /// which a repeated call replaces).
  ///
  /// @param sources at least one trace in all
  /// @param times the block's time range is clamped into it, so that single spans dated far outside
  ///     do not widen it; [TimeRange#ALL] for no clamp
  /// @throws BlockExistsException if the id is in use; nothing was changed
  public BlockMeta write(TenantId tenant, BlockId id, List<TraceColumns> sources, TimeRange times)
      throws IOException {
    throw new UnsupportedOperationException(store + "" + options);
  }
}
