package io.vivace.livestore.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A disk in memory that knows what a power cut would leave: bytes that were forced, under names
/// whose folder was forced. Every operation goes through [Faults], which can fail it or stop the
/// process there.
///
/// As on a real disk, bytes that were dirty when a force failed are gone even if a later force
/// succeeds.
public final class SimulatedDisk implements WalDisk {
  private final Faults faults;
  private final Set<Path> directories = new HashSet<>();
  private final Map<Path, Inode> names = new TreeMap<>();
  private final Map<Path, Inode> durableNames = new TreeMap<>();
  private final Set<Path> locks = new HashSet<>();
  private long capacityBytes = Long.MAX_VALUE;
  private volatile Runnable beforeForce = () -> {};

  public SimulatedDisk(Faults faults) {
    this.faults = faults;
  }

  /// What of a crashed machine's unforced state survives.
  public enum Keep {
    /// Only what was forced: a power cut at the worst moment.
    FORCED,
    /// Everything, forced or not as it was: the process was killed, the machine went on.
    ALL,
    /// Some names, and some first bytes.
    SOME
  }

  private static final class Inode {
    private byte[] bytes = new byte[256];
    private int length;
    private int forcedLength;
    private final List<int[]> lost = new ArrayList<>();

    private void append(ByteBuffer source, int count) {
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
      }
      source.get(bytes, length, count);
      length += count;
    }

    private Inode unforcedImage() {
      Inode image = image(length);
      image.forcedLength = Math.min(length, forcedLength);
      return image;
    }

