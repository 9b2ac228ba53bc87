package io.vivace.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.OtlpEncoder;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TraceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks of a real Tempo, read here.
final class FixtureReadTest {
  @ParameterizedTest
  @ValueSource(strings = {"edge-default", "edge-none", "edge-rich", "random", "compaction"})
  void tracesByIdAreThoseOfTheReference(String tenant) throws IOException {
    for (Fixture fixture : Fixture.ofTenant(tenant)) {
      Path file = fixture.expected("expected-traces.jsonl");
      assertThat(file).isNotNull();
      checkTraces(fixture.open(), Expected.traces(file));
    }
  }

  static void checkTraces(BlockReader block, Map<TraceId, TracesData> expected) throws IOException {
    assertThat(expected).isNotEmpty();
    OtlpEncoder encoder = new OtlpEncoder();
    for (Map.Entry<TraceId, TracesData> trace : expected.entrySet()) {
      assertThat(block.mayContain(trace.getKey())).isTrue();
      TraceColumns found = block.find(List.of(trace.getKey()));
      assertThat(found.count(Level.TRACE)).isEqualTo(1);
      assertThat(TracesData.parseFrom(encoder.encode(found, 0))).isEqualTo(trace.getValue());
    }
    List<TraceId> all = new ArrayList<>(new TreeMap<>(expected).keySet());
    TraceColumns together = block.find(all);
    assertThat(together.count(Level.TRACE)).isEqualTo(expected.size());
    for (int row = 0; row < all.size(); row++) {
      assertThat(TracesData.parseFrom(encoder.encode(together, row)))
          .isEqualTo(expected.get(all.get(row)));
    }
    TraceId absent = new TraceId(0x1234567812345678L, 99);
    assertThat(block.find(List.of(absent)).count(Level.TRACE)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"edge-default", "edge-none", "edge-rich", "random", "compaction"})
  void storedRowsAreThoseOfTheReference(String tenant) throws IOException {
    for (Fixture fixture : Fixture.ofTenant(tenant)) {
      Path file = fixture.expected("expected-rows.jsonl");
      List<JsonObject> actual = JsonRows.of(Files.readAllBytes(fixture.path(BlockObjects.DATA)));
      assertThat(actual).hasSize((int) fixture.meta().traceCount());
      if (file == null) {
        continue;
      }
      List<JsonObject> expected = JsonRows.expected(file);
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        if (!expected.get(i).has("marshalError")) {
          assertThat(JsonRows.canonical(actual.get(i)))
              .isEqualTo(JsonRows.canonical(expected.get(i)));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"edge-default", "edge-none", "edge-rich", "random", "compaction"})
  void columnsOfABatchAreThoseOfItsRows(String tenant) throws IOException {
    for (Fixture fixture : Fixture.ofTenant(tenant)) {
      BlockReader block = fixture.open();
      long traces = 0;
      for (int i = 0; i < block.batchCount(); i++) {
        SpanBatch batch = block.batch(i);
        Bitmap all = Bitmap.all(batch.count(Level.TRACE));
        traces += batch.count(Level.TRACE);
        TraceColumns gathered = block.batch(i).gather(all);
        // Attributes that a row has twice may come in another order.
        boolean hasDoubles = tenant.startsWith("edge");
        List<java.util.SortedSet<String>> keys = BatchText.keys(gathered);
        if (hasDoubles) {
          keys.forEach(set -> set.removeIf(key -> key.startsWith("dup")));
        }
        assertThat(BatchText.of(batch, all, keys)).isEqualTo(BatchText.of(gathered, all, keys));
      }
      assertThat(traces).isEqualTo(block.traceCount());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"edge-default", "edge-none", "edge-rich", "random", "compaction"})
  void bloomAndIndexAreReproducedBitForBit(String tenant) throws IOException {
    for (Fixture fixture : Fixture.ofTenant(tenant)) {
      BlockReader block = fixture.open();
      // The reference sized the bloom of a compacted block for the sum of its inputs.
      long expected = fixture.meta().compactionLevel() > 0 ? 60 : block.traceCount();
      BloomFilter bloom = new BloomFilter(expected, 0.01, 102_400);
      List<TraceId> lastIds = new ArrayList<>();
      for (int group = 0; group < block.rowGroupCount(); group++) {
        BlockReader.TraceIds ids = block.traceIds(group);
        for (int row = 0; row < ids.high().length; row++) {
          bloom.add(new TraceId(ids.high()[row], ids.low()[row]));
        }
        int last = ids.high().length - 1;
        lastIds.add(new TraceId(ids.high()[last], ids.low()[last]));
      }
      assertThat(bloom.shardCount()).isEqualTo(fixture.meta().bloomShardCount());
      assertThat(bloom.toBytes(0)).isEqualTo(Files.readAllBytes(fixture.path("bloom-0")));
      assertThat(new BlockIndex(lastIds).toBytes())
          .isEqualTo(Files.readAllBytes(fixture.path("index")));
    }
  }
}
