package io.vivace.block;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.model.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockMetaJsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"edge-default", "edge-none", "edge-rich", "random", "compaction"})
  void metaOfTheRealWriterIsReproducedByteForByte(String tenant) throws IOException {
    for (Fixture fixture : Fixture.ofTenant(tenant)) {
      byte[] bytes = fixture.metaBytes();
      BlockMeta meta = BlockMetaJson.read(bytes, "meta.json");
      assertThat(new String(BlockMetaJson.write(meta), UTF_8)).isEqualTo(new String(bytes, UTF_8));
    }
  }

  @Test
  void oldUnknownAndReorderedKeysAreTolerated() throws IOException {
    String json =
        """
        {"private":{"a":[1,{"b":2}]},"tenantID":"t","minID":"AA==","encoding":"none","dataEncoding":"",
         "blockID":"E44FC0CE-E3AC-4D5D-A8B1-3B8A3F4C1D52","startTime":"2023-11-14T23:13:20.5+01:00",
         "endTime":"2023-11-14T22:13:21.123456789Z","totalObjects":3,"dedicatedColumns":null,
         "format":"vParquet4"}\
        """;
    BlockMeta meta = BlockMetaJson.read(json.getBytes(UTF_8), "x");
    assertThat(meta.id()).hasToString("e44fc0ce-e3ac-4d5d-a8b1-3b8a3f4c1d52");
    assertThat(meta.tenant()).isEqualTo(new TenantId("t"));
    assertThat(meta.format()).isEqualTo(BlockFormat.VPARQUET4);
    assertThat(meta.startTime()).isEqualTo(Instant.parse("2023-11-14T22:13:20.5Z"));
    assertThat(meta.endTime()).isEqualTo(Instant.parse("2023-11-14T22:13:21.123456789Z"));
    assertThat(meta.effectiveBloomShardCount()).isEqualTo(10);
    assertThat(meta.dedicatedColumns()).isEqualTo(DedicatedColumns.NONE);
    assertThat(new String(BlockMetaJson.write(meta), UTF_8))
        .contains("\"startTime\":\"2023-11-14T22:13:20.5Z\"")
        .doesNotContain("size", "replicationFactor", "dedicatedColumns");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"format\":\"vParquet5\"}",
        "{\"format\":\"vParquet5-preview5\",\"blockID\":\"e44fc0ce-e3ac-4d5d-a8b1-3b8a3f4c1d52\",\"tenantID\":\"t\"}",
        "{\"format\":\"vParquet5\",\"blockID\":\"no\",\"tenantID\":\"t\"}",
        "{\"format\":\"vParquet5\",\"blockID\":\"e44fc0ce-e3ac-4d5d-a8b1-3b8a3f4c1d52\",\"tenantID\":\"../t\"}",
        "{\"size\":-1}",
        "{\"size\":99999999999999999999}",
        "{\"footerSize\":4294967296}",
        "{\"totalObjects\":\"3\"}",
        "{\"startTime\":\"yesterday\"}",
        "{\"dedicatedColumns\":[{\"s\":\"trace\",\"n\":\"a\"}]}",
        "{\"dedicatedColumns\":[{\"n\":\"a\"},{\"n\":\"a\"}]}",
        "{\"dedicatedColumns\":[1]}",
        "{\"dedicatedColumns\":{}}"
      })
  void badMetaIsAnErrorThatNamesIt(String json) {
    assertThatThrownBy(() -> BlockMetaJson.read(json.getBytes(UTF_8), "t/b/meta.json"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("t/b/meta.json: ");
  }

  @Test
  void mutatedMetaNeverFailsOtherwise() throws IOException {
    Random random = new Random(3);
    byte[] good = Fixture.ofTenant("edge-rich").getFirst().metaBytes();
    for (int i = 0; i < 5000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        BlockMetaJson.read(bad, "x");
      } catch (IOException expected) {
        assertThat(expected).hasMessageStartingWith("x: ");
      }
    }
  }

  @Test
  void surplusOfSlotsStaysGeneric() {
    List<DedicatedColumn> columns = new java.util.ArrayList<>();
    for (int i = 0; i < 25; i++) {
      columns.add(
          DedicatedColumn.of(DedicatedColumn.Scope.SPAN, "s" + i, DedicatedColumn.Type.STRING));
      columns.add(
          DedicatedColumn.of(DedicatedColumn.Scope.SPAN, "i" + i, DedicatedColumn.Type.INT));
    }
    DedicatedColumns kept = new DedicatedColumns(columns).withinLimits();
    assertThat(kept.of(DedicatedColumn.Scope.SPAN, DedicatedColumn.Type.STRING)).hasSize(20);
    assertThat(kept.of(DedicatedColumn.Scope.SPAN, DedicatedColumn.Type.INT)).hasSize(5);
  }

  @Test
  void derivedIdsAreStableVersionFive() {
    TenantId tenant = new TenantId("t");
    BlockId id = BlockId.derive(tenant, new byte[] {1, 2});
    assertThat(id).isEqualTo(BlockId.derive(tenant, new byte[] {1, 2}));
    assertThat(id.value().version()).isEqualTo(5);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id).isNotEqualTo(BlockId.derive(tenant, new byte[] {1, 3}));
    assertThat(id).isNotEqualTo(BlockId.derive(new TenantId("u"), new byte[] {1, 2}));
  }
}
