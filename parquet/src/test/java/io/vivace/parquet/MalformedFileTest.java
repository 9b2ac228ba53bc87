package io.vivace.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Broken files: nothing but an exception that says so, without much memory or time.
class MalformedFileTest {
  // Small enough that a forged count which is believed shows as a failure of its own.
  private static final ReadOptions LIMITS =
      new ReadOptions(1 << 20, 1 << 20, 1 << 20, 1 << 10, false);
  private static final long MAX_BYTES_PER_FILE = 512L << 20;

  @Test
  @Timeout(120)
  void mutatedBytes() throws IOException {
    mutate(0, 40, 50);
  }

  @Test
  @Tag("full")
  void moreMutatedBytes() throws IOException {
    mutate(1000, 2000, 300);
  }

  private static void mutate(long firstSeed, int files, int mutants) throws IOException {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    int broken = 0;
    for (long seed = firstSeed; seed < firstSeed + files; seed++) {
      SampleFile sample = new SampleFile(seed, 60);
      Random random = new Random(seed);
      for (int i = 0; i < mutants; i++) {
        byte[] mutant = mutant(sample, random);
        long before = threads.getCurrentThreadAllocatedBytes();
        broken += isBroken(mutant, seed + "/" + i) ? 1 : 0;
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes for %d/%d", seed, i).isLessThan(MAX_BYTES_PER_FILE);
      }
    }
    // The mutations do hit something.
    assertThat(broken).isGreaterThan(files * mutants / 10);
  }

  private static boolean isBroken(byte[] bytes, String name) {
    try {
      readAll(bytes);
      return false;
    } catch (MalformedParquetException | EOFException e) {
      assertThat(e.getMessage()).isNotBlank();
      return true;
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      throw new AssertionError("mutant " + name, e);
    }
  }

  private static void readAll(byte[] bytes) throws IOException {
    ParquetFile file = ParquetFile.open(RandomAccessInput.of(bytes), LIMITS, 0);
    MalformedParquetException first = null;
    for (RowGroup group : file.rowGroups()) {
      for (ParquetLeaf leaf : file.schema().leaves()) {
        // One broken column must not hide the others from the test.
        try {
          readColumn(file, group, leaf);
        } catch (MalformedParquetException e) {
          first = e;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static void readColumn(ParquetFile file, RowGroup group, ParquetLeaf leaf)
      throws IOException {
    ColumnChunkReader reader = file.reader(group.ordinal(), leaf.index());
    int rows = group.rowCount();
    RowRanges some = RowRanges.of(rows / 3, Math.max(rows / 3, rows / 2));
    MalformedParquetException problem = null;
    try {
      ColumnData all = reader.readAll();
      reader.readValues(RowRanges.of(0, rows), all.levels());
      if (leaf.maxRepetitionLevel() > 0) {
        ListOffsets.of(all.levels(), leaf, 1);
      }
      // Whatever is given out must hold together.
      assertThat(SampleFile.entries(all)).hasSize(all.levels().count());
    } catch (MalformedParquetException e) {
      problem = e;
    }
    reader.columnIndex();
    reader.dictionary();
    Levels levels = reader.readLevels(some);
    reader.readValues(some, levels);
    if (problem != null) {
      throw problem;
    }
  }

  private static byte[] mutant(SampleFile sample, Random random) {
    byte[] bytes = sample.bytes.clone();
    int footer = sample.written.footerBytes() + 8;
    int kind = random.nextInt(8);
    if (kind == 0) {
      // Cut off, but with an end that leads to a footer.
      int to = 4 + random.nextInt(bytes.length - 12);
      byte[] cut = Arrays.copyOf(bytes, to + footer);
      System.arraycopy(bytes, bytes.length - footer, cut, to, footer);
      return cut;
    }
    if (kind == 1) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int at =
          kind < 4
              ? bytes.length - 1 - random.nextInt(footer)
              : random.nextInt(bytes.length - footer);
      bytes[at] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) 0xff;
            case 1 -> 0;
            case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
            default -> (byte) random.nextInt();
          };
    }
    return bytes;
  }

  @Test
  void kernelsSurviveRandomBytes() {
    Random random = new Random(7);
    ParquetSchema schema =
        ParquetSchema.builder("root")
            .leaf("long", Repetition.REQUIRED, PhysicalType.INT64)
            .leaf("int", Repetition.REQUIRED, PhysicalType.INT32)
            .leaf("double", Repetition.REQUIRED, PhysicalType.DOUBLE)
            .leaf("boolean", Repetition.REQUIRED, PhysicalType.BOOLEAN)
            .leaf("binary", Repetition.REQUIRED, PhysicalType.BYTE_ARRAY)
            .build();
    Values words = new Values.Binary(new byte[3], new int[] {0, 1, 3}, 2);
    int decoded = 0;
    for (int i = 0; i < 150_000; i++) {
      byte[] page = new byte[64 + BitUnpacker.PADDING_BYTES];
      int length = random.nextInt(65);
      for (int k = 0; k < length; k++) {
        // Small numbers get further than random ones.
        page[k] = (byte) (random.nextBoolean() ? random.nextInt(10) : random.nextInt());
      }
      if (random.nextBoolean()) {
        // The start of a delta stream.
        page[0] = (byte) 0x80;
        page[1] = 1;
        page[2] = 4;
      }
      ParquetLeaf leaf = schema.leaf(random.nextInt(schema.leafCount()));
      int count = random.nextInt(random.nextBoolean() ? 10 : 1000);
      try {
        ValueDecoder decoder = ValueDecoder.of(leaf, count, length, LIMITS);
        decoder.append(random.nextInt(10), page, 0, length, count, words);
        decoder.result();
        decoded++;
      } catch (MalformedParquetException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(decoded).isGreaterThan(100);
  }

  @Test
  void messagesNameWhatAndWhere() throws IOException {
    assertThatThrownBy(() -> ParquetFile.open(RandomAccessInput.of(new byte[5])))
        .isInstanceOf(MalformedParquetException.class)
        .hasMessageContaining("5 bytes");
    assertThatThrownBy(() -> ParquetFile.open(RandomAccessInput.of(new byte[50])))
        .hasMessageContaining("PAR1");

    SampleFile sample = new SampleFile(3);
    ParquetFile good = ParquetFile.open(RandomAccessInput.of(sample.bytes));
    int last = sample.schema.leafCount() - 1;
    ColumnChunk chunk = good.reader(0, last).chunk();
    byte[] bytes = sample.bytes.clone();
    Arrays.fill(
        bytes,
        (int) chunk.offset() + 4,
        (int) (chunk.offset() + chunk.compressedBytes()),
        (byte) 0xff);
    ParquetFile file = ParquetFile.open(RandomAccessInput.of(bytes));
    assertThatThrownBy(() -> file.reader(0, last).readAll())
        .isInstanceOf(MalformedParquetException.class)
        .hasMessageContaining("column last, page header at offset");
  }
}
