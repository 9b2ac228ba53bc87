package io.vivace.livestore.wal;

import io.vivace.livestore.wal.WalFormat.RecordHeader;
import io.vivace.livestore.wal.WalFormat.SegmentName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a segment from the beginning, record by record, over damaged places. Memory: one window
/// and one record.
final class SegmentReader {
  private static final int WINDOW_BYTES = 256 << 10;

  private final WalDisk disk;
  private final Path file;
  private final SegmentName name;
  private final long fileSize;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long windowStart;

  private SegmentReader(WalDisk disk, Path file, SegmentName name, long fileSize) {
    this.disk = disk;
    this.file = file;
    this.name = name;
    this.fileSize = fileSize;
    window.limit(0);
  }

  /// Receives the valid records in order.
  @FunctionalInterface
  interface Visitor {
    void record(RecordHeader header, byte[] tenant, byte[] payload) throws IOException;
  }

  /// Bytes `[start, end)` of a segment that are not valid records.
  record Damage(long start, long end) {}

  /// What a segment holds.
  ///
  /// @param validEnd behind the last valid record; the segment header's end if there is none
  /// @param damage damaged places before `validEnd`
  record Result(long validEnd, long fileSize, List<Damage> damage) {}

  static Result read(WalDisk disk, Path file, SegmentName name, Visitor visitor)
      throws IOException {
    return new SegmentReader(disk, file, name, disk.size(file)).read(visitor);
  }

  private Result read(Visitor visitor) throws IOException {
    List<Damage> damage = new ArrayList<>();
    long validEnd = Math.min(WalFormat.SEGMENT_HEADER_BYTES, fileSize);
    long lastSequence = name.baseSequence() - 1;
    fill(0);
    boolean isHeaderDamaged = !WalFormat.isSegmentHeader(window.slice(), name);
    long position = WalFormat.SEGMENT_HEADER_BYTES;
    long damageStart = isHeaderDamaged ? 0 : -1;
    while (position < fileSize) {
      @Nullable RecordHeader header = headerAt(position);
      if (header == null
          || header.sequence() <= lastSequence
          || header.totalBytes() > fileSize - position) {
        damageStart = damageStart < 0 ? position : damageStart;
        position = nextMagic(position + 1);
        continue;
      }
      byte[] tenant = bytesAt(position + WalFormat.RECORD_HEADER_BYTES, header.tenantLength());
      byte[] payload =
          bytesAt(
              position + WalFormat.RECORD_HEADER_BYTES + header.tenantLength(),
              header.payloadLength());
      if (!isBodyValid(header, tenant, payload)) {
        // The header vouches for the length, so the next record is looked for behind this one.
        damageStart = damageStart < 0 ? position : damageStart;
        position += header.totalBytes();
        continue;
      }
      if (damageStart >= 0) {
        damage.add(new Damage(damageStart, position));
        damageStart = -1;
      }
      visitor.record(header, tenant, payload);
      lastSequence = header.sequence();
      position += header.totalBytes();
      validEnd = position;
    }
    return new Result(validEnd, fileSize, damage);
  }

  private static boolean isBodyValid(RecordHeader header, byte[] tenant, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(tenant, 0, tenant.length);
    crc.update(payload, 0, payload.length);
    return (int) crc.getValue() == header.bodyCrc();
  }

  private @Nullable RecordHeader headerAt(long position) throws IOException {
    if (fileSize - position < WalFormat.RECORD_HEADER_BYTES) {
      return null;
    }
    if (!isInWindow(position, WalFormat.RECORD_HEADER_BYTES)) {
      fill(position);
    }
    return WalFormat.recordHeaderAt(window, (int) (position - windowStart), name.salt() + position);
  }

  /// The next position from `from` on where a record may begin, or the end of the file.
  private long nextMagic(long from) throws IOException {
    long position = from;
    while (fileSize - position >= WalFormat.RECORD_HEADER_BYTES) {
      if (!isInWindow(position, Integer.BYTES)) {
        fill(position);
      }
      int last = window.limit() - Integer.BYTES;
      for (int i = (int) (position - windowStart); i <= last; i++) {
        if (window.getInt(i) == WalFormat.RECORD_MAGIC) {
          return windowStart + i;
        }
      }
      position = windowStart + Math.max(last + 1, position - windowStart + 1);
    }
    return fileSize;
  }

  private byte[] bytesAt(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (isInWindow(position, length)) {
      window.get((int) (position - windowStart), bytes, 0, length);
      return bytes;
    }
    if (disk.read(file, position, ByteBuffer.wrap(bytes)) != length) {
      throw new IOException("segment ended while it was read: " + file);
    }
    return bytes;
  }

  private boolean isInWindow(long position, int length) {
    return position >= windowStart && position + length <= windowStart + window.limit();
  }

  private void fill(long position) throws IOException {
    window.clear();
    window.limit((int) Math.min(WINDOW_BYTES, fileSize - position));
    int count = disk.read(file, position, window);
    window.limit(count).position(0);
    windowStart = position;
  }
}
