package io.vivace.livestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.block.BlockCache;
import io.vivace.block.BlockId;
import io.vivace.block.BlockList;
import io.vivace.block.BlockObjects;
import io.vivace.block.BlockReader;
import io.vivace.block.BlockWriter;
import io.vivace.block.BlockWriterOptions;
import io.vivace.engine.BatchSource;
import io.vivace.livestore.wal.FileWalDisk;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.model.log.PushRecord;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.local.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole write path on a real disk with real blocks.
final class RealBlocksTest {
  private static final TenantId TENANT = new TenantId("t");

  @TempDir private Path folder;

  private ObjectStore objects() throws IOException {
    return new LocalObjectStore(folder.resolve("blocks"));
  }

  /// One process: its store and its list of blocks.
  private record Process(LiveStore store, BlockList blocks) {
    Map<Long, Integer> view() {
      Map<Long, Integer> counts = new HashMap<>();
      forEachId(id -> counts.merge(id, 1, Integer::sum));
      return counts;
    }

    void forEachId(LongConsumer consumer) {
      RecentSnapshot recent = store.snapshot(TENANT);
      List<BatchSource> sources = new ArrayList<>(recent.sources());
      for (BlockReader block : blocks.snapshot(TENANT)) {
        if (!recent.supersededBlocks().contains(block.meta().id())) {
          sources.add(block);
        }
      }
      for (BatchSource source : sources) {
        for (int i = 0; i < source.batchCount(); i++) {
          Spans.forEachId(source.batch(i), consumer);
        }
      }
    }
  }

  private Process open(LiveStoreConfig config) throws IOException {
    ObjectStore objects = objects();
    BlockCache cache = new BlockCache(1 << 20);
    BlockList blocks = new BlockList(objects, cache);
    blocks.rebuild();
    BlockWriter writer = new BlockWriter(objects, BlockWriterOptions.DEFAULT);
    LiveStore store =
        LiveStore.open(
            config,
            new FileWalDisk(),
            new StoreBlockSink(objects, writer, blocks, cache),
            TraceLimits.NONE,
            LiveStoreTime.system(),
            new PrometheusRegistry());
    return new Process(store, blocks);
  }

  @Test
  void spansBecomeBlocksAndAreThereExactlyOnceBeforeAndAfterARestart() throws IOException {
    LiveStoreConfig config = LiveStoreConfig.defaults(folder.resolve("wal"));
    Process first = open(config);
    for (long id = 1; id <= 300; id++) {
      first
          .store()
          .append(TENANT, Spans.push(new TraceId(4, id % 50), id))
          .toCompletableFuture()
          .join();
      if (id % 100 == 0) {
        first.store().closeRange("test", -1);
      }
    }
    assertThat(first.view()).hasSize(300).allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
    first.store().close();
    assertThat(first.blocks().snapshot(TENANT)).hasSize(3);
    assertThat(first.view()).hasSize(300).allSatisfy((id, count) -> assertThat(count).isEqualTo(1));

    Process second = open(config);
    assertThat(second.blocks().snapshot(TENANT)).hasSize(3);
    assertThat(second.store().snapshot(TENANT).sources()).isEmpty();
    assertThat(second.view())
        .hasSize(300)
        .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
    second.store().close();
  }

  @Test
  void aBlockWithoutDescriptorIsWrittenAgainAndNeverTakenForCompacted() throws IOException {
    ObjectStore objects = objects();
    BlockCache cache = new BlockCache(1 << 20);
    BlockList blocks = new BlockList(objects, cache);
    StoreBlockSink sink =
        new StoreBlockSink(
            objects, new BlockWriter(objects, BlockWriterOptions.DEFAULT), blocks, cache);
    BlockId id = BlockId.derive(TENANT, new byte[16]);
    assertThatThrownBy(() -> sink.announce(TENANT, id)).isInstanceOf(ObjectNotFoundException.class);
    objects.put(BlockObjects.key(TENANT, id, BlockObjects.COMPACTED_META), new byte[] {1});
    sink.announce(TENANT, id);
    assertThat(blocks.size()).isZero();

    // The descriptor vanishes between the write and the announcement, once.
    AtomicBoolean isLost = new AtomicBoolean();
    BlockSink losing =
        new BlockSink() {
          @Override
          public boolean exists(TenantId tenant, BlockId blockId) throws IOException {
            return sink.exists(tenant, blockId);
          }

          @Override
          public long write(BlockPlan plan) throws IOException {
            long size = sink.write(plan);
            if (isLost.compareAndSet(false, true)) {
              objects.delete(BlockObjects.key(plan.tenant(), plan.blockId(), BlockObjects.META));
            }
            return size;
          }

          @Override
          public void announce(TenantId tenant, BlockId blockId) throws IOException {
            sink.announce(tenant, blockId);
          }
        };
    LiveStoreConfig config = LiveStoreConfig.defaults(folder.resolve("wal"));
    LiveStore store =
        LiveStore.openWithoutThreads(
            config,
            new FileWalDisk(),
            losing,
            TraceLimits.NONE,
            LiveStoreTime.system(),
            new PrometheusRegistry());
    store.append(TENANT, Spans.push(new TraceId(4, 1), 1L, 2L)).toCompletableFuture().join();
    store.closeRange("test", -1);
    store.buildBlocks(true);
    assertThat(store.pendingRanges()).isEqualTo(1);
    assertThat(blocks.size()).isZero();
    store.buildBlocks(true);
    assertThat(store.pendingRanges()).isZero();
    assertThat(new Process(store, blocks).view()).isEqualTo(Map.of(1L, 1, 2L, 1));
    assertThat(blocks.snapshot(TENANT)).hasSize(1);
    store.close();
  }

