package io.vivace.livestore.wal;

import io.vivace.livestore.wal.WalFormat.RecordHeader;
import io.vivace.livestore.wal.WalFormat.SegmentName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;

/// The segment that is being written. Confined to the log's thread. After any failure it is not to
/// be used any more but for [#abandon].
final class SegmentWriter {
  private static final SecureRandom SALTS = new SecureRandom();

  private final WalDisk disk;
  private final SegmentName name;
  private final Path file;
  private final WalDisk.Appender appender;
  private final ByteBuffer buffer;
  private final ByteBuffer header =
      ByteBuffer.allocate(WalFormat.RECORD_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long writtenBytes;
  private long forcedBytes;

  private SegmentWriter(
      WalDisk disk, SegmentName name, Path file, WalDisk.Appender appender, ByteBuffer buffer) {
    this.disk = disk;
    this.name = name;
    this.file = file;
    this.appender = appender;
    this.buffer = buffer;
  }

  /// Creates a segment whose records begin at `baseSequence`; its name is durable on return.
  ///
  /// @param buffer collects bytes before they go to the disk; used by one segment at a time
  static SegmentWriter create(WalDisk disk, Path folder, long baseSequence, ByteBuffer buffer)
      throws IOException {
    SegmentName name = new SegmentName(baseSequence, SALTS.nextLong());
    Path file = folder.resolve(name.fileName());
    WalDisk.Appender appender = disk.create(file);
    SegmentWriter writer = new SegmentWriter(disk, name, file, appender, buffer);
    boolean isComplete = false;
    try {
      buffer.clear();
      WalFormat.putSegmentHeader(buffer, name);
      writer.writtenBytes = WalFormat.SEGMENT_HEADER_BYTES;
      writer.force();
      disk.forceDirectory(folder);
      isComplete = true;
      return writer;
    } finally {
      if (!isComplete) {
        writer.forcedBytes = 0;
        writer.abandon();
      }
    }
  }

  Path file() {
    return file;
  }

  long baseSequence() {
    return name.baseSequence();
  }

  /// Bytes in the segment, those in the buffer included.
  long sizeBytes() {
    return writtenBytes;
  }

  void append(WalEntry entry, long sequence) throws IOException {
    byte[] tenant = entry.tenantBytes();
    byte[] payload = entry.payload(sequence);
    header.clear();
    WalFormat.putRecordHeader(
        header,
        name.salt() + writtenBytes,
        new RecordHeader(
            entry.type(),
            tenant.length,
            payload.length,
            WalFormat.bodyCrc(tenant, payload),
            sequence,
            entry.arrivalEpochNanos()));
    put(header.array());
    put(tenant);
    put(payload);
  }

  private void put(byte[] bytes) throws IOException {
    int offset = 0;
    while (offset < bytes.length) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), bytes.length - offset);
      buffer.put(bytes, offset, count);
      offset += count;
    }
    writtenBytes += bytes.length;
  }

  private void flush() throws IOException {
    buffer.flip();
    appender.write(buffer);
    buffer.clear();
  }

  /// Makes everything appended durable.
  void force() throws IOException {
    if (buffer.position() > 0) {
      flush();
    }
    appender.force();
    forcedBytes = writtenBytes;
  }

  void close() throws IOException {
    appender.close();
  }

  /// Gives the segment up after a failure: what was not forced is cut off as far as the disk lets
  /// us; a segment with nothing but its header is deleted. True if the file is gone.
  boolean abandon() {
    buffer.clear();
    try {
      appender.close();
    } catch (IOException e) {
      // The descriptor is of no use any more; what counts is what was forced before.
    }
    try {
      if (forcedBytes <= WalFormat.SEGMENT_HEADER_BYTES) {
        disk.delete(file);
        return true;
      }
      disk.truncate(file, forcedBytes);
    } catch (IOException e) {
      // Recovery finds the torn tail and sets it aside.
    }
    return false;
  }
}
