package io.vivace.testkit.objectstore;

import io.vivace.objectstore.ObjectInfo;
import io.vivace.objectstore.ObjectKeys;
import io.vivace.objectstore.ObjectListing;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.ObjectUpload;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// An object store in memory, for tests. Counts reads so that a test can see what is fetched.
public final class InMemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, Entry> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong readCalls = new AtomicLong();
  private final AtomicLong readBytes = new AtomicLong();

  @Override
  public void put(String key, byte[] bytes) {
    objects.put(ObjectKeys.check(key), new Entry(bytes.clone(), Instant.now()));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    Entry entry = new Entry(bytes.clone(), Instant.now());
    return objects.putIfAbsent(ObjectKeys.check(key), entry) == null;
  }

  @Override
  public ObjectUpload upload(String key) {
    return new Upload(ObjectKeys.check(key));
  }

  @Override
  public byte[] get(String key) throws IOException {
    byte[] bytes = entry(key).bytes().clone();
    readCalls.incrementAndGet();
    readBytes.addAndGet(bytes.length);
    return bytes;
  }

  @Override
  public void read(String key, long position, byte[] target, int offset, int length)
      throws IOException {
    byte[] bytes = entry(key).bytes();
    if (position < 0) {
      throw new IllegalArgumentException("position: " + position + " (expected: >= 0)");
    }
    if (position > bytes.length - length) {
      throw new EOFException("object " + key + " ends at " + bytes.length);
    }
    System.arraycopy(bytes, (int) position, target, offset, length);
    readCalls.incrementAndGet();
    readBytes.addAndGet(length);
  }

  private Entry entry(String key) throws ObjectNotFoundException {
    Entry entry = objects.get(ObjectKeys.check(key));
    if (entry == null) {
      throw new ObjectNotFoundException(key);
    }
    return entry;
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    Entry entry = objects.get(ObjectKeys.check(key));
    return Optional.ofNullable(entry).map(found -> found.info(key));
  }

  @Override
  public ObjectListing list(String prefix, ListMode mode) {
    List<ObjectInfo> found = new ArrayList<>();
    TreeSet<String> prefixes = new TreeSet<>();
    for (Map.Entry<String, Entry> object : objects.tailMap(prefix, true).entrySet()) {
      String key = object.getKey();
      if (!key.startsWith(prefix)) {
        break;
      }
      int slash = key.indexOf('/', prefix.length());
      if (mode == ListMode.ONE_LEVEL && slash >= 0) {
        prefixes.add(key.substring(0, slash + 1));
      } else {
        found.add(object.getValue().info(key));
      }
    }
    return new ObjectListing(found, List.copyOf(prefixes));
  }

  @Override
  public void delete(String key) {
    objects.remove(ObjectKeys.check(key));
  }

  @Override
  public void close() {}

  /// Calls of [#get] and [#read] so far.
  public long readCalls() {
    return readCalls.get();
  }

  /// Bytes that [#get] and [#read] returned so far.
  public long readBytes() {
    return readBytes.get();
  }

  private record Entry(byte[] bytes, Instant lastModified) {
    ObjectInfo info(String key) {
      return new ObjectInfo(key, bytes.length, lastModified);
    }
  }

  private final class Upload implements ObjectUpload {
    private final String key;
    private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long size;

    Upload(String key) {
      this.key = key;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      open().write(source, offset, length);
      size += length;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void commit() {
      put(key, open().toByteArray());
      bytes = null;
    }

    private ByteArrayOutputStream open() {
      if (bytes == null) {
        throw new IllegalStateException("upload is finished");
      }
      return bytes;
    }

    @Override
    public void close() {
      bytes = null;
    }
  }
}
