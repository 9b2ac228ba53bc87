package io.vivace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of the writer that most files in the field come from, against the reference reader: every
/// entry of every column.
class TempoBlockTest {
  static Stream<Path> blocks() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(TempoBlockTest.class.getResource("/tempo-blocks")).toURI());
    Stream<Path> files = Files.list(folder).sorted();
    // More files than may be kept with the sources can be named from outside.
    String more = System.getProperty("vivace.parquet.files", "");
    return more.isEmpty() ? files : Stream.concat(files, Stream.of(more.split(",")).map(Path::of));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void equalsReferenceReader(Path path) throws IOException {
    ParquetFile file = ParquetFile.open(RandomAccessInput.of(Files.readAllBytes(path)));
    try (ParquetFileReader reference = ParquetJava.open(path)) {
      int group = 0;
      for (List<List<String>> columns = ParquetJava.nextGroup(reference);
          columns != null;
          columns = ParquetJava.nextGroup(reference)) {
        assertThat(columns).hasSize(file.schema().leafCount());
        for (ParquetLeaf leaf : file.schema().leaves()) {
          checkColumn(file.reader(group, leaf.index()), columns.get(leaf.index()), group);
        }
        group++;
      }
      assertThat(file.rowGroups()).hasSize(group);
    }
  }

  private static void checkColumn(ColumnChunkReader reader, List<String> expected, int group)
      throws IOException {
    String name = "group " + group + " " + reader.chunk().leaf().dottedPath();
    ColumnData all = reader.readAll();
    List<String> found = SampleFile.entries(all);
    assertThat(found.equals(expected)).as(() -> name + difference(found, expected)).isTrue();
    Random random = new Random(group);
    RowRanges rows = SampleFile.randomRows(random, reader.rowCount());
    Levels levels = reader.readLevels(rows);
    ColumnData some = new ColumnData(levels, reader.readValues(rows, levels));
    List<String> foundRows = SampleFile.entries(some);
    List<String> expectedRows = SampleFile.rows(expected, rows);
    assertThat(foundRows.equals(expectedRows))
        .as(() -> name + " rows " + rows + difference(foundRows, expectedRows))
        .isTrue();
    checkPages(reader, name);
  }

  private static void checkPages(ColumnChunkReader reader, String name) throws IOException {
    OffsetIndex pages = reader.offsetIndex();
    ColumnIndex bounds = reader.columnIndex();
    assertThat(pages).as(name).isNotNull();
    assertThat(bounds).as(name).isNotNull();
    assertThat(bounds.pageCount()).isEqualTo(pages.pageCount());
  }

  private static String difference(List<String> found, List<String> expected) {
    for (int i = 0; i < Math.min(found.size(), expected.size()); i++) {
      if (!found.get(i).equals(expected.get(i))) {
        return " entry " + i + ": " + found.get(i) + " instead of " + expected.get(i);
      }
    }
    return " " + found.size() + " entries instead of " + expected.size();
  }
}
