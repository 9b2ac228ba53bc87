package io.vivace.livestore.wal;

import io.vivace.livestore.wal.SegmentReader.Damage;
import io.vivace.livestore.wal.WalFormat.RecordHeader;
import io.vivace.livestore.wal.WalFormat.SegmentName;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was found in the log at start: the ranges that are closed but not done, and the spans since
/// the last `done`.
///
/// A disk that takes no writes is no reason not to start: what cannot be cut or set aside stays
/// where it is and is tried again. Only what cannot be read, or not be made durable, is an error.
///
/// Two passes: the first ([#scan]) checks every byte, cuts the torn tail of the last segment, sets
/// damaged places aside and learns the ranges; the second ([#replay]) hands out the spans, so that
/// a reader knows each record's range before it keeps it.
public final class WalRecovery {
  private static final Logger log = LoggerFactory.getLogger(WalRecovery.class);
  private static final String CORRUPT_FOLDER = "corrupt";
  private static final String PART_SUFFIX = ".part";
  private static final int COPY_BYTES = 64 << 10;

  private final WalDisk disk;
  private final Path folder;
  private final List<Found> found = new ArrayList<>();
  private final List<LogRange> ranges = new ArrayList<>();
  private final ArrayDeque<NotCopied> notCopied = new ArrayDeque<>();
  private long doneEnd;
  private long nextSequence = 1;
  private int damagedPlaces;

