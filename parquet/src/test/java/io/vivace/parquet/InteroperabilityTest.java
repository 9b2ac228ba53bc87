package io.vivace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other implementations read what is written here, and what they write is read here.
class InteroperabilityTest {
  private static final int SEEDS = 25;

  @TempDir Path folder;

  @Test
  void parquetJavaReadsOurFiles() throws IOException {
    for (long seed = 0; seed < SEEDS; seed++) {
      SampleFile sample = new SampleFile(seed);
      Path path = Files.write(folder.resolve("ours-" + seed), sample.bytes);
      try (ParquetFileReader reference = ParquetJava.open(path)) {
        for (List<ColumnData> group : sample.groups) {
          List<List<String>> columns = ParquetJava.nextGroup(reference);
          assertThat(columns).hasSameSizeAs(group);
          for (int i = 0; i < group.size(); i++) {
            assertThat(columns.get(i))
                .as("seed %d column %s", seed, sample.schema.leaf(i))
                .isEqualTo(SampleFile.entries(group.get(i)));
          }
        }
        assertThat(ParquetJava.nextGroup(reference)).isNull();
      }
    }
  }

  @Test
  void weReadFilesOfParquetJava() throws IOException {
    for (long seed = 0; seed < SEEDS; seed++) {
      SampleFile sample = new SampleFile(seed);
      Random random = new Random(seed);
      Path ours = Files.write(folder.resolve("ours-" + seed), sample.bytes);
      Path theirs = folder.resolve("theirs-" + seed);
      ParquetJava.rewrite(ours, theirs, layout(random));
      ParquetFile file = ParquetFile.open(RandomAccessInput.of(Files.readAllBytes(theirs)));
      assertThat(file.schema()).isEqualTo(sample.schema);
      assertThat(file.rowGroups()).hasSize(1);
      for (ParquetLeaf leaf : sample.schema.leaves()) {
        List<String> expected = new ArrayList<>();
        for (List<ColumnData> group : sample.groups) {
          expected.addAll(SampleFile.entries(group.get(leaf.index())));
        }
        ColumnChunkReader reader = file.reader(0, leaf.index());
        assertThat(SampleFile.entries(reader.readAll()))
            .as("seed %d column %s", seed, leaf)
            .isEqualTo(expected);
        RowRanges rows = SampleFile.randomRows(random, reader.rowCount());
        assertThat(SampleFile.entries(reader.read(rows)))
            .as("seed %d column %s rows %s", seed, leaf, rows)
            .isEqualTo(SampleFile.rows(expected, rows));
      }
    }
  }

  private static ParquetJava.Layout layout(Random random) {
    CompressionCodecName[] codecs = {
      CompressionCodecName.UNCOMPRESSED,
      CompressionCodecName.SNAPPY,
      CompressionCodecName.GZIP,
      CompressionCodecName.ZSTD
    };
    return new ParquetJava.Layout(
        random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0,
        codecs[random.nextInt(codecs.length)],
        random.nextInt(3) > 0,
        // A small dictionary overflows, and the rest of the chunk is written without it.
        random.nextBoolean() ? 1 << 20 : 500,
        100 + random.nextInt(random.nextBoolean() ? 500 : 50_000),
        1 + random.nextInt(random.nextBoolean() ? 30 : 1000));
  }

  @Test
  void duckDbReadsOurFiles() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1");
      for (long seed = 0; seed < SEEDS; seed++) {
        SampleFile sample = new SampleFile(seed);
        Path ours = Files.write(folder.resolve("ours-" + seed), sample.bytes);
        Path theirs = folder.resolve("theirs-" + seed);
        ParquetJava.rewrite(
            ours,
            theirs,
            new ParquetJava.Layout(
                WriterVersion.PARQUET_1_0,
                CompressionCodecName.UNCOMPRESSED,
                false,
                1 << 20,
                1 << 20,
                20_000));
        List<String> rows = rows(statement, ours);
        assertThat(rows).hasSize(sample.groupRows.stream().mapToInt(Integer::intValue).sum());
        assertThat(rows).as("seed %d", seed).isEqualTo(rows(statement, theirs));
      }
    }
  }

  private static List<String> rows(Statement statement, Path file) throws SQLException {
    List<String> rows = new ArrayList<>();
    String query = "SELECT CAST(t AS VARCHAR) FROM read_parquet('" + file + "') t";
    try (ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
