package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.block.BlockId;
import io.vivace.livestore.wal.Faults;
import io.vivace.model.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A block store and the list of its blocks. A block is there, durably, from the moment its
/// descriptor is written. Its operations go through [Faults]. Thread-safe.
final class SimulatedBlocks implements BlockSink {
  private final Faults faults;
  private final Map<BlockId, Block> stored;
  private final Map<BlockId, Block> listed = new HashMap<>();
  private boolean isAway;
  private volatile Runnable beforeWrite = () -> {};

  SimulatedBlocks(Faults faults) {
    this(faults, new HashMap<>());
  }

  private SimulatedBlocks(Faults faults, Map<BlockId, Block> stored) {
    this.faults = faults;
    this.stored = stored;
    listed.putAll(stored);
  }

  /// A block as a test sees it.
  record Block(TenantId tenant, BlockId id, List<Long> spanIds, BlockPlan plan) {}

  /// The same store in the next process, which lists it at start.
  synchronized SimulatedBlocks afterCrash(Faults next) {
    return new SimulatedBlocks(next, new HashMap<>(stored));
  }

  synchronized void setAway(boolean away) {
    isAway = away;
  }

  /// Runs before a block is written, outside of locks: may wait.
  void setBeforeWrite(Runnable step) {
    beforeWrite = step;
  }

  /// The blocks that queries see.
  synchronized List<Block> listed() {
    return new ArrayList<>(listed.values());
  }

  @Override
  public boolean exists(TenantId tenant, BlockId blockId) throws IOException {
    return faults.call("block exists", () -> existsNow(blockId));
  }

  private synchronized boolean existsNow(BlockId blockId) throws IOException {
    requireThere();
    return stored.containsKey(blockId);
  }

  @Override
  public long write(BlockPlan plan) throws IOException {
    beforeWrite.run();
    synchronized (this) {
      requireThere();
    }
    faults.run("block data", () -> {});
    faults.run("block descriptor", () -> store(plan));
    return 1000;
  }

  private synchronized void store(BlockPlan plan) {
    List<Long> spanIds = new ArrayList<>();
    for (TraceColumns columns : plan.columns()) {
      spanIds.addAll(Spans.ids(columns));
    }
    Block block = new Block(plan.tenant(), plan.blockId(), spanIds, plan);
    if (stored.put(plan.blockId(), block) != null) {
      throw new AssertionError("block " + plan.blockId() + " was overwritten");
    }
  }

  @Override
  public void announce(TenantId tenant, BlockId blockId) throws IOException {
    faults.run("block announce", () -> announceNow(blockId));
  }

  private synchronized void announceNow(BlockId blockId) throws IOException {
    requireThere();
    listed.put(blockId, stored.get(blockId));
  }

  private void requireThere() throws IOException {
    if (isAway) {
      throw new IOException("the store is away");
    }
  }
}
