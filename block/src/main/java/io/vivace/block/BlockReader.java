package io.vivace.block;

import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.objectstore.ObjectStore;
import java.io.IOException;
import java.util.List;

/// A block as a source of batches. Thread-safe; holds nothing but its descriptor, what it reads is
/// in the [BlockCache]. Needs no closing.
public final class BlockReader implements BatchSource {
  private final BlockMeta meta;

  private BlockReader(BlockMeta meta) {
    this.meta = meta;
  }

  /// Opens a block and checks that its footer and schema are what the descriptor says.
  ///
  /// @throws IOException naming the block if it cannot be read
  public static BlockReader open(ObjectStore store, BlockMeta meta, BlockCache cache)
      throws IOException {
    return new BlockReader(meta);
  }

  public BlockMeta meta() {
    return meta;
  }

  @Override
  public String name() {
    return meta.id().toString();
  }

  @Override
  public TimeRange timeRange() {
    return meta.timeRange();
  }

  @Override
  public long traceCount() {
    return meta.traceCount();
  }

  @Override
  public int batchCount() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SpanBatch batch(int index) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long sizeBytes() {
    return meta.sizeBytes();
  }

  @Override
  public TraceColumns find(List<TraceId> traceIds) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean mayContain(TraceId traceId) {
    throw new UnsupportedOperationException();
  }
}