    private Inode image(int keptLength) {
      Inode image = new Inode();
      image.bytes = Arrays.copyOf(bytes, Math.max(1, keptLength));
      image.length = keptLength;
      image.forcedLength = keptLength;
      for (int[] hole : lost) {
        if (hole[0] < keptLength) {
          Arrays.fill(image.bytes, hole[0], Math.min(hole[1], keptLength), (byte) 0);
        }
      }
      return image;
    }
  }

  /// The disk after a crash, as the next process finds it.
  public synchronized SimulatedDisk afterCrash(Keep keep, Random random, Faults nextFaults) {
    SimulatedDisk next = new SimulatedDisk(nextFaults);
    next.directories.addAll(directories);
    Map<Inode, Inode> images = new HashMap<>();
    if (keep == Keep.ALL) {
      // The machine goes on, and what was not forced is not forced yet.
      names.forEach((path, inode) ->
          next.names.put(path, images.computeIfAbsent(inode, Inode::unforcedImage)));
      durableNames.forEach((path, inode) ->
          next.durableNames.put(path, images.computeIfAbsent(inode, Inode::unforcedImage)));
      return next;
    }
    Map<Path, Inode> kept = new TreeMap<>(durableNames);
    if (keep == Keep.SOME) {
      Set<Path> all = new HashSet<>(names.keySet());
      all.addAll(durableNames.keySet());
      for (Path path : new java.util.TreeSet<>(all)) {
        Inode now = random.nextBoolean() ? names.get(path) : durableNames.get(path);
        if (now == null) {
          kept.remove(path);
        } else {
          kept.put(path, now);
        }
      }
    }
    for (Map.Entry<Path, Inode> entry : kept.entrySet()) {
      Inode inode = entry.getValue();
      int length =
          switch (keep) {
            case FORCED -> inode.forcedLength;
            case ALL, SOME ->
                inode.forcedLength >= inode.length
                    ? inode.length
                    : inode.forcedLength + random.nextInt(inode.length - inode.forcedLength + 1);
          };
      Inode image = images.computeIfAbsent(inode, i -> i.image(length));
      next.names.put(entry.getKey(), image);
      next.durableNames.put(entry.getKey(), image);
    }
    return next;
  }

  public synchronized void setCapacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  public synchronized long usedBytes() {
    long used = 0;
    for (Inode inode : new HashSet<>(names.values())) {
      used += inode.length;
    }
    return used;
  }

  /// Runs before every force of bytes, outside of locks: may wait.
  public void setBeforeForce(Runnable step) {
    beforeForce = step;
  }

  /// Names in a folder, without counting as an operation.
  public synchronized List<String> names(Path directory) {
    List<String> found = new ArrayList<>();
    for (Path path : names.keySet()) {
      if (directory.equals(path.getParent())) {
        found.add(path.getFileName().toString());
      }
    }
    return found;
  }

  /// A file's bytes, forced or not.
  public synchronized byte[] bytes(Path file) {
    Inode inode = names.get(file);
    return inode == null ? new byte[0] : Arrays.copyOf(inode.bytes, inode.length);
  }

  /// Puts a durable file there.
  public synchronized void put(Path file, byte[] bytes) {
    Inode inode = new Inode();
    inode.append(ByteBuffer.wrap(bytes), bytes.length);
    inode.forcedLength = bytes.length;
    directories.add(file.getParent());
    names.put(file, inode);
    durableNames.put(file, inode);
  }

  /// Bytes of all files that are forced, under forced names.
  public synchronized long forcedBytes() {
    long forced = 0;
    for (Inode inode : durableNames.values()) {
      forced += inode.forcedLength;
    }
    return forced;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    faults.run("create folder " + directory, () -> addDirectories(directory));
  }

  private synchronized void addDirectories(Path directory) {
    for (Path path = directory; path != null; path = path.getParent()) {
      directories.add(path);
    }
  }

  @Override
  public Appender create(Path file) throws IOException {
    return faults.call("create " + file.getFileName(), () -> createNow(file));
  }

  private synchronized Appender createNow(Path file) throws IOException {
    if (!directories.contains(file.getParent())) {
      throw new NoSuchFileException(file.toString());
    }
    if (names.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Inode inode = new Inode();
    names.put(file, inode);
    return new SimulatedAppender(file, inode);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    faults.run("force folder " + directory.getFileName(), () -> forceNames(directory));
  }

  private synchronized void forceNames(Path directory) {
    durableNames
        .keySet()
        .removeIf(path -> directory.equals(path.getParent()) && !names.containsKey(path));
    names.forEach((path, inode) -> {
      if (directory.equals(path.getParent())) {
        durableNames.put(path, inode);
      }
    });
  }

  @Override
  public void force(Path file) throws IOException {
    faults.run("force " + file.getFileName(), () -> forceBytes(file));
  }

  private synchronized void forceBytes(Path file) throws IOException {
    Inode inode = existing(file);
    inode.forcedLength = inode.length;
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    faults.run("rename " + from.getFileName(), () -> renameNow(from, to));
  }

  private synchronized void renameNow(Path from, Path to) throws IOException {
    names.put(to, existing(from));
    names.remove(from);
  }

  @Override
  public void delete(Path file) throws IOException {
    faults.run("delete " + file.getFileName(), () -> deleteNow(file));
  }

  private synchronized void deleteNow(Path file) throws IOException {
    existing(file);
    names.remove(file);
  }

  private Inode existing(Path file) throws IOException {
    @Nullable Inode inode = names.get(file);
    if (inode == null) {
      throw new NoSuchFileException(file.toString());
    }
    return inode;
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return faults.call("list " + directory.getFileName(), () -> listNow(directory));
  }

  private synchronized List<String> listNow(Path directory) throws IOException {
    if (!directories.contains(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    List<String> found = names(directory);
    for (Path path : directories) {
      if (directory.equals(path.getParent())) {
        found.add(path.getFileName().toString());
      }
    }
    found.sort(null);
    return found;
  }

  @Override
  public long size(Path file) throws IOException {
    return faults.call("size " + file.getFileName(), () -> sizeNow(file));
  }

  private synchronized long sizeNow(Path file) throws IOException {
    return existing(file).length;
  }

  @Override
  public int read(Path file, long position, ByteBuffer target) throws IOException {
    return faults.call("read " + file.getFileName(), () -> readNow(file, position, target));
  }

  private synchronized int readNow(Path file, long position, ByteBuffer target) throws IOException {
    Inode inode = existing(file);
    int count = (int) Math.max(0, Math.min(target.remaining(), inode.length - position));
    target.put(inode.bytes, (int) position, count);
    return count;
  }

  @Override
  public void truncate(Path file, long sizeBytes) throws IOException {
    faults.run("truncate " + file.getFileName(), () -> truncateNow(file, sizeBytes));
  }

  private synchronized void truncateNow(Path file, long sizeBytes) throws IOException {
    Inode inode = existing(file);
    inode.length = (int) Math.min(inode.length, sizeBytes);
    inode.forcedLength = inode.length;
  }

  @Override
  public AutoCloseable lock(Path file, String content) throws IOException {
    return faults.call("lock", () -> lockNow(file));
  }

  private synchronized AutoCloseable lockNow(Path file) throws IOException {
    if (!locks.add(file)) {
      throw new WalLockedException(file, "4711");
    }
    return () -> {
      synchronized (this) {
        locks.remove(file);
      }
    };
  }

  private final class SimulatedAppender implements Appender {
    private final Path file;
    private final Inode inode;

    private SimulatedAppender(Path file, Inode inode) {
      this.file = file;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      try {
        faults.run("write " + file.getFileName(), () -> writeNow(bytes, bytes.remaining()));
      } catch (IOException | Faults.Stopped e) {
        // The device took a part before it failed.
        synchronized (SimulatedDisk.this) {
          long room = Math.max(0, capacityBytes - usedBytes());
          inode.append(bytes, (int) Math.min(room, bytes.remaining() / 2));
        }
        throw e;
      }
    }

    private void writeNow(ByteBuffer bytes, int count) throws IOException {
      synchronized (SimulatedDisk.this) {
        long room = Math.max(0, capacityBytes - usedBytes());
        inode.append(bytes, (int) Math.min(room, count));
        if (room < count) {
          throw new IOException("No space left on device");
        }
      }
    }

    @Override
    public void force() throws IOException {
      beforeForce.run();
      try {
        faults.run("force " + file.getFileName(), this::forceNow);
      } catch (IOException e) {
        synchronized (SimulatedDisk.this) {
          if (inode.forcedLength < inode.length) {
            inode.lost.add(new int[] {inode.forcedLength, inode.length});
          }
        }
        throw e;
      }
    }

    private void forceNow() {
      synchronized (SimulatedDisk.this) {
        inode.forcedLength = inode.length;
      }
    }

    @Override
    public void close() throws IOException {
      faults.run("close " + file.getFileName(), () -> {});
    }
  }
}
