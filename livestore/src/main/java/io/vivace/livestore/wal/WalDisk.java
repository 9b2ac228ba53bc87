package io.vivace.livestore.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// All file operations of the write path, so that tests can count, fail, delay and stop each one.
/// Operations block; failures are [IOException]s ([java.nio.file.FileAlreadyExistsException] and
/// [java.nio.file.NoSuchFileException] where they say so).
///
/// Nothing is durable before it is forced: bytes by [Appender#force], created, renamed and deleted
/// names by [#forceDirectory] of the folder that holds them.
public interface WalDisk {
  /// Creates a folder and its missing parents, durably.
  void createDirectories(Path directory) throws IOException;

  /// Creates a new, empty file; an existing one is a [java.nio.file.FileAlreadyExistsException].
  Appender create(Path file) throws IOException;

  /// Makes the names in a folder durable.
  void forceDirectory(Path directory) throws IOException;

  /// Makes the bytes of a file durable, whoever wrote them.
  void force(Path file) throws IOException;

  /// Renames within one folder, replacing the target.
  void rename(Path from, Path to) throws IOException;

  void delete(Path file) throws IOException;

  /// Names in a folder in ascending order.
  List<String> list(Path directory) throws IOException;

  /// Size in bytes.
  long size(Path file) throws IOException;

  /// Fills `target` from `position` on as far as the file reaches; returns the number of bytes
  /// read, 0 at the end.
  int read(Path file, long position, ByteBuffer target) throws IOException;

  /// Cuts a file to `sizeBytes` and forces it.
  void truncate(Path file, long sizeBytes) throws IOException;

  /// Takes the operating system's lock on a file and writes `content` into it as far as there is
  /// space. If another process holds it: [WalLockedException] with the content that the holder
  /// wrote.
  AutoCloseable lock(Path file, String content) throws IOException;

  /// A file that is being written. Confined to one thread.
  interface Appender extends AutoCloseable {
    /// Appends all remaining bytes of `bytes`.
    void write(ByteBuffer bytes) throws IOException;

    /// Makes everything written so far durable.
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
