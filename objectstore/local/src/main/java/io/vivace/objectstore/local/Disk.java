package io.vivace.objectstore.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Every file operation by which [LocalObjectStore] changes the disk, so that a test can stop or
/// fail each of them.
public interface Disk {
  /// Creates a file that must not exist.
  DiskFile create(Path path) throws IOException;

  /// Creates one directory; [java.nio.file.FileAlreadyExistsException] if there is something.
  void createDirectory(Path path) throws IOException;

  /// Makes the entries of a directory durable.
  void forceDirectory(Path path) throws IOException;

  /// Moves a file over `target`, atomically.
  void replace(Path source, Path target) throws IOException;

  /// Gives a file a second name; [java.nio.file.FileAlreadyExistsException] if the name is taken.
  void link(Path existing, Path newName) throws IOException;

  /// Removes a file or an empty directory; nothing happens if there is none.
  void delete(Path path) throws IOException;

  /// The operating system's files.
  static Disk system() {
    return new SystemDisk();
  }

  /// A file that is being written from its start.
  interface DiskFile extends Closeable {
    void write(byte[] bytes, int offset, int length) throws IOException;

    /// Makes what was written durable.
    void force() throws IOException;
  }
}

final class SystemDisk implements Disk {
  @Override
  public DiskFile create(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new SystemFile(channel);
  }

  @Override
  public void createDirectory(Path path) throws IOException {
    Files.createDirectory(path);
  }

  @Override
  public void forceDirectory(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void replace(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void link(Path existing, Path newName) throws IOException {
    Files.createLink(newName, existing);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  private record SystemFile(FileChannel channel) implements DiskFile {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
