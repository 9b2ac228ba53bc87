package io.vivace.objectstore.local;

import io.vivace.objectstore.ObjectInfo;
import io.vivace.objectstore.ObjectKeys;
import io.vivace.objectstore.ObjectListing;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.ObjectUpload;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// Objects as files below one directory; the key is the relative path, so the tree is the one that
/// Tempo's local backend has.
///
/// A write goes to a temporary file beside the target, is forced, moved over the target atomically,
/// and the directories are forced. Temporary files of a crash are never listed or read;
/// [#sweepLeftovers] deletes them. Directories that become empty by [#delete] are removed.
public final class LocalObjectStore implements ObjectStore {
  private static final String TEMPORARY_PREFIX = ".vivace-upload-";
  private static final int MAX_OBJECT_BYTES = Integer.MAX_VALUE - 16;
  private static final int DIRECTORY_ATTEMPTS = 100;

  private static final int MAX_REMEMBERED_DIRECTORIES = 1024;

  private final Path root;
  private final Disk disk;

  /// Held while directories come and go, so that what is remembered of them is true.
  private final ReentrantLock directoriesLock = new ReentrantLock();

  /// Directories whose names, up to the top, this process has made durable; the latest ones.
  private final Set<Path> durableDirectories =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
              return size() > MAX_REMEMBERED_DIRECTORIES;
            }
          });

  /// @param root created with its parents if missing
  public LocalObjectStore(Path root) throws IOException {
    this(root, Disk.system());
  }

  public LocalObjectStore(Path root, Disk disk) throws IOException {
    this.root = root.toAbsolutePath().normalize();
    this.disk = disk;
    createDirectories(this.root);
  }

  public Path root() {
    return root;
  }

  @Override
  public void put(String key, byte[] bytes) throws IOException {
    try (ObjectUpload upload = upload(key)) {
      upload.write(bytes, 0, bytes.length);
      upload.commit();
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) throws IOException {
    Path target = path(key);
    if (Files.exists(target)) {
      try {
        forceNames(target);
        return false;
      } catch (NoSuchFileException e) {
        // Deleted since; so it is absent.
      }
    }
    LocalUpload upload = open(target);
    try (upload) {
      upload.write(bytes, 0, bytes.length);
      return upload.commitIfAbsent();
    }
  }

  @Override
  public ObjectUpload upload(String key) throws IOException {
    return open(path(key));
  }

  private LocalUpload open(Path target) throws IOException {
    Path directory = parent(target);
    for (int attempt = 1; ; attempt++) {
      Path temporary = directory.resolve(TEMPORARY_PREFIX + UUID.randomUUID());
      try {
        createDirectories(directory);
        return new LocalUpload(disk.create(temporary), temporary, target);
      } catch (NoSuchFileException e) {
        // A concurrent delete removed the directory, or one above it, while it was still empty.
        if (attempt == DIRECTORY_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @Override
  public byte[] get(String key) throws IOException {
    try (FileChannel channel = openForRead(key)) {
      long size = channel.size();
      if (size > MAX_OBJECT_BYTES) {
        throw new IOException("object too large to be read whole: " + key + ", " + size + " bytes");
      }
      byte[] bytes = new byte[(int) size];
      readFully(channel, key, 0, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }

  @Override
  public void read(String key, long position, byte[] target, int offset, int length)
      throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("position: " + position + " (expected: >= 0)");
    }
    ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
    try (FileChannel channel = openForRead(key)) {
      readFully(channel, key, position, buffer);
    }
  }

  private FileChannel openForRead(String key) throws IOException {
    Path path = path(key);
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      if (Files.isDirectory(path)) {
        channel.close();
        throw new ObjectNotFoundException(key);
      }
      return channel;
    } catch (IOException e) {
      throw translate(key, path, e);
    }
  }

  private static IOException translate(String key, Path path, IOException e) {
    boolean isMissing = e instanceof NoSuchFileException || !Files.exists(path);
    if (isMissing && !(e instanceof ObjectNotFoundException)) {
      ObjectNotFoundException missing = new ObjectNotFoundException(key);
      missing.initCause(e);
      return missing;
    }
    return e;
  }

  private static void readFully(FileChannel channel, String key, long position, ByteBuffer buffer)
      throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new EOFException(
            "object "
                + key
                + " ends at "
                + channel.size()
                + ", "
                + buffer.remaining()
                + " bytes before the end of the range");
      }
      at += count;
    }
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws IOException {
    Path path = path(key);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile() ? Optional.of(info(key, attributes)) : Optional.empty();
    } catch (IOException e) {
      if (translate(key, path, e) instanceof ObjectNotFoundException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ObjectInfo info(String key, BasicFileAttributes attributes) {
    return new ObjectInfo(key, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  @Override
  public ObjectListing list(String prefix, ListMode mode) throws IOException {
    int slash = prefix.lastIndexOf('/');
    String directoryKey = prefix.substring(0, slash + 1);
    String namePrefix = prefix.substring(slash + 1);
    List<ObjectInfo> objects = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    if (isDirectoryKey(directoryKey)) {
      Path directory = directoryKey.isEmpty() ? root : root.resolve(directoryKey);
      collect(directory, directoryKey, namePrefix, mode, objects, prefixes);
    }
    objects.sort(Comparator.comparing(ObjectInfo::key));
    prefixes.sort(Comparator.naturalOrder());
    return new ObjectListing(objects, prefixes);
  }

  private static boolean isDirectoryKey(String key) {
    int start = 0;
    while (start < key.length()) {
      int slash = key.indexOf('/', start);
      if (!ObjectKeys.isSegment(key, start, slash)) {
        return false;
      }
      start = slash + 1;
    }
    return true;
  }

  private static void collect(
      Path directory,
      String directoryKey,
      String namePrefix,
      ListMode mode,
      List<ObjectInfo> objects,
      List<String> prefixes)
      throws IOException {
    for (Path child : children(directory)) {
      String name = child.getFileName().toString();
      if (!name.startsWith(namePrefix) || isTemporary(name)) {
        continue;
      }
      BasicFileAttributes attributes;
      try {
        attributes = Files.readAttributes(child, BasicFileAttributes.class);
      } catch (NoSuchFileException e) {
        continue;
      }
      String key = directoryKey + name;
      if (attributes.isRegularFile()) {
        objects.add(info(key, attributes));
      } else if (attributes.isDirectory()) {
        if (mode == ListMode.RECURSIVE) {
          collect(child, key + "/", "", mode, objects, prefixes);
        } else if (holdsObject(child)) {
          prefixes.add(key + "/");
        }
      }
    }
  }

  private static boolean holdsObject(Path directory) throws IOException {
    Deque<Path> open = new ArrayDeque<>();
    open.push(directory);
    while (!open.isEmpty()) {
      for (Path child : children(open.pop())) {
        if (Files.isDirectory(child)) {
          open.push(child);
        } else if (!isTemporary(child.getFileName().toString())) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return children;
  }

  @Override
  public void makeDurable(String key) throws IOException {
    forceNames(path(key));
  }

  /// The bytes of an object are forced before it gets its name, so the names are all that can be
  /// missing.
  private void forceNames(Path target) throws IOException {
    Path directory = parent(target);
    disk.forceDirectory(directory);
    createDirectories(directory);
  }

  @Override
  public void delete(String key) throws IOException {
    Path path = path(key);
    if (Files.isDirectory(path)) {
      return;
    }
    Path directory = parent(path);
    try {
      disk.delete(path);
      if (!Files.isDirectory(directory)) {
        return;
      }
      disk.forceDirectory(directory);
    } catch (NoSuchFileException e) {
      return;
    }
    removeEmpty(directory);
  }

  private void removeEmpty(Path directory) throws IOException {
    directoriesLock.lock();
    try {
      Path current = directory;
      while (!current.equals(root)) {
        try {
          disk.delete(current);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
          return;
        }
        durableDirectories.remove(current);
        current = parent(current);
      }
    } finally {
      directoriesLock.unlock();
    }
  }

  /// Deletes temporary files that were last written before `before`. Call it when no other process
  /// can still be writing them, or with a generous age.
  ///
  /// @return how many were deleted
  public int sweepLeftovers(Instant before) throws IOException {
    int count = 0;
    Deque<Path> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Path directory = open.pop();
      for (Path child : children(directory)) {
        if (Files.isDirectory(child)) {
          open.push(child);
        } else if (isTemporary(child.getFileName().toString()) && isOlder(child, before)) {
          disk.delete(child);
          removeEmpty(directory);
          count++;
        }
      }
    }
    return count;
  }

  private static boolean isOlder(Path file, Instant before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() {}

  private Path path(String key) {
    ObjectKeys.check(key);
    Path path = root.resolve(key);
    if (isTemporary(path.getFileName().toString())) {
      throw new IllegalArgumentException(
          "object key: '"
              + key
              + "' (expected: a name that does not begin with "
              + TEMPORARY_PREFIX
              + ")");
    }
    return path;
  }

  private static boolean isTemporary(String name) {
    return name.startsWith(TEMPORARY_PREFIX);
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("path: " + path + " (expected: one with a parent)");
    }
    return parent;
  }

  /// Creates missing directories and makes the entries of all of them durable, from the top down. A
  /// directory that exists counts as durable only if this process has made it so: whoever created
  /// it may have been stopped before.
  private void createDirectories(Path directory) throws IOException {
    directoriesLock.lock();
    try {
      ensureDirectory(directory);
    } finally {
      directoriesLock.unlock();
    }
  }

  private void ensureDirectory(Path directory) throws IOException {
    boolean isThere = Files.isDirectory(directory);
    if (isThere && durableDirectories.contains(directory)) {
      return;
    }
    Path above = directory.getParent();
    if (above == null) {
      return;
    }
    ensureDirectory(above);
    if (!isThere) {
      try {
        disk.createDirectory(directory);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw e;
        }
      }
    }
    try {
      disk.forceDirectory(above);
    } catch (IOException e) {
      if (!isThere || !isBeyondForce(e)) {
        throw e;
      }
    }
    durableDirectories.add(directory);
  }

  /// A folder that this process may not open is none in which a process like it created something,
  /// and a file system that knows no force of folders (EINVAL) has nothing to make durable.
  private static boolean isBeyondForce(IOException failure) {
    return failure instanceof AccessDeniedException
        || "Invalid argument".equals(failure.getMessage());
  }

  private final class LocalUpload implements ObjectUpload {
    private final Disk.DiskFile file;
    private final Path temporary;
    private final Path target;
    private long size;
    private boolean isFinished;

    LocalUpload(Disk.DiskFile file, Path temporary, Path target) {
      this.file = file;
      this.temporary = temporary;
      this.target = target;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (isFinished) {
        throw new IllegalStateException("upload is finished");
      }
      file.write(bytes, offset, length);
      size += length;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void commit() throws IOException {
      complete();
      disk.replace(temporary, target);
      isFinished = true;
      disk.forceDirectory(parent(target));
    }

    boolean commitIfAbsent() throws IOException {
      complete();
      try {
        disk.link(temporary, target);
      } catch (FileAlreadyExistsException e) {
        forceNames(target);
        return false;
      }
      disk.forceDirectory(parent(target));
      return true;
    }

    private void complete() throws IOException {
      if (isFinished) {
        throw new IllegalStateException("upload is finished");
      }
      file.force();
      file.close();
    }

    @Override
    public void close() throws IOException {
      if (isFinished) {
        return;
      }
      isFinished = true;
      try {
        file.close();
      } finally {
        disk.delete(temporary);
        removeEmpty(parent(target));
      }
    }
  }
}
