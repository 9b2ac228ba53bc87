package io.vivace.livestore.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.livestore.wal.SimulatedDisk.Keep;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteAheadLogTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final Path WAL = Path.of("/data/wal");
  private static final Path FOLDER = WAL.resolve("vivace");
  private static final long SEGMENT_BYTES = 1 << 20;

  private final AtomicLong clock = new AtomicLong(1);

  private WriteAheadLog open(WalDisk disk) throws IOException {
    return open(disk, WAL, SEGMENT_BYTES);
  }

  private WriteAheadLog open(WalDisk disk, Path path, long segmentBytes) throws IOException {
    return WriteAheadLog.open(disk, path, segmentBytes, clock::get, new PrometheusRegistry());
  }

  private static CompletableFuture<Long> append(WriteAheadLog wal, String text) {
    return append(wal, text.getBytes(StandardCharsets.UTF_8));
  }

  private static CompletableFuture<Long> append(WriteAheadLog wal, byte[] payload) {
    CompletableFuture<Long> result = new CompletableFuture<>();
    wal.append(
        new WalEntry.Data(TENANT, payload, 42) {
          private long sequence;

          @Override
          protected void apply(long at) {
            sequence = at;
          }

          @Override
          protected void acknowledge() {
            result.complete(sequence);
          }

          @Override
          protected void fail(RequestException reason) {
            result.completeExceptionally(reason);
          }
        });
    return result;
  }

  private static LogRange close(WriteAheadLog wal, long start, UUID salt) {
    CompletableFuture<LogRange> result = new CompletableFuture<>();
    wal.append(
        new WalEntry.Close(start, -1, salt) {
          @Override
          protected void apply(LogRange closed) {
            result.complete(closed);
          }

          @Override
          protected void acknowledge() {}

          @Override
          protected void fail(RequestException reason) {
            result.completeExceptionally(reason);
          }
        });
    return result.join();
  }

  private static void done(WriteAheadLog wal, long end) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    wal.append(
        new WalEntry.Done(end) {
          @Override
          protected void acknowledge() {
            result.complete(true);
          }

          @Override
          protected void fail(RequestException reason) {
            result.completeExceptionally(reason);
          }
        });
    result.join();
  }

  private static List<String> replayed(WriteAheadLog wal) throws IOException {
    List<String> texts = new ArrayList<>();
    wal.recovery()
        .replay((tenant, payload, sequence, arrival) -> {
          assertThat(tenant).isEqualTo(TENANT);
          assertThat(arrival).isEqualTo(42);
          texts.add(new String(payload, StandardCharsets.UTF_8));
        });
    return texts;
  }

  /// What a log in this state of the disk gives back.
  private List<String> recovered(SimulatedDisk disk) throws IOException {
    try (WriteAheadLog wal = open(disk)) {
      return replayed(wal);
    }
  }

  private static Path onlySegment(SimulatedDisk disk) {
    List<String> names = disk.names(FOLDER).stream().filter(name -> name.endsWith(".wal")).toList();
    assertThat(names).hasSize(1);
    return FOLDER.resolve(names.getFirst());
  }

  private static CompletionException refusal(CompletableFuture<Long> append) {
    try {
      append.join();
    } catch (CompletionException e) {
      return e;
    }
    throw new AssertionError("the append was acknowledged");
  }

  private static ErrorCategory category(CompletableFuture<Long> append) {
    return ((RequestException) refusal(append).getCause()).category();
  }

  @Test
  void recordsComeBackInOrderWithTheirRange() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    UUID salt = UUID.randomUUID();
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "a").join();
      append(wal, "b").join();
      LogRange range = close(wal, 0, salt);
      append(wal, "c").join();
      assertThat(range.endExclusive()).isEqualTo(3);
    }
    try (WriteAheadLog wal = open(disk.afterCrash(Keep.FORCED, new Random(1), Faults.none()))) {
      assertThat(replayed(wal)).containsExactly("a", "b", "c");
      assertThat(wal.recovery().ranges()).containsExactly(new LogRange(0, 3, salt));
    }
  }

  @Test
  void doneRangesAreNotReplayedAndTheirSegmentsAreDeleted() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "a").join();
      LogRange range = close(wal, 0, UUID.randomUUID());
      append(wal, "b").join();
      done(wal, range.endExclusive());
    }
    assertThat(onlySegment(disk)).isNotNull();
    try (WriteAheadLog wal = open(disk)) {
      assertThat(replayed(wal)).containsExactly("b");
      assertThat(wal.recovery().ranges()).isEmpty();
    }
  }

  @Test
  void noAppendIsAcknowledgedBeforeTheForceThatCoversIt() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    WriteAheadLog wal = open(disk);
    CountDownLatch inForce = new CountDownLatch(1);
    CountDownLatch mayForce = new CountDownLatch(1);
    disk.setBeforeForce(() -> {
      inForce.countDown();
      awaitUninterruptibly(mayForce);
    });
    CompletableFuture<Long> first = append(wal, "a");
    inForce.await();
    CompletableFuture<Long> second = append(wal, "b");
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(recovered(disk.afterCrash(Keep.FORCED, new Random(1), Faults.none()))).isEmpty();

    mayForce.countDown();
    first.join();
    second.join();
    assertThat(recovered(disk.afterCrash(Keep.FORCED, new Random(1), Faults.none())))
        .containsExactly("a", "b");
    wal.close();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void everyAcknowledgementSeesItsBytesForcedUnderLoad() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    List<String> tooEarly = java.util.Collections.synchronizedList(new ArrayList<>());
    try (WriteAheadLog wal = open(disk)) {
      AtomicLong forced = new AtomicLong();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        byte[] payload = new byte[1000];
        all.add(
            append(wal, payload)
                .thenAccept(sequence -> {
                  forced.set(disk.forcedBytes());
                  if (forced.get() < sequence * 1000) {
                    tooEarly.add(
                        "record " + sequence + " with only " + forced.get() + " bytes forced");
                  }
                }));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }
    assertThat(tooEarly).isEmpty();
  }

  @Test
  void aTailTornAtAnyByteLosesNothingBeforeIt() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "first").join();
      append(wal, "second").join();
      append(wal, "third").join();
    }
    Path segment = onlySegment(disk);
    byte[] bytes = disk.bytes(segment);
    int recordBytes = WalFormat.RECORD_HEADER_BYTES + 1;
    int[] ends = {WalFormat.SEGMENT_HEADER_BYTES + recordBytes + 5, 0, bytes.length};
    ends[1] = ends[0] + recordBytes + 6;
    for (int length = 0; length < bytes.length; length++) {
      SimulatedDisk torn = new SimulatedDisk(Faults.none());
      torn.put(segment, Arrays.copyOf(bytes, length));
      int whole = length >= ends[1] ? 2 : length >= ends[0] ? 1 : 0;
      try (WriteAheadLog wal = open(torn)) {
        assertThat(replayed(wal))
            .as("cut at %s", length)
            .isEqualTo(List.of("first", "second").subList(0, whole));
        assertThat(wal.recovery().damagedPlaces()).isZero();
        append(wal, "more").join();
      }
      // The next start finds both, and no damage where the tail was cut.
      try (WriteAheadLog wal = open(torn.afterCrash(Keep.FORCED, new Random(1), Faults.none()))) {
        assertThat(replayed(wal)).hasSize(whole + 1).endsWith("more");
        assertThat(wal.recovery().damagedPlaces()).isZero();
      }
    }
  }

  @Test
  void onAFullDiskTheLogOpensAndDamageIsSetAsideWhenThereIsSpaceAgain() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "first").join();
      append(wal, "second").join();
      append(wal, "third").join();
    }
    Path segment = onlySegment(disk);
    byte[] damaged = Arrays.copyOf(disk.bytes(segment), disk.bytes(segment).length + 7);
    int start = WalFormat.SEGMENT_HEADER_BYTES + WalFormat.RECORD_HEADER_BYTES + 1 + 5;
    int end = start + WalFormat.RECORD_HEADER_BYTES + 1 + 6;
    damaged[end - 1] ^= 0x55;
    SimulatedDisk found = new SimulatedDisk(Faults.none());
    found.put(segment, damaged);
    found.setCapacityBytes(found.usedBytes());
    Path copy = FOLDER.resolve("corrupt").resolve(segment.getFileName() + "." + start + "-" + end);
    try (WriteAheadLog wal = open(found)) {
      assertThat(replayed(wal)).containsExactly("first", "third");
      assertThat(found.bytes(copy)).isEmpty();
      assertThatThrownBy(() -> append(wal, "fourth").join())
          .hasCauseInstanceOf(RequestException.class);

      found.setCapacityBytes(Long.MAX_VALUE);
      clock.addAndGet(10_000_000_000L);
      long fourth = append(wal, "fourth").join();
      done(wal, fourth + 1);
      // `done` is followed by the clean-up on the same thread.
      append(wal, "fifth").join();
      assertThat(found.bytes(copy)).isEqualTo(Arrays.copyOfRange(damaged, start, end));
      assertThat(found.names(FOLDER)).doesNotContain(segment.getFileName().toString());
    }
    assertThat(recovered(found)).containsExactly("fifth");
  }

  @Test
  void whatRecoveryReadIsDurableBeforeItIsActedUpon() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    AtomicBoolean isPlugPulled = new AtomicBoolean();
    CountDownLatch isWritten = new CountDownLatch(1);
    CountDownLatch isOver = new CountDownLatch(1);
    WriteAheadLog wal = open(disk);
    disk.setBeforeForce(() -> {
      isWritten.countDown();
      try {
        isOver.await();
      } catch (InterruptedException e) {
        isPlugPulled.set(true);
      }
    });
    CompletableFuture<Long> unforced = append(wal, "written, not forced");
    try {
      isWritten.await();
      // The process is killed, the machine goes on ...
      SimulatedDisk found = disk.afterCrash(Keep.ALL, new Random(1), Faults.none());
      assertThat(recovered(found)).containsExactly("written, not forced");
      // ... and loses its power later: what the process in between has seen is still there.
      SimulatedDisk later = found.afterCrash(Keep.FORCED, new Random(1), Faults.none());
      assertThat(recovered(later)).containsExactly("written, not forced");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      isOver.countDown();
      unforced.join();
      wal.close();
    }
    assertThat(isPlugPulled).isFalse();
  }

  @Test
  void aDamagedRecordInTheMiddleIsSetAsideAndTheRestServes() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "first").join();
      append(wal, "second").join();
      append(wal, "third").join();
    }
    Path segment = onlySegment(disk);
    byte[] bytes = disk.bytes(segment);
    int start = WalFormat.SEGMENT_HEADER_BYTES + WalFormat.RECORD_HEADER_BYTES + 1 + 5;
    int end = start + WalFormat.RECORD_HEADER_BYTES + 1 + 6;
    for (int at = start; at < end; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x55;
      SimulatedDisk found = new SimulatedDisk(Faults.none());
      found.put(segment, damaged);
      try (WriteAheadLog wal = open(found)) {
        assertThat(replayed(wal)).as("damage at %s", at).containsExactly("first", "third");
        assertThat(wal.recovery().damagedPlaces()).isEqualTo(1);
      }
      String copy = segment.getFileName() + "." + start + "-" + end;
      assertThat(found.bytes(FOLDER.resolve("corrupt").resolve(copy)))
          .isEqualTo(Arrays.copyOfRange(damaged, start, end));
      assertThat(found.bytes(segment)).isEqualTo(damaged);
    }
  }

  @Test
  void aDamagedSegmentHeaderCostsNothing() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "first").join();
    }
    byte[] bytes = disk.bytes(onlySegment(disk));
    Arrays.fill(bytes, 0, WalFormat.SEGMENT_HEADER_BYTES, (byte) 0);
    SimulatedDisk found = new SimulatedDisk(Faults.none());
    found.put(onlySegment(disk), bytes);
    assertThat(recovered(found)).containsExactly("first");
  }

  @Test
  void bytesOfAClientNeverLookLikeARecord() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    SimulatedDisk other = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(other)) {
      append(wal, "evil").join();
    }
    byte[] evil = other.bytes(onlySegment(other));
    try (WriteAheadLog wal = open(disk)) {
      append(wal, evil).join();
      append(wal, "good").join();
    }
    byte[] bytes = disk.bytes(onlySegment(disk));
    // Without the header of the record that holds them, the bytes are looked through for records.
    bytes[WalFormat.SEGMENT_HEADER_BYTES] ^= 1;
    SimulatedDisk found = new SimulatedDisk(Faults.none());
    found.put(onlySegment(disk), bytes);
    assertThat(recovered(found)).containsExactly("good");
  }

  @Test
  void anyDamageGivesBackOnlyRecordsThatWereWritten() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    List<String> written = new ArrayList<>();
    try (WriteAheadLog wal = open(disk)) {
      for (int i = 0; i < 30; i++) {
        written.add("record " + i + " " + "x".repeat(i * 7));
        append(wal, written.getLast()).join();
      }
    }
    Path segment = onlySegment(disk);
    byte[] bytes = disk.bytes(segment);
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      byte[] damaged = damage(bytes, random);
      SimulatedDisk found = new SimulatedDisk(Faults.none());
      found.put(segment, damaged);
      List<String> recovered = recovered(found);
      if (!recovered.isEmpty()) {
        assertThat(written).as("seed %s", seed).containsSubsequence(recovered);
      }
      assertThat(recovered.size())
          .as("seed %s", seed)
          .isGreaterThanOrEqualTo(damaged.length < bytes.length ? 0 : 15);
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = 0; i < 3; i++) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
        }
      }
      case 1 -> {
        int from = random.nextInt(damaged.length);
        int to = Math.min(damaged.length, from + random.nextInt(300));
        for (int i = from; i < to; i++) {
          damaged[i] = (byte) random.nextInt();
        }
      }
      case 2 -> {
        int from = random.nextInt(damaged.length - 300);
        System.arraycopy(bytes, random.nextInt(bytes.length - 300), damaged, from, 300);
      }
      default -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
    }
    return damaged;
  }

  @Test
  void aFullDiskRefusesWithARetryableErrorUntilSpaceIsBack() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    try (WriteAheadLog wal = open(disk)) {
      append(wal, "before").join();
      disk.setCapacityBytes(disk.usedBytes() + 20);
      assertThat(category(append(wal, "refused"))).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
      assertThat(category(append(wal, "refused in the pause")))
          .isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
      clock.addAndGet(10_000_000_000L);
      assertThat(category(append(wal, "still refused")))
          .isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
      // Refused records do not eat the space that is left.
      assertThat(disk.usedBytes()).isLessThanOrEqualTo(SEGMENT_BYTES);

      disk.setCapacityBytes(Long.MAX_VALUE);
      clock.addAndGet(10_000_000_000L);
      append(wal, "after").join();
    }
    assertThat(recovered(disk.afterCrash(Keep.FORCED, new Random(1), Faults.none())))
        .containsExactly("before", "after");
  }

  @Test
  void aFailedForceEndsTheSegmentAndRefusesAsUnavailable() throws IOException {
    SimulatedDisk clean = new SimulatedDisk(Faults.none());
    Faults counting = Faults.none();
    try (WriteAheadLog wal = open(new SimulatedDisk(counting))) {
      append(wal, "first").join();
    }
    int force =
        counting
            .operations()
            .lastIndexOf(
                counting.operations().stream()
                    .filter(name -> name.startsWith("force 0"))
                    .reduce((a, b) -> b)
                    .orElseThrow());
    assertThat(clean.names(FOLDER)).isEmpty();

    SimulatedDisk disk = new SimulatedDisk(new Faults(Faults.Kind.FAIL, force));
    try (WriteAheadLog wal = open(disk)) {
      assertThat(category(append(wal, "first"))).isEqualTo(ErrorCategory.UNAVAILABLE);
      clock.addAndGet(10_000_000_000L);
      append(wal, "second").join();
    }
    assertThat(recovered(disk.afterCrash(Keep.FORCED, new Random(1), Faults.none())))
        .containsExactly("second");
  }

  @Test
  void aLogThatCannotBeWrittenAtStartStartsAndRecovers() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(Faults.none());
    disk.setCapacityBytes(0);
    try (WriteAheadLog wal = open(disk)) {
      assertThat(category(append(wal, "refused"))).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
      disk.setCapacityBytes(Long.MAX_VALUE);
      clock.addAndGet(10_000_000_000L);
      append(wal, "taken").join();
    }
  }

  @Test
  void appendsAfterCloseAreRefusedAsUnavailable() throws IOException {
    WriteAheadLog wal = open(new SimulatedDisk(Faults.none()));
    wal.close();
    assertThat(category(append(wal, "late"))).isEqualTo(ErrorCategory.UNAVAILABLE);
  }

  @Test
  void segmentsAreFollowedByNewOnesAtTheirSize(@TempDir Path folder) throws IOException {
    List<String> texts = new ArrayList<>();
    try (WriteAheadLog wal = open(new FileWalDisk(), folder.resolve("missing/wal"), 2000)) {
      for (int i = 0; i < 50; i++) {
        texts.add("record " + i + "x".repeat(400));
        append(wal, texts.getLast()).join();
      }
    }
    Path logFolder = folder.resolve("missing/wal/vivace");
    assertThat(new FileWalDisk().list(logFolder)).hasSizeGreaterThan(10);
    Files.writeString(logFolder.resolve("notes.txt"), "not ours");
    try (WriteAheadLog wal = open(new FileWalDisk(), folder.resolve("missing/wal"), 2000)) {
      assertThat(replayed(wal)).isEqualTo(texts);
    }
    assertThat(logFolder.resolve("notes.txt")).exists();
  }

  @Test
  void aSecondProcessIsRefusedWithThePidOfTheFirst(@TempDir Path folder) throws IOException {
    try (WriteAheadLog first = open(new FileWalDisk(), folder, SEGMENT_BYTES)) {
      assertThat(first.isRunning()).isTrue();
      assertThatThrownBy(() -> open(new FileWalDisk(), folder, SEGMENT_BYTES))
          .isInstanceOfSatisfying(
              WalLockedException.class,
              e -> assertThat(e.holder()).isEqualTo(Long.toString(ProcessHandle.current().pid())));
    }
    open(new FileWalDisk(), folder, SEGMENT_BYTES).close();
  }
}
