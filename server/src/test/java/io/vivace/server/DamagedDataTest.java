package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What cannot be read at the start is set aside, counted and named in the log; the rest serves.
@Timeout(120)
class DamagedDataTest {
  private static final String HEADER = "X-Scope-OrgID";
  private static final String TRACE = "9af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "00000000000000a1";

  @TempDir Path folder;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    root().detachAppender(log);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private List<String> errors() {
    synchronized (log) {
      return log.list.stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }
  }

  private static LocalProcess start(Path folder) throws Exception {
    return LocalProcess.start(folder, "multitenancy_enabled: true\n");
  }

  @Test
  void unreadableBlocks() throws Exception {
    List<String> damaged =
        List.of("garbled-meta", "empty-meta", "truncated", "missing", "garbled-footer", "no-bytes");
    try (LocalProcess server = start(folder)) {
      for (String tenant : damaged) {
        push(server, tenant, TRACE);
      }
      push(server, "good", TRACE);
    }
    assertThat(errors()).isEmpty();
    Files.writeString(file("garbled-meta", "meta.json"), "{\"blockID\": 7, ");
    Files.write(file("empty-meta", "meta.json"), new byte[0]);
    Path truncated = file("truncated", "data.parquet");
    try (FileChannel data = FileChannel.open(truncated, StandardOpenOption.WRITE)) {
      data.truncate(Files.size(truncated) / 2);
    }
    Files.delete(file("missing", "data.parquet"));
    Path garbled = file("garbled-footer", "data.parquet");
    flip(garbled, Files.size(garbled) - 100, 60);
    Files.write(file("no-bytes", "data.parquet"), new byte[0]);

    try (LocalProcess server = start(folder)) {
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
      for (String tenant : damaged) {
        String block = blockId(tenant);
        assertThat(errors())
            .as(tenant)
            .anyMatch(line ->
                line.contains("set aside") && line.contains(tenant) && line.contains(block));
        assertThat(server.spanIds(TRACE, HEADER, tenant)).isEmpty();
        assertThat(LocalProcess.text(server.search("{}", HEADER, tenant)))
            .contains("\"traces\":[]");
        assertThat(file(tenant, "meta.json")).as("nothing is deleted").exists();
      }
      assertThat(LocalProcess.text(server.get("/metrics")))
          .contains("vivace_blocks_set_aside_total " + damaged.size() + ".0");
      assertThat(server.spanIds(TRACE, HEADER, "good")).containsExactly(SPAN);
      assertThat(LocalProcess.text(server.search("{}", HEADER, "good"))).contains(TRACE);
      push(server, "truncated", TRACE);
      assertThat(server.spanIds(TRACE, HEADER, "truncated")).containsExactly(SPAN);
    }
  }

  @Test
  void aCorruptRecordOfTheLog() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    List<String> traces =
        Stream.of("1", "2", "3", "4").map(digit -> digit + TRACE.substring(1)).toList();
    try (LocalProcess server = start(folder)) {
      for (String trace : traces) {
        push(server, "a", trace);
      }
      // As a crash would leave it: everything in the log, nothing in blocks.
      copyLog(folder.resolve("wal"), copy.resolve("wal"));
    }
    Path segment = firstSegment(copy.resolve("wal"));
    long second =
        indexOf(Files.readAllBytes(segment), java.util.HexFormat.of().parseHex(traces.get(1)));
    flip(segment, second, 4);

    try (LocalProcess server = start(copy)) {
      assertThat(errors())
          .anyMatch(line ->
              line.contains("damaged bytes in the log are set aside")
                  && line.contains(segment.toString()));
      assertThat(LocalProcess.text(server.get("/metrics")))
          .contains("vivace_wal_corrupt_records_total 1.0");
      for (String trace : traces) {
        List<String> expected = trace.equals(traces.get(1)) ? List.of() : List.of(SPAN);
        assertThat(server.spanIds(trace, HEADER, "a")).as(trace).isEqualTo(expected);
      }
      push(server, "a", traces.get(1));
      assertThat(server.spanIds(traces.get(1), HEADER, "a")).containsExactly(SPAN);
      try (Stream<Path> kept = Files.walk(copy.resolve("wal"))) {
        assertThat(kept.filter(file -> file.getParent().endsWith("corrupt")))
            .as("the bytes are kept")
            .isNotEmpty();
      }
    }
  }

  private static void push(LocalProcess server, String tenant, String trace) throws Exception {
    assertThat(
            server.push(Spans.request(trace, List.of(SPAN), "shop"), HEADER, tenant).statusCode())
        .isEqualTo(200);
  }

  private Path file(String tenant, String name) throws IOException {
    return folder.resolve("blocks").resolve(tenant).resolve(blockId(tenant)).resolve(name);
  }

  private String blockId(String tenant) throws IOException {
    try (Stream<Path> blocks = Files.list(folder.resolve("blocks").resolve(tenant))) {
      return blocks.filter(Files::isDirectory).findFirst().orElseThrow().getFileName().toString();
    }
  }

  private static void flip(Path file, long position, int count) throws IOException {
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] bytes = new byte[count];
      data.seek(position);
      data.readFully(bytes);
      for (int i = 0; i < count; i++) {
        bytes[i] ^= 0x5a;
      }
      data.seek(position);
      data.write(bytes);
    }
  }

  private static void copyLog(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static Path firstSegment(Path log) throws IOException {
    try (Stream<Path> files = Files.walk(log)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().equals("lock"))
          .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  private static long indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new IllegalStateException("not there");
  }
}
