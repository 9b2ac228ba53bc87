package io.vivace.server;

import io.vivace.batch.TraceColumns;
import io.vivace.block.BlockId;
import io.vivace.block.BlockList;
import io.vivace.block.BlockReader;
import io.vivace.livestore.LiveStore;
import io.vivace.livestore.RecentSnapshot;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.query.RecentData;
import io.vivace.query.StoredData;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// The data of this process as the query front end sees it.
final class LocalData {
  private LocalData() {}

  static RecentData recent(LiveStore store) {
    return new RecentData() {
      @Override
      public View view(TenantId tenant) {
        RecentSnapshot snapshot = store.snapshot(tenant);
        return new View(
            snapshot.sources(),
            snapshot.supersededBlocks().stream().map(BlockId::value).collect(Collectors.toSet()));
      }

      @Override
      public List<TraceColumns> find(TenantId tenant, TraceId traceId) {
        return store.find(tenant, traceId).parts();
      }
    };
  }

  static StoredData stored(BlockList blocks) {
    return new StoredData() {
      @Override
      public List<StoredBlock> blocks(TenantId tenant) {
        return blocks.snapshot(tenant).stream()
            .map(block -> new StoredBlock(block.meta().id().value(), block))
            .toList();
      }

      @Override
      public boolean setAside(TenantId tenant, UUID block, Exception cause) {
        for (BlockReader reader : blocks.snapshot(tenant)) {
          if (reader.meta().id().value().equals(block)) {
            blocks.setAside(reader, cause);
          }
        }
        return true;
      }
    };
  }
}
