package io.vivace.livestore;

import io.vivace.block.BlockCache;
import io.vivace.block.BlockId;
import io.vivace.block.BlockList;
import io.vivace.block.BlockMetaJson;
import io.vivace.block.BlockObjects;
import io.vivace.block.BlockReader;
import io.vivace.block.BlockWriter;
import io.vivace.model.TenantId;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import java.io.IOException;

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
    return writer.exists(tenant, blockId);
  }

  @Override
  public long write(BlockPlan plan) throws IOException {
    return writer.write(plan.tenant(), plan.blockId(), plan.columns(), plan.clamp()).sizeBytes();
  }

  @Override
  public void announce(TenantId tenant, BlockId blockId) throws IOException {
    String key = BlockObjects.key(tenant, blockId, BlockObjects.META);
    byte[] descriptor;
    try {
      descriptor = store.get(key);
    } catch (ObjectNotFoundException e) {
      if (store.head(BlockObjects.key(tenant, blockId, BlockObjects.COMPACTED_META)).isPresent()) {
        // Compacted away by now; what became of it is in the list.
        return;
      }
      throw e;
    }
    blocks.add(BlockReader.open(store, BlockMetaJson.read(descriptor, key), cache));
  }
}
