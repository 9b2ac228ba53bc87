package io.vivace.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.model.TraceId;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BloomFilterTest {
  @Test
  void addedIdsAreFoundAndFewOthers() throws IOException {
    Random random = new Random(7);
    BloomFilter filter = new BloomFilter(1000, 0.01, 100);
    assertThat(filter.shardCount()).isEqualTo(12);
    Set<TraceId> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      TraceId id = new TraceId(random.nextLong(), random.nextLong());
      ids.add(id);
      filter.add(id);
    }
    BloomFilter.Shard[] shards = new BloomFilter.Shard[filter.shardCount()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = BloomFilter.Shard.read(filter.toBytes(i), "bloom-" + i);
    }
    for (TraceId id : ids) {
      assertThat(shards[BloomFilter.shardOf(id, shards.length)].mayContain(id)).isTrue();
    }
    int falsePositives = 0;
    for (int i = 0; i < 10_000; i++) {
      TraceId id = new TraceId(random.nextLong(), random.nextLong());
      falsePositives += shards[BloomFilter.shardOf(id, shards.length)].mayContain(id) ? 1 : 0;
    }
    assertThat(falsePositives).isLessThan(300);
  }

  @Test
  void nothingExpectedIsOneShardOfSevenHashes() throws IOException {
    BloomFilter filter = new BloomFilter(0, 0.01, 102_400);
    assertThat(filter.shardCount()).isEqualTo(1);
    byte[] bytes = filter.toBytes(0);
    assertThat(bytes).hasSize(102_424);
    assertThat(bytes[15]).isEqualTo((byte) 7);
  }

  @Test
  void damagedShardIsAnErrorThatNamesIt() {
    byte[] good = new BloomFilter(10, 0.01, 100).toBytes(0);
    for (int length : new int[] {0, 1, 23, 24, 25, good.length - 1, good.length - 8}) {
      assertThatThrownBy(() -> BloomFilter.Shard.read(Arrays.copyOf(good, length), "t/b/bloom-0"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("t/b/bloom-0");
    }
    for (int i = 0; i < 24; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) 0x80;
      assertThatThrownBy(() -> BloomFilter.Shard.read(bad, "t/b/bloom-0"))
          .isInstanceOf(IOException.class);
    }
  }
}
