package io.vivace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final int SEEDS = 60;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (long seed = 0; seed < SEEDS; seed++) {
      SampleFile sample = new SampleFile(seed);
      ParquetFile file = ParquetFile.open(RandomAccessInput.of(sample.bytes));
      assertThat(file.schema()).isEqualTo(sample.schema);
      assertThat(file.createdBy()).isEqualTo("vivace");
      assertThat(file.rowGroups()).hasSameSizeAs(sample.groups);
      assertThat(sample.written.sizeBytes()).isEqualTo(sample.bytes.length);
      for (int group = 0; group < sample.groups.size(); group++) {
        for (ParquetLeaf leaf : sample.schema.leaves()) {
          checkColumn(sample, file, group, leaf, seed);
        }
      }
    }
  }

  private static void checkColumn(
      SampleFile sample, ParquetFile file, int group, ParquetLeaf leaf, long seed)
      throws IOException {
    String name = "seed " + seed + " group " + group + " " + leaf;
    List<String> expected = SampleFile.entries(sample.groups.get(group).get(leaf.index()));
    ColumnData all = file.reader(group, leaf.index()).readAll();
    assertThat(SampleFile.entries(all)).as(name).isEqualTo(expected);
    if (sample.options.get(leaf.index()).encoding() == Encoding.DICTIONARY) {
      assertThat(all.values()).isInstanceOf(Values.Ids.class);
      assertThat(file.reader(group, leaf.index()).dictionary()).isNotNull();
    }

    Random random = new Random(seed);
    ColumnChunkReader reader = file.reader(group, leaf.index());
    for (int i = 0; i < 3; i++) {
      RowRanges rows = SampleFile.randomRows(random, sample.groupRows.get(group));
      ColumnData some = reader.read(rows);
      List<String> expectedRows = SampleFile.rows(expected, rows);
      assertThat(SampleFile.entries(some)).as("%s rows %s", name, rows).isEqualTo(expectedRows);
      Levels levels = reader.readLevels(rows);
      assertThat(levels.count()).isEqualTo(expectedRows.size());
      Values values = reader.readValues(rows, levels);
      assertThat(SampleFile.entries(new ColumnData(levels, values)))
          .as("%s values of rows %s", name, rows)
          .isEqualTo(expectedRows);
    }
    Values values = reader.readValues(RowRanges.of(0, reader.rowCount()), all.levels());
    assertThat(SampleFile.entries(new ColumnData(all.levels(), values))).isEqualTo(expected);
    checkIndex(sample, reader, expected, name);
  }

  private static void checkIndex(
      SampleFile sample, ColumnChunkReader reader, List<String> expected, String name)
      throws IOException {
    OffsetIndex pages = reader.offsetIndex();
    assertThat(pages).isNotNull();
    ColumnIndex bounds = reader.columnIndex();
    if (!sample.options.get(reader.chunk().leaf().index()).bounds()) {
      assertThat(bounds).isNull();
      return;
    }
    if (bounds == null) {
      assertThat(reader.chunk().leaf().type()).isEqualTo(PhysicalType.DOUBLE);
      return;
    }
    assertThat(bounds.pageCount()).isEqualTo(pages.pageCount());
    for (int page = 0; page < pages.pageCount(); page++) {
      RowRanges rows = RowRanges.of(pages.firstRows()[page], pages.endRow(page));
      Values values = reader.read(rows).values();
      Bounds stated = bounds.bounds(page);
      assertThat(stated.allNull()).isEqualTo(values.count() == 0);
      for (int i = 0; i < values.count(); i++) {
        assertThat(holds(stated, reader.chunk().leaf(), values, i))
            .as("%s page %d value %d", name, page, i)
            .isTrue();
        assertThat(holds(reader.chunk().statistics(), reader.chunk().leaf(), values, i)).isTrue();
      }
      if (stated.min() != null && reader.chunk().leaf().type() == PhysicalType.BYTE_ARRAY) {
        assertThat(stated.min().length).isLessThanOrEqualTo(16);
      }
    }
    assertThat(expected).isNotEmpty();
  }

  private static boolean holds(Bounds bounds, ParquetLeaf leaf, Values values, int i) {
    return switch (values) {
      case Values.Longs longs -> bounds.mayContain(leaf, longs.values()[i], longs.values()[i]);
      case Values.Ints ints -> {
        int value = ints.values()[i];
        long wide = leaf.unsigned() ? Integer.toUnsignedLong(value) : value;
        yield bounds.mayContain(leaf, wide, wide);
      }
      case Values.Binary binary -> bounds.mayContain(binary.bytes(i));
      case Values.Ids ids -> bounds.mayContain(ids.dictionary().bytes(ids.ids()[i]));
      case Values.Doubles doubles -> true;
      case Values.Booleans booleans -> true;
    };
  }
}
