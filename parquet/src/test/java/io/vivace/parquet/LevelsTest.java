package io.vivace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelsTest {
  private static final ParquetLeaf LEAF =
      ParquetSchema.builder("root")
          .group("a", Repetition.REPEATED)
          .group("b", Repetition.REPEATED)
          .leaf("c", Repetition.OPTIONAL, PhysicalType.INT64)
          .end()
          .end()
          .build()
          .leaf("a.b.c");

  @Test
  void leafKnowsItsLevels() {
    assertThat(LEAF.maxRepetitionLevel()).isEqualTo(2);
    assertThat(LEAF.maxDefinitionLevel()).isEqualTo(3);
    assertThat(LEAF.repeatedDefinitionLevels()).containsExactly(0, 1, 2);
  }

  @Test
  void listsAndNullsBecomeLevels() {
    // Rows: [[], [x, null]], [], [[y]].
    Levels levels =
        Levels.rows(3)
            .repeated(new int[] {0, 2, 2, 3}, 0)
            .repeated(new int[] {0, 0, 2, 3}, 0)
            .optional(new byte[] {1, 0, 1}, 0);
    assertThat(Arrays.copyOf(levels.repetition(), levels.count())).containsExactly(0, 1, 2, 0, 0);
    assertThat(Arrays.copyOf(levels.definition(), levels.count())).containsExactly(1, 3, 2, 0, 3);
    assertThat(levels.valueCount()).isEqualTo(2);
    assertThat(levels.presence(2)).containsExactly(1, 0, 1);
  }

  @Test
  void offsetsComeBackFromLevels() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(20);
      int[] outer = offsets(random, rows);
      int[] inner = offsets(random, outer[rows]);
      byte[] present = new byte[inner[outer[rows]]];
      for (int i = 0; i < present.length; i++) {
        present[i] = (byte) random.nextInt(2);
      }
      Levels levels = Levels.rows(rows).repeated(outer, 0).repeated(inner, 0).optional(present, 0);

      ListOffsets a = ListOffsets.of(levels, LEAF, 1);
      ListOffsets b = ListOffsets.of(levels, LEAF, 2);
      assertThat(a.parentCount()).isEqualTo(rows);
      assertThat(Arrays.copyOf(a.offsets(), rows + 1)).as("seed %d", seed).isEqualTo(outer);
      assertThat(b.parentCount()).isEqualTo(outer[rows]);
      assertThat(b.elementCount()).isEqualTo(present.length);
      assertThat(Arrays.copyOf(b.offsets(), outer[rows] + 1)).isEqualTo(inner);
      assertThat(levels.presence(2)).isEqualTo(present);
    }
  }

  private static int[] offsets(Random random, int parents) {
    int[] offsets = new int[parents + 1];
    for (int i = 0; i < parents; i++) {
      offsets[i + 1] = offsets[i] + Math.max(0, random.nextInt(5) - 1);
    }
    return offsets;
  }
}
