package io.vivace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.block.BlockCache;
import io.vivace.block.BlockId;
import io.vivace.block.BlockList;
import io.vivace.block.BlockMeta;
import io.vivace.block.BlockReader;
import io.vivace.block.BlockWriter;
import io.vivace.block.BlockWriterOptions;
import io.vivace.engine.QueryScope;
import io.vivace.engine.search.SearchResult;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.testkit.objectstore.InMemoryObjectStore;
import io.vivace.testkit.otlp.OtlpTrace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A damaged block costs what it holds and nothing else.
class DamagedBlockTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final long NOW_SECONDS = 1_700_000_000;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private BlockList list = new BlockList(store, new BlockCache(16 << 20));
  private final QueryFrontend frontend = frontend(QueryConfig.defaults());

  private BlockMeta write(int firstId, int traces, int spans) throws IOException {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (int i = 0; i < traces; i++) {
      OtlpTrace trace = OtlpTrace.trace(Integer.toHexString(firstId + i));
      for (int s = 0; s < spans; s++) {
        trace
            .service("service-" + i % 3)
            .span("name-" + i % 7, (NOW_SECONDS - 60) * 1_000_000_000 + i, 1000 + s)
            .attr("n", i);
      }
      byte[] otlp = trace.toTracesData();
      builder.add(trace.id(), otlp, 0, otlp.length);
    }
    return new BlockWriter(store, BlockWriterOptions.DEFAULT)
        .write(TENANT, BlockId.random(), List.of(builder.build()), TimeRange.ALL);
  }

  private QueryFrontend frontend(QueryConfig config) {
    RecentData recent =
        new RecentData() {
          @Override
          public View view(TenantId tenant) {
            return new View(List.of(), Set.of());
          }

          @Override
          public List<TraceColumns> find(TenantId tenant, TraceId traceId) {
            return List.of();
          }
        };
    TenantQueryLimits limits =
        new TenantQueryLimits() {
          @Override
          public Duration maxSearchDuration(TenantId tenant) {
            return Duration.ZERO;
          }

          @Override
          public long maxBytesPerTrace(TenantId tenant) {
            return 0;
          }
        };
    StoredData stored =
        new StoredData() {
          @Override
          public List<StoredBlock> blocks(TenantId tenant) {
            return list.snapshot(tenant).stream()
                .map(block -> new StoredBlock(block.meta().id().value(), block))
                .toList();
          }

          @Override
          public boolean setAside(TenantId tenant, UUID block, Exception cause) {
            for (BlockReader reader : list.snapshot(tenant)) {
              if (reader.meta().id().value().equals(block)) {
                list.setAside(reader, cause);
              }
            }
            return true;
          }
        };
    return new QueryFrontend(
        config, limits, recent, stored, InstantSource.fixed(Instant.ofEpochSecond(NOW_SECONDS)));
  }

  private int search(String query) {
    SearchCall call =
        new SearchCall(
            query,
            Collections.emptySortedMap(),
            0,
            0,
            1000L,
            3L,
            NOW_SECONDS - 600,
            NOW_SECONDS,
            null);
    QueryScope scope = QueryScope.of(Duration.ofMinutes(1), 64 << 20);
    SearchResult result = frontend.search(List.of(TENANT), call, scope);
    assertThat(scope.reservedBytes()).isZero();
    return result.traces().size();
  }

  private static TraceAnswer byId(QueryFrontend asked, int id) {
    return asked.trace(
        List.of(TENANT),
        new TraceId(0, id),
        TraceScope.ALL,
        TimeRange.ALL,
        QueryScope.unbounded(),
        answer -> answer);
  }

  @Test
  void flippedByteInTheDataCostsThatBlockOnly() throws IOException {
    write(1, 40, 2);
    BlockMeta broken = write(0x1000, 200, 2);
    String key = broken.key("data.parquet");
    byte[] whole = store.get(key);
    int noticed = 0;
    for (int at = 4; at < whole.length - broken.footerSizeBytes() - 8; at += 211) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) 0xff;
      store.put(key, flipped);
      list = new BlockList(store, new BlockCache(16 << 20));
      list.rebuild();
      assertThat(list.size()).isEqualTo(2);
      assertThat(search("{ span.n >= 0 && name =~ \"name.*\" } | count() > 0"))
          .as("byte %d", at)
          .isBetween(40, 240);
      assertThat(byId(frontend, 3)).isInstanceOf(TraceAnswer.Found.class);
      noticed += (int) list.setAsideCount();
    }
    assertThat(noticed).isPositive();
  }

  @Test
  void deletedBloomFilterCostsThatBlockOnly() throws IOException {
    write(1, 40, 2);
    BlockMeta broken = write(0x1000, 200, 2);
    for (int shard = 0; shard < broken.effectiveBloomShardCount(); shard++) {
      store.delete(broken.key("bloom-" + shard));
    }
    list.rebuild();
    assertThat(byId(frontend, 3)).isInstanceOf(TraceAnswer.Found.class);
    assertThat(byId(frontend, 0x1003)).isInstanceOf(TraceAnswer.NotFound.class);
    assertThat(list.setAsideCount()).isEqualTo(1);
    assertThat(search("{ }")).isEqualTo(40);
  }

  @Test
  void dataThatIsGoneCostsThatBlockOnly() throws IOException {
    write(1, 40, 2);
    BlockMeta broken = write(0x1000, 200, 2);
    list.rebuild();
    store.delete(broken.key("data.parquet"));
    assertThat(search("{ } | count() > 1")).isEqualTo(40);
    assertThat(list.setAsideCount()).isEqualTo(1);
  }

  @Test
  void lookupStaysWithinItsMemory() throws IOException {
    write(1, 1, 5000);
    write(2, 1, 1);
    list.rebuild();
    assertThat(byId(frontend, 1)).isInstanceOf(TraceAnswer.Found.class);
    QueryConfig defaults = QueryConfig.defaults();
    QueryFrontend small =
        frontend(
            new QueryConfig(
                20,
                1000,
                3,
                100,
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                Duration.ZERO,
                1000,
                defaults.searchTimeout(),
                defaults.traceByIdTimeout(),
                1,
                1,
                100_000));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> byId(small, 1))
          .isInstanceOfSatisfying(
              RequestException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED));
      assertThat(byId(small, 2)).isInstanceOf(TraceAnswer.Found.class);
    }
  }
}