  private WalRecovery(WalDisk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  private record Found(Path file, SegmentName name, Segments.Segment segment) {}

  private record NotCopied(Found segment, Damage damage, Path copy) {}

  /// Receives the spans of the log in order.
  @FunctionalInterface
  public interface SpanVisitor {
    /// Takes one push.
    ///
    /// @param payload a push record, owned by the receiver
    void data(TenantId tenant, byte[] payload, long sequence, long arrivalEpochNanos)
        throws IOException;
  }

  static WalRecovery scan(WalDisk disk, Path folder, Segments segments) throws IOException {
    WalRecovery recovery = new WalRecovery(disk, folder);
    recovery.scan(segments);
    return recovery;
  }

  private void scan(Segments segments) throws IOException {
    for (String fileName : disk.list(folder)) {
      SegmentName name = SegmentName.parse(fileName);
      if (name != null) {
        Path file = folder.resolve(fileName);
        found.add(new Found(file, name, segments.add(file)));
      }
    }
    // What is read below is acted upon: blocks are written and spans counted as kept because of it.
    // It may be in memory
    // only, written by a process that was stopped before its force.
    for (Found segment : found) {
      disk.force(segment.file());
    }
    disk.forceDirectory(folder);
    for (int i = 0; i < found.size(); i++) {
      scanSegment(found.get(i), i == found.size() - 1);
    }
    ranges.removeIf(range -> range.endExclusive() <= doneEnd);
    ranges.sort(Comparator.comparingLong(LogRange::endExclusive));
    nextSequence = Math.max(nextSequence, doneEnd);
  }

  private void scanSegment(Found segment, boolean isLast) throws IOException {
    nextSequence = Math.max(nextSequence, segment.name().baseSequence());
    SegmentReader.Result result =
        SegmentReader.read(
            disk,
            segment.file(),
            segment.name(),
            (header, tenant, payload) -> note(segment.segment(), header, payload));
    for (Damage damage : result.damage()) {
      setAside(segment, damage);
    }
    if (result.validEnd() == result.fileSize()) {
      return;
    }
    if (isLast) {
      cut(segment.file(), result);
    } else {
      setAside(segment, new Damage(result.validEnd(), result.fileSize()));
    }
  }

  private void cut(Path file, SegmentReader.Result result) {
    log.info(
        "cutting {} bytes behind the last whole record of the log, file={}",
        result.fileSize() - result.validEnd(),
        file);
    try {
      disk.truncate(file, result.validEnd());
    } catch (IOException e) {
      // Nothing is written behind it, so the next start finds the same bytes and sets them aside.
      log.warn(
          "the end of the log could not be cut, which the next start tries again, file={} cause={}",
          file,
          e.toString());
    }
  }

  private void note(Segments.Segment segment, RecordHeader header, byte[] payload) {
    nextSequence = Math.max(nextSequence, header.sequence() + 1);
    switch (header.type()) {
      case WalFormat.DATA -> segment.need(header.sequence() + 1);
      case WalFormat.CLOSE -> {
        LogRange range = LogRange.decode(payload);
        segment.need(range.endExclusive());
        // An earlier close that overlaps this one failed in the eyes of the process that wrote it
        // and was repeated.
        ranges.removeIf(earlier ->
            earlier.endExclusive() > range.startInclusive()
                && earlier.startInclusive() < range.endExclusive());
        ranges.add(range);
      }
      case WalFormat.DONE -> doneEnd = Math.max(doneEnd, WalEntry.Done.decode(payload));
      default -> throw new IllegalStateException("record type " + header.type());
    }
  }

  private void setAside(Found segment, Damage damage) {
    damagedPlaces++;
    Path file = segment.file();
    Path copy =
        folder
            .resolve(CORRUPT_FOLDER)
            .resolve(file.getFileName() + "." + damage.start() + "-" + damage.end());
    log.error(
        "damaged bytes in the log are set aside, the rest serves, file={} from={} to={} copy={}",
        file,
        damage.start(),
        damage.end(),
        copy);
    try {
      copy(file, damage, copy);
    } catch (IOException e) {
      log.warn(
          "damaged bytes could not be copied, which is tried again, file={} cause={}",
          file,
          e.toString());
      segment.segment().keep();
      notCopied.add(new NotCopied(segment, damage, copy));
    }
  }

  /// Tries again to copy the damaged bytes that could not be copied; segments with such bytes are
  /// kept until then.
  void copyDamaged() throws IOException {
    while (!notCopied.isEmpty()) {
      NotCopied next = notCopied.getFirst();
      copy(next.segment().file(), next.damage(), next.copy());
      next.segment().segment().release();
      notCopied.removeFirst();
    }
  }

  private void copy(Path segment, Damage damage, Path target) throws IOException {
    Path corruptFolder = folder.resolve(CORRUPT_FOLDER);
    disk.createDirectories(corruptFolder);
    List<String> names = disk.list(corruptFolder);
    if (names.contains(target.getFileName().toString())) {
      return;
    }
    Path part = corruptFolder.resolve(target.getFileName() + PART_SUFFIX);
    if (names.contains(part.getFileName().toString())) {
      disk.delete(part);
    }
    try (WalDisk.Appender copy = disk.create(part)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      long position = damage.start();
      while (position < damage.end()) {
        buffer.clear().limit((int) Math.min(COPY_BYTES, damage.end() - position));
        int count = disk.read(segment, position, buffer);
        if (count == 0) {
          break;
        }
        position += count;
        copy.write(buffer.flip());
      }
      copy.force();
    }
    disk.rename(part, target);
    disk.forceDirectory(corruptFolder);
  }

  /// Behind everything that is known to be in blocks; 0 if nothing is.
  public long doneEnd() {
    return doneEnd;
  }

  /// The closed ranges that are not done, in order.
  public List<LogRange> ranges() {
    return List.copyOf(ranges);
  }

  /// Damaged places that were set aside.
  public int damagedPlaces() {
    return damagedPlaces;
  }

  long nextSequence() {
    return nextSequence;
  }

  /// Hands out the spans that are not known to be in blocks.
  public void replay(SpanVisitor visitor) throws IOException {
    for (Found segment : found) {
      if (segment.segment().isNeededAfter(doneEnd)) {
        SegmentReader.read(
            disk,
            segment.file(),
            segment.name(),
            (header, tenant, payload) -> {
              if (header.type() == WalFormat.DATA && header.sequence() >= doneEnd) {
                visitData(visitor, header, tenant, payload);
              }
            });
      }
    }
  }

  private static void visitData(
      SpanVisitor visitor, RecordHeader header, byte[] tenant, byte[] payload) throws IOException {
    TenantId id;
    try {
      id = new TenantId(new String(tenant, StandardCharsets.US_ASCII));
    } catch (RequestException e) {
      // Its checksum is right, so another version wrote it; nothing can be done with it here.
      log.error(
          "record {} of the log names no valid tenant and is skipped: {}",
          header.sequence(),
          e.getMessage());
      return;
    }
    visitor.data(id, payload, header.sequence(), header.arrivalEpochNanos());
  }
}
