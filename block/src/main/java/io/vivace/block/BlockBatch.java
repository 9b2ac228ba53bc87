package io.vivace.block;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.AttributeType;
import io.vivace.batch.Bitmap;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.Dictionary;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.batch.TraceColumns;
import io.vivace.block.LeafRole.GenericPart;
import io.vivace.parquet.OffsetIndex;
import io.vivace.parquet.RowRanges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Rows of one row group as a batch. Columns are read when asked for: all rows, or after [#retain]
/// the pages that hold retained rows, whose values are then put in their places. Confined to one
/// thread.
final class BlockBatch implements SpanBatch {
  private static final String SERVICE_NAME_KEY = "service.name";

  /// Reading everything is cheaper than picking when more than this share of the rows is retained.
  private static final double MAX_PICKED_SHARE = 0.6;

  private final BlockReader block;
  private final int rowGroup;
  private final int from;
  private final int to;
  private final RowsReader all;
  private RowsReader current;

  private long @Nullable [] idsHigh;
  private long @Nullable [] idsLow;
  private final Map<LongField, long[]> longs = new EnumMap<>(LongField.class);
  private final Map<IntField, int[]> ints = new EnumMap<>(IntField.class);
  private final Map<StringField, StringColumn> strings = new EnumMap<>(StringField.class);
  private final Map<BytesField, BytesColumn> bytes = new EnumMap<>(BytesField.class);
  private final Map<Level, int[]> parents = new EnumMap<>(Level.class);
  private final Map<AttributeKey, AttributeColumn> attributes = new HashMap<>();

  private record AttributeKey(Level owner, String key) {}

  BlockBatch(BlockReader block, int rowGroup, int from, int to) {
    this.block = block;
    this.rowGroup = rowGroup;
    this.from = from;
    this.to = to;
    this.all = new RowsReader(block, rowGroup, RowRanges.of(from, to));
    this.current = all;
  }

  @Override
  public int count(Level level) {
    return block.readingUnchecked(() -> all.count(level));
  }

  @Override
  public int[] offsets(Level level) {
    if (level == Level.TRACE) {
      throw new IllegalArgumentException("level: TRACE (expected: a level with a parent)");
    }
    return block.readingUnchecked(() -> all.offsets(level));
  }

  @Override
  public int[] parents(Level level) {
    int[] found = parents.get(level);
    if (found == null) {
      int[] offsets = offsets(level);
      found = new int[count(level)];
      Level above = level.parent();
      int rows = above == null ? 0 : count(above);
      for (int p = 0; p < rows; p++) {
        if (offsets[p] < offsets[p + 1]) {
          Arrays.fill(found, offsets[p], offsets[p + 1], p);
        }
      }
      parents.put(level, found);
    }
    return found;
  }

  @Override
  public long[] traceIdsHigh() {
    if (idsHigh == null) {
      long[] high = block.readingUnchecked(() -> block.traceIds(rowGroup)).high();
      idsHigh = from == 0 ? high : Arrays.copyOfRange(high, from, to);
    }
    return idsHigh;
  }

  @Override
  public long[] traceIdsLow() {
    if (idsLow == null) {
      long[] low = block.readingUnchecked(() -> block.traceIds(rowGroup)).low();
      idsLow = from == 0 ? low : Arrays.copyOfRange(low, from, to);
    }
    return idsLow;
  }

  @Override
  public long[] longs(LongField field) {
    long[] found = longs.get(field);
    if (found == null) {
      found = block.readingUnchecked(() -> readLongs(field));
      longs.put(field, found);
    }
    return found;
  }

  private long[] readLongs(LongField field) throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Longs(field));
    if (leaf == null || all.count(field.level()) == 0) {
      return new long[all.count(field.level())];
    }
    long[] packed = Columns.longs(current.dense(leaf, field.level()));
    if (current == all) {
      return packed;
    }
    long[] placed = new long[all.count(field.level())];
    forEachSegment(
        field.level(),
        (source, target, length) -> System.arraycopy(packed, source, placed, target, length));
    return placed;
  }

  @Override
  public int[] ints(IntField field) {
    int[] found = ints.get(field);
    if (found == null) {
      found = block.readingUnchecked(() -> readInts(field));
      ints.put(field, found);
    }
    return found;
  }

  private int[] readInts(IntField field) throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Ints(field));
    if (leaf == null || all.count(field.level()) == 0) {
      return new int[all.count(field.level())];
    }
    return place(Columns.ints(current.dense(leaf, field.level())), field.level());
  }

  private int[] place(int[] packed, Level level) throws IOException {
    if (current == all) {
      return packed;
    }
    int[] placed = new int[all.count(level)];
    forEachSegment(
        level,
        (source, target, length) -> System.arraycopy(packed, source, placed, target, length));
    return placed;
  }

  @Override
  public StringColumn strings(StringField field) {
    StringColumn found = strings.get(field);
    if (found == null) {
      found = block.readingUnchecked(() -> readStrings(field));
      strings.put(field, found);
    }
    return found;
  }

  private StringColumn readStrings(StringField field) throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Strings(field));
    int count = all.count(field.level());
    if (leaf == null || count == 0) {
      // One empty string, for which all rows stand.
      return new StringColumn(new ChunkDictionary(new byte[0], new int[2], 1), new int[count]);
    }
    AttributeEntries.Strings read = current.strings(leaf, field.level());
    return new StringColumn(read.dictionary(), place(read.ids(), field.level()));
  }

  @Override
  public BytesColumn bytes(BytesField field) {
    BytesColumn found = bytes.get(field);
    if (found == null) {
      found = block.readingUnchecked(() -> readBytes(field));
      bytes.put(field, found);
    }
    return found;
  }

  private BytesColumn readBytes(BytesField field) throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Bytes(field));
    int count = all.count(field.level());
    if (leaf == null || count == 0) {
      return new BytesColumn(new byte[0], new int[count + 1]);
    }
    BytesColumn packed = Columns.bytes(current.dense(leaf, field.level()));
    if (current == all) {
      return packed;
    }
    int[] offsets = new int[count + 1];
    int[] done = new int[1];
    int[] source = packed.offsets();
    forEachSegment(
        field.level(),
        (start, target, length) -> {
          Arrays.fill(offsets, done[0], target, source[start]);
          System.arraycopy(source, start, offsets, target, length + 1);
          done[0] = target + length;
        });
    Arrays.fill(offsets, done[0], count + 1, offsets[done[0]]);
    return new BytesColumn(packed.data(), offsets);
  }

  /// Where rows of `level` that the current reader has packed belong.
  private interface Segment {
    void accept(int packedStart, int start, int length);
  }

  private void forEachSegment(Level level, Segment segment) throws IOException {
    RowRanges rows = current.rows();
    int packed = 0;
    for (int range = 0; range < rows.rangeCount(); range++) {
      int first = rows.start(range) - from;
      int last = rows.end(range) - from;
      int start = all.start(level, first);
      int packedStart = current.start(level, packed);
      packed += last - first;
      int length = current.start(level, packed) - packedStart;
      if (length != all.start(level, last) - start) {
        throw block.damaged("pages of one column contradict each other", null);
      }
      segment.accept(packedStart, start, length);
    }
  }

  @Override
  public void retain(Bitmap traces) {
    current = block.readingUnchecked(() -> narrowed(traces));
  }

  /// Whole pages of the column that tells the spans are picked, so that neighbouring columns with
  /// the same pages are read without cutting.
  private RowsReader narrowed(Bitmap traces) throws IOException {
    SchemaLeaf leaf = block.schema().leaf(new LeafRole.Bytes(BytesField.SPAN_ID));
    OffsetIndex pages = block.column(rowGroup, leaf).reader().offsetIndex();
    if (pages == null) {
      return current;
    }
    int[] bounds = new int[2 * pages.pageCount()];
    int size = 0;
    for (int page = 0; page < pages.pageCount(); page++) {
      int first = Math.max(from, pages.firstRows()[page]);
      int last = Math.min(to, pages.endRow(page));
      if (first < last && traces.intersects(first - from, last - from)) {
        if (size > 0 && bounds[size - 1] == first) {
          bounds[size - 1] = last;
        } else {
          bounds[size++] = first;
          bounds[size++] = last;
        }
      }
    }
    RowRanges ranges = RowRanges.ofBounds(Arrays.copyOf(bounds, size));
    return ranges.rowCount() < current.rows().rowCount()
            && ranges.rowCount() <= MAX_PICKED_SHARE * (to - from)
        ? new RowsReader(block, rowGroup, ranges)
        : current;
  }

  @Override
  public AttributeColumn attribute(Level owner, String key) {
    return attributes.computeIfAbsent(
        new AttributeKey(owner, key),
        wanted -> block.readingUnchecked(() -> readAttribute(owner, key)));
  }

  private AttributeColumn readAttribute(Level owner, String key) throws IOException {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    AttributeGather gather = new AttributeGather(current.count(owner));
    if (owner == Level.RESOURCE && key.equals(SERVICE_NAME_KEY)) {
      SchemaLeaf leaf = block.schema().leaf(new LeafRole.Strings(StringField.SERVICE_NAME));
      gather.addStrings(current.strings(leaf, owner));
    }
    if (hasGeneric(owner, keyBytes)) {
      gather.addGeneric(current.entries(owner), keyBytes);
    }
    for (LeafRole.Attribute attribute : block.schema().attributeColumns(owner)) {
      if (attribute.key().equals(key)) {
        gather.addOwn(current.own(attribute), attribute.type());
      }
    }
    AttributeColumn packed = gather.build();
    return current == all || packed.isEmpty() ? packed : place(packed, owner);
  }

  private AttributeColumn place(AttributeColumn packed, Level owner) throws IOException {
    int[] rows = Arrays.copyOf(packed.rows(), packed.size());
    int[] next = new int[1];
    forEachSegment(
        owner,
        (source, target, length) -> {
          int at = next[0];
          while (at < rows.length && packed.rows()[at] < source + length) {
            rows[at] += target - source;
            at++;
          }
          next[0] = at;
        });
    return new AttributeColumn(
        packed.dictionary(), packed.size(), rows, packed.types(), packed.starts(), packed.values());
  }

  private boolean hasGeneric(Level owner, byte[] key) throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Generic(owner, GenericPart.KEY));
    if (leaf == null) {
      return false;
    }
    ColumnHandle handle = block.column(rowGroup, leaf);
    ChunkDictionary dictionary = handle.dictionary();
    return !handle.isEmpty() && (dictionary == null || dictionary.find(key) >= 0);
  }

  @Override
  public SortedSet<String> attributeKeys(Level owner) {
    return block.readingUnchecked(() -> readKeys(owner));
  }

  private SortedSet<String> readKeys(Level owner) throws IOException {
    SortedSet<String> keys = new TreeSet<>();
    SchemaLeaf leaf = block.schema().find(new LeafRole.Generic(owner, GenericPart.KEY));
    if (leaf != null) {
      ColumnHandle handle = block.column(rowGroup, leaf);
      ChunkDictionary dictionary = handle.dictionary();
      if (dictionary == null && !handle.isEmpty()) {
        dictionary = all.entries(owner).keys().dictionary();
      }
      for (int id = 0; dictionary != null && id < dictionary.size(); id++) {
        keys.add(dictionary.string(id));
      }
    }
    for (LeafRole.Attribute attribute : block.schema().attributeColumns(owner)) {
      ColumnHandle handle = block.column(rowGroup, block.schema().leaf(attribute));
      ChunkDictionary dictionary = handle.dictionary();
      if (!handle.isEmpty() && (dictionary == null || dictionary.size() > 0)) {
        keys.add(attribute.key());
      }
    }
    if (owner == Level.RESOURCE && hasServiceName()) {
      keys.add(SERVICE_NAME_KEY);
    }
    return keys;
  }

  @Override
  public SortedSet<String> attributeKeys(Level owner, Bitmap rows) {
    return block.readingUnchecked(() -> readKeys(owner, rows));
  }

  private SortedSet<String> readKeys(Level owner, Bitmap wanted) throws IOException {
    SortedSet<String> keys = new TreeSet<>();
    RowsReader.EntryKeys generic = current.entryKeys(owner);
    ChunkDictionary dictionary = generic.keys().dictionary();
    Bitmap seen = new Bitmap(dictionary.size());
    forEachRow(
        owner,
        wanted,
        row -> {
          for (int e = generic.offsets()[row]; e < generic.offsets()[row + 1]; e++) {
            seen.set(generic.keys().ids()[e]);
          }
        });
    for (int id = seen.next(0); id >= 0; id = seen.next(id + 1)) {
      keys.add(dictionary.string(id));
    }
    for (LeafRole.Attribute attribute : block.schema().attributeColumns(owner)) {
      AttributeEntries.Elements own =
          keys.contains(attribute.key()) ? null : current.own(attribute);
      if (own != null && occurs(own, owner, wanted)) {
        keys.add(attribute.key());
      }
    }
    if (owner == Level.RESOURCE && hasServiceName(wanted)) {
      keys.add(SERVICE_NAME_KEY);
    }
    return keys;
  }

  private boolean occurs(AttributeEntries.Elements elements, Level owner, Bitmap wanted)
      throws IOException {
    boolean[] found = new boolean[1];
    forEachRow(owner, wanted, row -> found[0] |= elements.count(row) > 0);
    return found[0];
  }

  private boolean hasServiceName(Bitmap wanted) {
    StringColumn services = strings(StringField.SERVICE_NAME);
    for (int row = wanted.next(0); row >= 0; row = wanted.next(row + 1)) {
      if (services.dictionary().lengthBytes(services.ids()[row]) > 0) {
        return true;
      }
    }
    return false;
  }

  /// Calls `action` with the place of every wanted row in what the current reader has packed.
  private void forEachRow(Level level, Bitmap wanted, IntConsumer action) throws IOException {
    forEachSegment(
        level,
        (source, target, length) -> {
          int row = wanted.next(target);
          while (row >= 0 && row < target + length) {
            action.accept(source + row - target);
            row = wanted.next(row + 1);
          }
        });
  }

  private boolean hasServiceName() throws IOException {
    SchemaLeaf leaf = block.schema().leaf(new LeafRole.Strings(StringField.SERVICE_NAME));
    ChunkDictionary dictionary = block.column(rowGroup, leaf).dictionary();
    if (dictionary == null) {
      dictionary = all.strings(leaf, Level.RESOURCE).dictionary();
    }
    for (int id = 0; id < dictionary.size(); id++) {
      if (dictionary.lengthBytes(id) > 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Dictionary distinct(StringField field) {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Strings(field));
    return leaf == null
        ? null
        : block.readingUnchecked(() -> block.column(rowGroup, leaf)).dictionary();
  }

  @Override
  public @Nullable Dictionary distinct(Level owner, String key) {
    return block
        .readingUnchecked(() -> Optional.ofNullable(ownDictionary(owner, key)))
        .orElse(null);
  }

  /// Of an attribute that only has one column of its own.
  private @Nullable Dictionary ownDictionary(Level owner, String key) throws IOException {
    Dictionary only = null;
    for (LeafRole.Attribute attribute : block.schema().attributeColumns(owner)) {
      if (attribute.key().equals(key)) {
        if (only != null || attribute.type() != DedicatedColumn.Type.STRING) {
          return null;
        }
        only = block.column(rowGroup, block.schema().leaf(attribute)).dictionary();
        if (only == null) {
          return null;
        }
      }
    }
    return only != null && hasGeneric(owner, key.getBytes(StandardCharsets.UTF_8)) ? null : only;
  }

  @Override
  public boolean mayHold(Level owner, String key, byte[] text) {
    return block.readingUnchecked(() -> mayHoldAttribute(owner, key, text));
  }

  private boolean mayHoldAttribute(Level owner, String key, byte[] text) throws IOException {
    if (owner == Level.RESOURCE
        && key.equals(SERVICE_NAME_KEY)
        && mayHold(block.schema().leaf(new LeafRole.Strings(StringField.SERVICE_NAME)), text)) {
      return true;
    }
    for (LeafRole.Attribute attribute : block.schema().attributeColumns(owner)) {
      if (attribute.key().equals(key)
          && attribute.type() == DedicatedColumn.Type.STRING
          && mayHold(block.schema().leaf(attribute), text)) {
        return true;
      }
    }
    SchemaLeaf values = block.schema().find(new LeafRole.Generic(owner, GenericPart.STRING));
    return values != null
        && hasGeneric(owner, key.getBytes(StandardCharsets.UTF_8))
        && mayHold(values, text);
  }

  @Override
  public boolean mayHold(StringField field, byte[] text) {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Strings(field));
    return leaf == null ? text.length == 0 : block.readingUnchecked(() -> mayHold(leaf, text));
  }

  private boolean mayHold(SchemaLeaf leaf, byte[] text) throws IOException {
    ColumnHandle handle = block.column(rowGroup, leaf);
    if (handle.isEmpty()) {
      return false;
    }
    ChunkDictionary dictionary = handle.dictionary();
    return dictionary == null
        ? handle.reader().chunk().statistics().mayContain(text)
        : dictionary.find(text) >= 0;
  }

  @Override
  public TraceColumns gather(Bitmap traces) {
    return block.readingUnchecked(() -> {
      int[] bounds = new int[2 * traces.cardinality()];
      int size = 0;
      int row = traces.next(0);
      while (row >= 0) {
        int end = row + 1;
        while (end < traces.length() && traces.get(end)) {
          end++;
        }
        bounds[size++] = from + row;
        bounds[size++] = from + end;
        row = traces.next(end);
      }
      return block.readRows(rowGroup, RowRanges.ofBounds(Arrays.copyOf(bounds, size)));
    });
  }

  /// The values of one key, collected from several columns; what is added first wins.
  private static final class AttributeGather {
    private final int rowCount;
    private final java.util.List<Part> parts = new java.util.ArrayList<>();

    /// One source: per row the list of elements, or -1.
    private record Part(
        int[] lists,
        AttributeEntries.@Nullable Elements elements,
        @Nullable AttributeEntries entries,
        AttributeType scalar,
        AttributeType array) {}

    AttributeGather(int rowCount) {
      this.rowCount = rowCount;
    }

    /// A dense column in which the empty string is no value.
    void addStrings(AttributeEntries.Strings strings) {
      int[] lists = new int[rowCount];
      int[] offsets = new int[rowCount + 1];
      boolean isAny = false;
      for (int row = 0; row < rowCount; row++) {
        boolean isValue = strings.dictionary().lengthBytes(strings.ids()[row]) > 0;
        lists[row] = isValue ? row : -1;
        offsets[row + 1] = row + 1;
        isAny |= isValue;
      }
      if (isAny) {
        AttributeEntries.Elements elements =
            new AttributeEntries.Elements(
                offsets,
                new io.vivace.parquet.Values.Ints(strings.ids(), rowCount),
                strings.dictionary(),
                strings.ids());
        parts.add(
            new Part(lists, elements, null, AttributeType.STRING, AttributeType.STRING_ARRAY));
      }
    }

    void addGeneric(AttributeEntries entries, byte[] key) {
      int id = entries.keys().dictionary().find(key);
      if (entries.keys().ids().length == 0 || id < 0) {
        return;
      }
      boolean[] isKey = null;
      if (entries.keys().dictionary().size() == entries.entryCount()) {
        // Without a dictionary on disk, equal keys have different ids.
        isKey = equalKeys(entries, key);
      }
      int[] lists = new int[rowCount];
      boolean isAny = false;
      int[] keys = entries.keys().ids();
      int[] offsets = entries.offsets();
      for (int row = 0; row < rowCount; row++) {
        int list = -1;
        for (int e = offsets[row]; e < offsets[row + 1]; e++) {
          if (isKey == null ? keys[e] == id : isKey[keys[e]]) {
            list = e;
            break;
          }
        }
        lists[row] = list;
        isAny |= list >= 0;
      }
      if (isAny) {
        parts.add(new Part(lists, null, entries, AttributeType.STRING, AttributeType.STRING));
      }
    }

    private static boolean[] equalKeys(AttributeEntries entries, byte[] key) {
      ChunkDictionary dictionary = entries.keys().dictionary();
      boolean[] equal = new boolean[dictionary.size()];
      for (int id = 0; id < equal.length; id++) {
        equal[id] = Arrays.equals(dictionary.bytes(id), key);
      }
      return equal;
    }

    void addOwn(AttributeEntries.@Nullable Elements elements, DedicatedColumn.Type type) {
      if (elements == null) {
        return;
      }
      int[] lists = new int[rowCount];
      for (int row = 0; row < rowCount; row++) {
        lists[row] = elements.count(row) > 0 ? row : -1;
      }
      parts.add(
          type == DedicatedColumn.Type.STRING
              ? new Part(lists, elements, null, AttributeType.STRING, AttributeType.STRING_ARRAY)
              : new Part(lists, elements, null, AttributeType.LONG, AttributeType.LONG_ARRAY));
    }

    AttributeColumn build() {
      java.util.List<Dictionary> dictionaries = new java.util.ArrayList<>();
      int[] shifts = new int[parts.size()];
      int shift = 0;
      for (int i = 0; i < parts.size(); i++) {
        ChunkDictionary dictionary = dictionary(parts.get(i));
        shifts[i] = shift;
        if (dictionary != null) {
          dictionaries.add(dictionary);
          shift += dictionary.size();
        }
      }
      Dictionary joined =
          switch (dictionaries.size()) {
            case 0 -> new ChunkDictionary(new byte[0], new int[1], 0);
            case 1 -> dictionaries.getFirst();
            default -> new JoinedDictionary(dictionaries);
          };
      return collect(joined, shifts);
    }

    private static @Nullable ChunkDictionary dictionary(Part part) {
      AttributeEntries entries = part.entries();
      AttributeEntries.Elements elements = entries == null ? part.elements() : entries.strings();
      return elements == null ? null : elements.dictionary();
    }

    private AttributeColumn collect(Dictionary dictionary, int[] shifts) {
      int[] rows = new int[parts.isEmpty() ? 0 : rowCount];
      byte[] types = new byte[rows.length];
      int[] starts = new int[rows.length + 1];
      long[] values = new long[rows.length];
      int size = 0;
      int at = 0;
      for (int row = 0; row < rows.length; row++) {
        int source = 0;
        while (source < parts.size() && parts.get(source).lists()[row] < 0) {
          source++;
        }
        if (source == parts.size()) {
          continue;
        }
        Part part = parts.get(source);
        int list = part.lists()[row];
        AttributeEntries entries = part.entries();
        AttributeEntries.Elements elements = part.elements();
        AttributeType type;
        int count;
        if (entries != null) {
          type = entries.type(list);
          if (type == AttributeType.MISSING) {
            continue;
          }
          elements = type == AttributeType.UNSUPPORTED ? null : entries.elements(type);
          count = elements == null ? 0 : elements.count(list);
          type = count == 1 ? scalarOf(type) : type;
        } else {
          count = elements == null ? 0 : elements.count(list);
          type = count == 1 ? part.scalar() : part.array();
        }
        if (at + count > values.length) {
          values = Arrays.copyOf(values, Math.max(at + count, 2 * values.length));
        }
        boolean isText = type == AttributeType.STRING || type == AttributeType.STRING_ARRAY;
        for (int i = 0; i < count && elements != null; i++) {
          long value = elements.value(elements.offsets()[list] + i);
          values[at++] = isText ? value + shifts[source] : value;
        }
        rows[size] = row;
        types[size] = type.code();
        size++;
        starts[size] = at;
      }
      // Columns stay as long as the batch, and most keys are rare.
      return size > rows.length / 2
          ? new AttributeColumn(dictionary, size, rows, types, starts, values)
          : new AttributeColumn(
              dictionary,
              size,
              Arrays.copyOf(rows, size),
              Arrays.copyOf(types, size),
              Arrays.copyOf(starts, size + 1),
              Arrays.copyOf(values, at));
    }

    private static AttributeType scalarOf(AttributeType type) {
      return switch (type) {
        case STRING_ARRAY -> AttributeType.STRING;
        case LONG_ARRAY -> AttributeType.LONG;
        case DOUBLE_ARRAY -> AttributeType.DOUBLE;
        case BOOLEAN_ARRAY -> AttributeType.BOOLEAN;
        case STRING, LONG, DOUBLE, BOOLEAN, EMPTY_ARRAY, UNSUPPORTED, MISSING -> type;
      };
    }
  }
}
