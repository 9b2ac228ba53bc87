package io.vivace.block;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentMap;

/// What block readers keep between queries: footers, indexes, bloom shards, dictionaries, trace-id
/// columns. Bounded by bytes, the least recently used goes first. Thread-safe; one per process.
public final class BlockCache {
  private final Cache<Key, Entry> entries;

  /// @param maxBytes approximate heap bytes of all entries together
  public BlockCache(long maxBytes) {
    entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, Entry entry) -> entry.weight())
            .executor(Runnable::run)
            .build();
  }

  /// The entry under `key`, loaded if it is not there. Concurrent callers may load it twice; a
  /// failed load leaves nothing.
  <T> T get(BlockMeta block, Kind kind, int a, int b, Class<T> type, Loader<T> loader)
      throws IOException {
    Key key = new Key(block.tenant().value(), block.id(), kind, a, b);
    Entry found = entries.getIfPresent(key);
    if (found == null) {
      Weighted<T> loaded = loader.load();
      found = new Entry(loaded.value(), loaded.sizeBytes());
      entries.put(key, found);
    }
    return type.cast(found.value());
  }

  /// Like [#get] for callers that have no checked exception to throw.
  <T> T getUnchecked(BlockMeta block, Kind kind, int a, int b, Class<T> type, Loader<T> loader) {
    try {
      return get(block, kind, a, b, type, loader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Forgets everything of a block.
  public void evict(BlockMeta block) {
    ConcurrentMap<Key, Entry> map = entries.asMap();
    map.keySet()
        .removeIf(
            key -> key.block().equals(block.id()) && key.tenant().equals(block.tenant().value()));
  }

  /// Approximate heap bytes held.
  public long sizeBytes() {
    return entries.asMap().values().stream().mapToLong(Entry::sizeBytes).sum();
  }

  /// What an entry is.
  enum Kind {
    FOOTER,
    INDEX,
    BLOOM,
    OFFSETS,
    DICTIONARY,
    TRACE_IDS,
    BATCHES
  }

  /// Reads what is not cached.
  interface Loader<T> {
    Weighted<T> load() throws IOException;
  }

  /// A value with the heap bytes that it holds, approximately.
  record Weighted<T>(T value, long sizeBytes) {}

  private record Key(String tenant, BlockId block, Kind kind, int a, int b) {}

  private record Entry(Object value, long sizeBytes) {
    private static final int OVERHEAD_BYTES = 128;

    int weight() {
      return (int) Math.min(Integer.MAX_VALUE, sizeBytes + OVERHEAD_BYTES);
    }
  }
}
