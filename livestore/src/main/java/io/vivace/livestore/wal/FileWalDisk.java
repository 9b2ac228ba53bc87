package io.vivace.livestore.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file system of this machine. Stateless, thread-safe.
public class FileWalDisk implements WalDisk {
  private static final int MAX_LOCK_CONTENT_BYTES = 256;

  @Override
  public void createDirectories(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent == null) {
      return;
    }
    createDirectories(parent);
    boolean isThere = Files.isDirectory(directory);
    if (!isThere) {
      Files.createDirectory(directory);
    }
    // Also for one that exists: who created it may have been stopped before its name was durable.
    try {
      forceDirectory(parent);
    } catch (IOException e) {
      if (!isThere || !isBeyondForce(e)) {
        throw e;
      }
    }
  }

  /// A folder that this process may not open is none in which a process like it created something,
  /// and a file system that knows no force of folders (EINVAL) has nothing to make durable.
  private static boolean isBeyondForce(IOException failure) {
    return failure instanceof AccessDeniedException
        || "Invalid argument".equals(failure.getMessage());
  }

  @Override
  public Appender create(Path file) throws IOException {
    return new ChannelAppender(
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void force(Path file) throws IOException {
    // Reading is enough to force, and works on a disk that takes no writes.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.delete(file);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public int read(Path file, long position, ByteBuffer target) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int total = 0;
      while (target.hasRemaining()) {
        int count = channel.read(target, position + total);
        if (count < 0) {
          break;
        }
        total += count;
      }
      return total;
    }
  }

  @Override
  public void truncate(Path file, long sizeBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(sizeBytes);
      channel.force(true);
    }
  }

  @Override
  public AutoCloseable lock(Path file, String content) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean isLocked = false;
    try {
      @Nullable FileLock lock = tryLock(channel);
      if (lock == null) {
        throw new WalLockedException(file, readHolder(channel));
      }
      isLocked = true;
      try {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
      } catch (IOException e) {
        // A full disk: the lock holds all the same, only its holder stays unnamed.
      }
      // Closing the channel gives the lock back; so does the end of the process, however it ends.
      return channel;
    } finally {
      if (!isLocked) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This process has it already, which is as much in use as by another one.
      return null;
    }
  }

  private static String readHolder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_LOCK_CONTENT_BYTES);
    int count = channel.read(buffer, 0);
    String text =
        count <= 0 ? "" : new String(buffer.array(), 0, count, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "unknown" : text;
  }

  private static final class ChannelAppender implements Appender {
    private final FileChannel channel;

    private ChannelAppender(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      // Sizes are forced with the data, other metadata is not needed.
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
