package io.vivace.livestore.wal;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The local log: one partition in a folder of segments.
///
/// Implementation note. Any number of threads queue entries; one thread, the committer, takes what
/// has gathered, writes it with one force, applies it in order, and acknowledges it. So an
/// acknowledgement never comes before the force that covers it, and what is applied is exactly what
/// is durable, in log order. While one group is forced the next one gathers.
///
/// States of the disk as the committer sees it: *writable* (there is a segment) and *failed* (there
/// is none). Any failure of a write or force ends the segment: what was forced before is safe, what
/// came after is unknown, and the descriptor is never forced again, since a second force may report
/// success for bytes that are lost. Entries of the group fail with a retryable error. The next
/// entry after a pause opens a fresh segment. Sequence numbers are never used twice, so bytes of a
/// failed group that do turn up after a crash are just spans that nobody was promised.
///
/// The queue itself is not bounded; whoever appends bounds the bytes.
public final class WriteAheadLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WriteAheadLog.class);

  /// The log's own folder below the configured path.
  public static final String FOLDER = "vivace";

  private static final String LOCK_FILE = "lock";
  private static final int BUFFER_BYTES = 256 << 10;
  private static final long MAX_GROUP_BYTES = 16L << 20;
  private static final long MIN_PAUSE_NANOS = 100_000_000L;
  private static final long MAX_PAUSE_NANOS = 2_000_000_000L;

  private final WalDisk disk;
  private final Path folder;
  private final long maxSegmentBytes;
  private final LongSupplier monotonicNanos;
  private final AutoCloseable folderLock;
  private final Segments segments;
  private final WalRecovery recovery;
  private final WalMetrics metrics;
  private final Thread committer;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private final ReentrantLock queueLock = new ReentrantLock();
  private final Condition queueFilled = queueLock.newCondition();
  private final ArrayDeque<WalEntry> queue = new ArrayDeque<>();
  private boolean isClosed;

  // Confined to the committer once it runs.
  private @Nullable SegmentWriter writer;
  private Segments.@Nullable Segment writerSegment;
  private long nextSequence;
  private long doneEnd;
  private @Nullable IOException diskFailure;
  private boolean isRotationDue;
  private long nextAttemptNanos;
  private long pauseNanos = MIN_PAUSE_NANOS;

  private WriteAheadLog(
      WalDisk disk,
      Path folder,
      AutoCloseable folderLock,
      long maxSegmentBytes,
      LongSupplier monotonicNanos,
      PrometheusRegistry registry)
      throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.folderLock = folderLock;
    this.maxSegmentBytes = maxSegmentBytes;
    this.monotonicNanos = monotonicNanos;
    this.metrics = new WalMetrics(registry);
    this.segments = new Segments(disk, folder);
    this.recovery = WalRecovery.scan(disk, folder, segments);
    this.nextSequence = recovery.nextSequence();
    this.doneEnd = recovery.doneEnd();
    this.committer =
        Thread.ofPlatform().daemon().name("vivace-wal").unstarted(this::commitUntilClosed);
  }

  /// Opens the log in `walPath`, creating missing folders, and looks through what is there. A disk
  /// that can be read but not written is no failure: the log then starts in the failed state and
  /// tries again with the first entry.
  ///
  /// Throws [WalLockedException] if another process has it.
  public static WriteAheadLog open(
      WalDisk disk,
      Path walPath,
      long maxSegmentBytes,
      LongSupplier monotonicNanos,
      PrometheusRegistry registry)
      throws IOException {
    Path folder = walPath.resolve(FOLDER);
    disk.createDirectories(folder);
    AutoCloseable folderLock =
        disk.lock(folder.resolve(LOCK_FILE), Long.toString(ProcessHandle.current().pid()));
    boolean isOpen = false;
    try {
      warnOfForeignFiles(disk, walPath);
      WriteAheadLog wal =
          new WriteAheadLog(disk, folder, folderLock, maxSegmentBytes, monotonicNanos, registry);
      wal.start();
      isOpen = true;
      return wal;
    } finally {
      if (!isOpen) {
        unlock(folderLock);
      }
    }
  }

  private static void warnOfForeignFiles(WalDisk disk, Path walPath) throws IOException {
    List<String> foreign = new ArrayList<>(disk.list(walPath));
    foreign.remove(FOLDER);
    if (!foreign.isEmpty()) {
      log.warn(
          "files that are not of this log are left alone, folder={} names={}", walPath, foreign);
    }
  }

  private void start() {
    metrics.damagedPlaces.inc(recovery.damagedPlaces());
    try {
      openSegment();
    } catch (IOException e) {
      failed(e);
    }
    deleteSegmentsLogged();
    committer.start();
  }

  /// What the log held when it was opened.
  public WalRecovery recovery() {
    return recovery;
  }

  /// Queues an entry. Never blocks.
  public void append(WalEntry entry) {
    queueLock.lock();
    try {
      if (!isClosed) {
        queue.add(entry);
        if (queue.size() == 1) {
          queueFilled.signal();
        }
        return;
      }
    } finally {
      queueLock.unlock();
    }
    entry.fail(new RequestException(ErrorCategory.UNAVAILABLE, "shutting down; please try again"));
  }

  /// Commits what is queued, refuses what comes later, and gives the folder free. Waits for the
  /// committer.
  @Override
  public void close() {
    queueLock.lock();
    try {
      isClosed = true;
      queueFilled.signal();
    } finally {
      queueLock.unlock();
    }
    boolean wasInterrupted = false;
    while (committer.isAlive()) {
      try {
        committer.join();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void commitUntilClosed() {
    List<WalEntry> group = new ArrayList<>();
    try {
      while (takeGroup(group)) {
        commit(group);
      }
      closeWriter();
    } catch (RuntimeException | Error e) {
      // What is durable and what is visible may differ now, so nothing more is promised by this
      // process.
      log.error("the log's thread has ended, pushes are refused until a restart", e);
      metrics.writable.set(0);
      failAll(group);
    } finally {
      unlock(folderLock);
    }
  }

  private void failAll(List<WalEntry> group) {
    queueLock.lock();
    try {
      isClosed = true;
      group.addAll(queue);
      queue.clear();
    } finally {
      queueLock.unlock();
    }
    for (WalEntry entry : group) {
      entry.fail(
          new RequestException(
              ErrorCategory.UNAVAILABLE, "the write-ahead log has failed; please try again"));
    }
  }

  /// False when no entry can be taken any more: closed, or its thread has ended.
  public boolean isRunning() {
    return committer.isAlive();
  }

  private boolean takeGroup(List<WalEntry> group) {
    queueLock.lock();
    try {
      while (queue.isEmpty()) {
        if (isClosed) {
          return false;
        }
        queueFilled.awaitUninterruptibly();
      }
      long bytes = 0;
      while (!queue.isEmpty() && bytes < MAX_GROUP_BYTES) {
        WalEntry entry = queue.remove();
        group.add(entry);
        if (!(entry instanceof WalEntry.Data)) {
          // Ranges end, and segments are freed, at the border of a group.
          break;
        }
        bytes += entry.payload(0).length;
      }
      return true;
    } finally {
      queueLock.unlock();
    }
  }

  /// Commits a group and empties the list.
  private void commit(List<WalEntry> group) {
    long firstSequence = nextSequence;
    // Numbers of a group that fails are not used again: its bytes may turn up after a crash.
    nextSequence += group.size();
    try {
      write(group, firstSequence);
    } catch (IOException e) {
      failed(e);
      RequestException reason = refusal(e);
      for (WalEntry entry : group) {
        entry.fail(reason);
      }
      group.clear();
      return;
    }
    for (int i = 0; i < group.size(); i++) {
      group.get(i).apply(firstSequence + i);
    }
    for (WalEntry entry : group) {
      entry.acknowledge();
    }
    WalEntry last = group.getLast();
    group.clear();
    if (last instanceof WalEntry.Done done) {
      doneEnd = Math.max(doneEnd, done.endExclusive());
      deleteSegmentsLogged();
    }
    // Segments end with ranges, so that a range in blocks frees its bytes on disk.
    isRotationDue |= last instanceof WalEntry.Close;
  }

  private void write(List<WalEntry> group, long firstSequence) throws IOException {
    long start = System.nanoTime();
    SegmentWriter segment = writableSegment(firstSequence);
    Segments.Segment tracked = java.util.Objects.requireNonNull(writerSegment);
    long bytesBefore = segment.sizeBytes();
    for (int i = 0; i < group.size(); i++) {
      // Noted before it is written: bytes of a failed group may be there as well.
      tracked.need(group.get(i).neededUntil(firstSequence + i));
      segment.append(group.get(i), firstSequence + i);
    }
    segment.force();
    metrics.commitDuration.observe((System.nanoTime() - start) / 1e9);
    metrics.committedRecords.inc(group.size());
    metrics.committedBytes.inc(segment.sizeBytes() - bytesBefore);
  }

  private SegmentWriter writableSegment(long baseSequence) throws IOException {
    SegmentWriter current = writer;
    if (current != null && !isRotationDue && current.sizeBytes() < maxSegmentBytes) {
      return current;
    }
    IOException failure = diskFailure;
    if (failure != null && monotonicNanos.getAsLong() - nextAttemptNanos < 0) {
      throw failure;
    }
    if (current != null) {
      closeWriter();
    }
    return openSegment(baseSequence);
  }

  private void openSegment() throws IOException {
    openSegment(nextSequence);
    if (doneEnd > 0) {
      // Repeated in the newest segment, so that the one that held it can go.
      SegmentWriter segment = java.util.Objects.requireNonNull(writer);
      segment.append(new RepeatedDone(doneEnd), nextSequence++);
      segment.force();
    }
  }

  private SegmentWriter openSegment(long baseSequence) throws IOException {
    SegmentWriter opened = SegmentWriter.create(disk, folder, baseSequence, buffer);
    writer = opened;
    writerSegment = segments.add(opened.file());
    isRotationDue = false;
    metrics.segments.set(segments.size());
    metrics.writable.set(1);
    if (diskFailure != null) {
      log.info("the log is writable again, segment={}", opened.file());
      diskFailure = null;
      pauseNanos = MIN_PAUSE_NANOS;
    }
    return opened;
  }

  @SuppressWarnings("ReferenceEquality") // During a pause the first failure itself is thrown again.
  private void failed(IOException failure) {
    SegmentWriter broken = writer;
    Segments.Segment tracked = writerSegment;
    if (broken != null && tracked != null && broken.abandon()) {
      segments.remove(tracked);
    }
    writer = null;
    writerSegment = null;
    if (failure == diskFailure) {
      return;
    }
    metrics.failures.inc();
    metrics.writable.set(0);
    if (diskFailure == null) {
      log.error(
          "the log cannot be written, pushes are refused with a retryable error until it works again, folder={}"
              + " cause={}",
          folder,
          failure.toString());
    }
    diskFailure = failure;
    nextAttemptNanos = monotonicNanos.getAsLong() + pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
  }

  private static RequestException refusal(IOException failure) {
    if (isDiskFull(failure)) {
      return new RequestException(
          ErrorCategory.RESOURCE_EXHAUSTED,
          "the disk of the write-ahead log is full; please try again",
          failure);
    }
    return new RequestException(
        ErrorCategory.UNAVAILABLE,
        "the write-ahead log cannot be written; please try again",
        failure);
  }

  static boolean isDiskFull(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left") || message.contains("quota exceeded");
  }

  private void deleteSegmentsLogged() {
    try {
      recovery.copyDamaged();
    } catch (IOException e) {
      log.warn("damaged bytes still cannot be copied, folder={} cause={}", folder, e.toString());
    }
    try {
      deleteSegments();
    } catch (IOException e) {
      // They are tried again with the next range, and at start.
      log.warn(
          "segments that are in blocks could not be deleted, folder={} cause={}",
          folder,
          e.toString());
    }
  }

  private void deleteSegments() throws IOException {
    Segments.Segment current = writerSegment;
    if (current != null) {
      segments.deleteBefore(doneEnd, current);
      metrics.segments.set(segments.size());
    }
  }

  private void closeWriter() {
    SegmentWriter current = writer;
    writer = null;
    writerSegment = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // Everything in it was forced before.
        log.warn("segment could not be closed, file={} cause={}", current.file(), e.toString());
      }
    }
  }

  private static void unlock(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception e) {
      log.warn("the lock on the log could not be given back: {}", e.toString());
    }
  }

  private static final class RepeatedDone extends WalEntry.Done {
    private RepeatedDone(long endExclusive) {
      super(endExclusive);
    }

    @Override
    protected void acknowledge() {}

    @Override
    protected void fail(RequestException reason) {}
  }
}
