package io.vivace.block;

import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.objectstore.ObjectInfo;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.ObjectStore.ListMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live blocks of all tenants, in memory. Rebuilt from the store at start, changed afterwards
/// by those who write and remove blocks. Thread-safe; snapshots are immutable.
///
/// A block that cannot be opened is set aside: counted, named in the log once, and left out; the
/// rest serves.
public final class BlockList {
  private static final Logger LOG = LoggerFactory.getLogger(BlockList.class);
  private static final int CONCURRENT_OPENS = 16;
  private static final int UUID_LENGTH = 36;

  private final ObjectStore store;
  private final BlockCache cache;
  private final Object lock = new Object();
  private final AtomicLong setAsideCount = new AtomicLong();
  private volatile Map<TenantId, List<BlockReader>> blocks = Map.of();

  public BlockList(ObjectStore store, BlockCache cache) {
    this.store = store;
    this.cache = cache;
  }

  /// Lists the store and replaces the whole list.
  ///
  /// @throws IOException if the store cannot be listed; the list stays as it was
  public void rebuild() throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    for (String prefix : store.list("", ListMode.ONE_LEVEL).prefixes()) {
      Optional<TenantId> tenant = tenant(prefix.substring(0, prefix.length() - 1));
      if (tenant.isPresent()) {
        addCandidates(tenant.get(), candidates);
      }
    }
    Map<TenantId, List<BlockReader>> opened = new TreeMap<>();
    for (BlockReader reader : openAll(candidates)) {
      opened.computeIfAbsent(reader.meta().tenant(), t -> new ArrayList<>()).add(reader);
    }
    opened.replaceAll((tenant, readers) -> List.copyOf(readers));
    synchronized (lock) {
      blocks = Map.copyOf(opened);
    }
  }

  private static Optional<TenantId> tenant(String name) {
    try {
      return Optional.of(new TenantId(name));
    } catch (RequestException e) {
      LOG.warn("folder of the block store is no tenant and is ignored name={}", name);
      return Optional.empty();
    }
  }

  private void addCandidates(TenantId tenant, List<Candidate> candidates) throws IOException {
    String prefix = tenant.value() + "/";
    for (ObjectInfo object : store.list(prefix, ListMode.RECURSIVE).objects()) {
      String rest = object.key().substring(prefix.length());
      if (rest.length() == UUID_LENGTH + 1 + BlockObjects.META.length()
          && rest.endsWith("/" + BlockObjects.META)) {
        BlockId.parse(rest.substring(0, UUID_LENGTH))
            .ifPresent(id -> candidates.add(new Candidate(tenant, id, object.key())));
      }
    }
  }

  private List<BlockReader> openAll(List<Candidate> candidates) throws IOException {
    List<BlockReader> readers = new ArrayList<>();
    Semaphore permits = new Semaphore(CONCURRENT_OPENS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<BlockReader>>> opening = new ArrayList<>();
      for (Candidate candidate : candidates) {
        Callable<Optional<BlockReader>> task =
            () -> {
              permits.acquire();
              try {
                return open(candidate);
              } finally {
                permits.release();
              }
            };
        opening.add(threads.submit(task));
      }
      for (Future<Optional<BlockReader>> future : opening) {
        future.get().ifPresent(readers::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening blocks", e);
    } catch (ExecutionException e) {
      throw new IOException("opening blocks failed", e.getCause());
    }
    return readers;
  }

  private Optional<BlockReader> open(Candidate candidate) {
    try {
      BlockMeta meta = BlockMetaJson.read(store.get(candidate.metaKey()), candidate.metaKey());
      if (!meta.id().equals(candidate.id()) || !meta.tenant().equals(candidate.tenant())) {
        throw new IOException(
            candidate.metaKey() + ": describes block " + meta.id() + " of " + meta.tenant());
      }
      return Optional.of(BlockReader.open(store, meta, cache));
    } catch (ObjectNotFoundException e) {
      if (String.valueOf(e.getMessage()).endsWith(candidate.metaKey())) {
        // Compacted or deleted since it was listed.
        return Optional.empty();
      }
      noteSetAside(candidate.tenant(), candidate.id(), e);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      noteSetAside(candidate.tenant(), candidate.id(), e);
      return Optional.empty();
    }
  }

  private void noteSetAside(TenantId tenant, BlockId id, Exception cause) {
    setAsideCount.incrementAndGet();
    LOG.error("block is unreadable and set aside tenant={} block={}", tenant, id, cause);
  }

  /// Adds a block that was just written; replaces one with the same id.
  public void add(BlockReader reader) {
    synchronized (lock) {
      List<BlockReader> changed = without(reader.meta().tenant(), reader.meta().id());
      changed.add(reader);
      replace(reader.meta().tenant(), changed);
    }
  }

  /// Removes a block and what is cached of it; nothing happens if it is not listed.
  public void remove(TenantId tenant, BlockId id) {
    synchronized (lock) {
      for (BlockReader reader : snapshot(tenant)) {
        if (reader.meta().id().equals(id)) {
          cache.evict(reader.meta());
        }
      }
      replace(tenant, without(tenant, id));
    }
  }

  /// Takes a block that turned out to be unreadable out of the list.
  public void setAside(BlockReader reader, Exception cause) {
    synchronized (lock) {
      List<BlockReader> rest = without(reader.meta().tenant(), reader.meta().id());
      if (rest.size() == snapshot(reader.meta().tenant()).size()) {
        return;
      }
      replace(reader.meta().tenant(), rest);
    }
    cache.evict(reader.meta());
    noteSetAside(reader.meta().tenant(), reader.meta().id(), cause);
  }

  private List<BlockReader> without(TenantId tenant, BlockId id) {
    List<BlockReader> rest = new ArrayList<>(snapshot(tenant));
    rest.removeIf(reader -> reader.meta().id().equals(id));
    return rest;
  }

  private void replace(TenantId tenant, List<BlockReader> readers) {
    Map<TenantId, List<BlockReader>> changed = new TreeMap<>(blocks);
    if (readers.isEmpty()) {
      changed.remove(tenant);
    } else {
      changed.put(tenant, List.copyOf(readers));
    }
    blocks = Map.copyOf(changed);
  }

  /// The live blocks of a tenant at this moment.
  public List<BlockReader> snapshot(TenantId tenant) {
    return blocks.getOrDefault(tenant, List.of());
  }

  /// Tenants that have a live block.
  public SortedSet<TenantId> tenants() {
    return new TreeSet<>(blocks.keySet());
  }

  /// Live blocks of all tenants.
  public int size() {
    return blocks.values().stream().mapToInt(List::size).sum();
  }

  /// Blocks set aside since the process started.
  public long setAsideCount() {
    return setAsideCount.get();
  }

  private record Candidate(TenantId tenant, BlockId id, String metaKey) {}
}
