package io.vivace.livestore;

import io.vivace.block.BlockCache;
import io.vivace.block.BlockId;
import io.vivace.block.BlockList;
import io.vivace.block.BlockMeta;
import io.vivace.block.BlockObjects;
import io.vivace.block.BlockReader;
import io.vivace.block.BlockWriter;
import io.vivace.model.TenantId;
import io.vivace.objectstore.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/// Blocks in an object store, listed in this process. Thread-safe.
public final class StoreBlockSink implements BlockSink {
  private final ObjectStore store;
  private final BlockWriter writer;
  private final BlockList blocks;
  private final BlockCache cache;

  public StoreBlockSink(ObjectStore store, BlockWriter writer, BlockList blocks, BlockCache cache) {
    this.store = store;
    this.writer = writer;
    this.blocks = blocks;
    this.cache = cache;
  }

  @Override
  public boolean exists(TenantId tenant, BlockId blockId) throws IOException {
    return writer.find(tenant, blockId).isPresent();
  }

  @Override
  public long write(BlockPlan plan) throws IOException {
    return writer.write(plan.tenant(), plan.blockId(), plan.columns(), plan.clamp()).sizeBytes();
  }

  @Override
  public void announce(TenantId tenant, BlockId blockId) throws IOException {
    Optional<BlockMeta> meta = writer.find(tenant, blockId);
    if (meta.isPresent()
        && store.head(BlockObjects.key(tenant, blockId, BlockObjects.META)).isPresent()) {
      blocks.add(BlockReader.open(store, meta.get(), cache));
    }
  }
}
