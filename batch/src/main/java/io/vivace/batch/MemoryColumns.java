package io.vivace.batch;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;

/// [TraceColumns] over exact arrays.
final class MemoryColumns implements TraceColumns {
  private final StringPool pool;
  private final int[] counts;
  private final int[][] offsets;
  private final long[] idsHigh;
  private final long[] idsLow;
  private final long[][] longs;
  private final int[][] ints;
  private final StringColumn[] strings;
  private final BytesColumn[] bytes;
  private final AttributeList[] attributes;
  private final int[][] dropped;
  private final int[] droppedEvents;
  private final int[] droppedLinks;
  private final ServiceStats serviceStats;
  private final long sizeBytes;

  /// Filled when first asked for, under the monitor.
  private final int[][] parents = new int[Level.values().length][];

  MemoryColumns(Parts parts) {
    pool = parts.pool;
    counts = parts.counts;
    offsets = parts.offsets;
    idsHigh = parts.idsHigh;
    idsLow = parts.idsLow;
    longs = parts.longs;
    ints = parts.ints;
    strings = new StringColumn[parts.strings.length];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = new StringColumn(pool, parts.strings[i]);
    }
    bytes = parts.bytes;
    attributes = parts.attributes;
    dropped = parts.dropped;
    droppedEvents = parts.droppedEvents;
    droppedLinks = parts.droppedLinks;
    serviceStats = parts.serviceStats;
    sizeBytes = parts.sizeBytes();
  }

  /// The arrays, indexed by the ordinals of level and field.
  static final class Parts {
    final StringPool pool;
    final int[] counts = new int[Level.values().length];
    final int[][] offsets = new int[Level.values().length][];
    long[] idsHigh = {};
    long[] idsLow = {};
    final long[][] longs = new long[LongField.values().length][];
    final int[][] ints = new int[IntField.values().length][];
    final int[][] strings = new int[StringField.values().length][];
    final BytesColumn[] bytes = new BytesColumn[BytesField.values().length];
    final AttributeList[] attributes = new AttributeList[Level.values().length];
    final int[][] dropped = new int[Level.values().length][];
    int[] droppedEvents = {};
    int[] droppedLinks = {};
    ServiceStats serviceStats = new ServiceStats(new int[1], new int[0], new int[0], new int[0]);

    Parts(StringPool pool) {
      this.pool = pool;
    }

    private long sizeBytes() {
      long sum = pool instanceof InternPool intern ? intern.sizeBytes() : 0;
      sum += 16L * idsHigh.length;
      for (long[] column : longs) {
        sum += 8L * column.length;
      }
      for (int[] column : ints) {
        sum += 4L * column.length;
      }
      for (int[] column : strings) {
        sum += 4L * column.length;
      }
      for (BytesColumn column : bytes) {
        sum += column.data().length + 4L * column.offsets().length;
      }
      for (int i = 1; i < attributes.length; i++) {
        AttributeList list = attributes[i];
        sum += 4L * offsets[i].length + 4L * dropped[i].length;
        sum += 4L * list.offsets().length + 4L * list.keys().length + list.types().length;
        sum += 4L * list.starts().length + 8L * list.values().length;
      }
      sum += 8L * droppedEvents.length;
      return sum + 12L * serviceStats.names().length + 4L * serviceStats.offsets().length;
    }
  }

  @Override
  public StringPool pool() {
    return pool;
  }

  @Override
  public int count(Level level) {
    return counts[level.ordinal()];
  }

  @Override
  public int[] offsets(Level level) {
    return offsets[notTrace(level).ordinal()];
  }

  private static Level notTrace(Level level) {
    if (level == Level.TRACE) {
      throw new IllegalArgumentException("level: TRACE (expected: a level with a parent)");
    }
    return level;
  }

  @Override
  public int[] parents(Level level) {
    synchronized (parents) {
      int[] rows = parents[notTrace(level).ordinal()];
      if (rows == null) {
        rows = parentsOf(offsets(level), count(level));
        parents[level.ordinal()] = rows;
      }
      return rows;
    }
  }

  private static int[] parentsOf(int[] offsets, int count) {
    int[] rows = new int[count];
    for (int p = 0; p + 1 < offsets.length; p++) {
      if (offsets[p] < offsets[p + 1]) {
        Arrays.fill(rows, offsets[p], offsets[p + 1], p);
      }
    }
    return rows;
  }

  @Override
  public long[] traceIdsHigh() {
    return idsHigh;
  }

  @Override
  public long[] traceIdsLow() {
    return idsLow;
  }

  @Override
  public long[] longs(LongField field) {
    return longs[field.ordinal()];
  }

  @Override
  public int[] ints(IntField field) {
    return ints[field.ordinal()];
  }

  @Override
  public StringColumn strings(StringField field) {
    return strings[field.ordinal()];
  }

  @Override
  public BytesColumn bytes(BytesField field) {
    return bytes[field.ordinal()];
  }

  @Override
  public AttributeList attributes(Level owner) {
    return attributes[notTrace(owner).ordinal()];
  }

  @Override
  public int[] droppedAttributes(Level owner) {
    return dropped[notTrace(owner).ordinal()];
  }

  @Override
  public int[] droppedEvents() {
    return droppedEvents;
  }

  @Override
  public int[] droppedLinks() {
    return droppedLinks;
  }

  @Override
  public ServiceStats serviceStats() {
    return serviceStats;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public AttributeColumn attribute(Level owner, String key) {
    byte[] bytesOfKey = key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int id = pool.find(bytesOfKey, 0, bytesOfKey.length);
    int[] services =
        owner == Level.RESOURCE && key.equals("service.name")
            ? strings(StringField.SERVICE_NAME).ids()
            : null;
    return AttributeGather.gather(pool, attributes(owner), count(owner), id, services);
  }

  @Override
  public SortedSet<String> attributeKeys(Level owner) {
    Bitmap seen = new Bitmap(pool.size());
    for (int key : attributes(owner).keys()) {
      seen.set(key);
    }
    SortedSet<String> keys = new TreeSet<>();
    for (int id = seen.next(0); id >= 0; id = seen.next(id + 1)) {
      keys.add(pool.string(id));
    }
    if (owner == Level.RESOURCE) {
      for (int service : strings(StringField.SERVICE_NAME).ids()) {
        if (service != 0) {
          keys.add("service.name");
          break;
        }
      }
    }
    return keys;
  }

  @Override
  public SortedSet<String> attributeKeys(Level owner, Bitmap rows) {
    AttributeList list = attributes(owner);
    int[] services = strings(StringField.SERVICE_NAME).ids();
    boolean hasService = false;
    Bitmap seen = new Bitmap(pool.size());
    for (int row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
      for (int e = list.offsets()[row]; e < list.offsets()[row + 1]; e++) {
        seen.set(list.keys()[e]);
      }
      hasService |= owner == Level.RESOURCE && services[row] != 0;
    }
    SortedSet<String> keys = new TreeSet<>();
    for (int id = seen.next(0); id >= 0; id = seen.next(id + 1)) {
      keys.add(pool.string(id));
    }
    if (hasService) {
      keys.add("service.name");
    }
    return keys;
  }

  @Override
  public TraceColumns gather(Bitmap traces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    builder.addRows(this, traces);
    return builder.build();
  }
}