  /// Writers as fast as they can be, one of them on a single large trace, with a disk that needs 20
  /// ms for a force. Run with a small heap it shows that memory is bounded.
  @Test
  @Tag("full")
  void fastWritersOnASlowDiskNeverRunOutOfMemory() throws Exception {
    LiveStoreConfig config = LiveStoreConfig.defaults(folder.resolve("wal"));
    FileWalDisk disk = new SlowDisk();
    ObjectStore objects = objects();
    BlockCache cache = new BlockCache(4 << 20);
    BlockList blocks = new BlockList(objects, cache);
    LiveStore store =
        LiveStore.open(
            config,
            disk,
            new StoreBlockSink(
                objects, new BlockWriter(objects, BlockWriterOptions.DEFAULT), blocks, cache),
            TraceLimits.NONE,
            LiveStoreTime.system(),
            new PrometheusRegistry());
    Process process = new Process(store, blocks);
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicLong nextId = new AtomicLong(1);
    AtomicLong refused = new AtomicLong();
    Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    Thread[] writers = new Thread[32];
    for (int writer = 0; writer < writers.length; writer++) {
      boolean isLarge = writer == 0;
      writers[writer] =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (!isOver.get()) {
                    long first = nextId.getAndAdd(500);
                    if (write(store, isLarge, first)) {
                      acknowledged.add(first);
                    } else {
                      refused.incrementAndGet();
                      LockSupport.parkNanos(10_000_000);
                    }
                  }
                } catch (RuntimeException | Error e) {
                  unexpected.add(e);
                }
              });
    }
    long deadline =
        System.nanoTime()
            + Duration.ofSeconds(Integer.getInteger("vivace.load.seconds", 20)).toNanos();
    while (System.nanoTime() < deadline) {
      store.snapshot(TENANT);
      LockSupport.parkNanos(200_000_000);
    }
    isOver.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(unexpected).isEmpty();
    store.close();
    BitSet seen = new BitSet();
    AtomicLong duplicates = new AtomicLong();
    process.forEachId(id -> {
      if (seen.get((int) id)) {
        duplicates.incrementAndGet();
      }
      seen.set((int) id);
    });
    assertThat(duplicates).hasValue(0);
    for (long first : acknowledged) {
      assertThat(seen.nextClearBit((int) first))
          .as("first missing span")
          .isGreaterThanOrEqualTo((int) first + 500);
    }
    assertThat(acknowledged).hasSizeGreaterThan(100);
  }

  private static boolean write(LiveStore store, boolean isLarge, long first) {
    Map<TraceId, byte[]> traces = new LinkedHashMap<>();
    for (long id = first; id < first + 500; id += 10) {
      TraceId trace = isLarge ? new TraceId(1, 1) : new TraceId(2, id);
      long[] ids = new long[isLarge ? 500 : 10];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = id + i;
      }
      traces.put(trace, Spans.otlp(trace, 100, System.currentTimeMillis() * 1_000_000, ids));
      if (isLarge) {
        break;
      }
    }
    PushRecord record = Spans.push(traces);
    try {
      store.append(TENANT, record).toCompletableFuture().join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RequestException refusal
          && refusal.category() == ErrorCategory.RESOURCE_EXHAUSTED) {
        return false;
      }
      throw e;
    }
  }

  private static final class SlowDisk extends FileWalDisk {
    @Override
    public Appender create(Path file) throws IOException {
      Appender appender = super.create(file);
      return new Appender() {
        @Override
        public void write(java.nio.ByteBuffer bytes) throws IOException {
          appender.write(bytes);
        }

        @Override
        public void force() throws IOException {
          LockSupport.parkNanos(20_000_000);
          appender.force();
        }

        @Override
        public void close() throws IOException {
          appender.close();
        }
      };
    }
  }
}
