package io.vivace.block;

import io.vivace.batch.AttributeList;
import io.vivace.batch.AttributeType;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.StringField;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsAssembler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns rows of a block, with everything that is stored of them, into trace columns. For one call.
final class RowsAssembler {
  private static final List<Level> OWNERS =
      List.of(Level.RESOURCE, Level.SCOPE, Level.SPAN, Level.EVENT, Level.LINK);

  /// Below this share of a dictionary, ids are interned one by one instead of through a table.
  private static final int TABLE_SHARE = 8;

  private final RowsReader rows;
  private final BlockSchema schema;
  private final TraceColumnsAssembler out = new TraceColumnsAssembler();

  RowsAssembler(RowsReader rows) {
    this.rows = rows;
    this.schema = rows.block().schema();
  }

  /// @param idsHigh trace ids of the rows
  TraceColumns assemble(long[] idsHigh, long[] idsLow) throws IOException {
    out.traceIds(idsHigh, idsLow);
    for (Level level : OWNERS) {
      out.offsets(level, Arrays.copyOf(rows.offsets(level), parentCount(level) + 1));
    }
    for (LongField field : LongField.values()) {
      out.longs(field, longs(field));
    }
    for (IntField field : IntField.values()) {
      out.ints(field, ints(schema.find(new LeafRole.Ints(field)), field.level()));
    }
    for (StringField field : StringField.values()) {
      out.strings(field, strings(schema.find(new LeafRole.Strings(field)), field.level()));
    }
    for (BytesField field : BytesField.values()) {
      out.bytes(field, bytes(schema.find(new LeafRole.Bytes(field)), field.level()));
    }
    for (Level owner : OWNERS) {
      out.attributes(
          owner,
          attributes(owner),
          ints(schema.find(new LeafRole.DroppedAttributes(owner)), owner));
    }
    out.droppedEvents(ints(schema.find(new LeafRole.DroppedEvents()), Level.SPAN));
    out.droppedLinks(ints(schema.find(new LeafRole.DroppedLinks()), Level.SPAN));
    out.serviceStats(stats());
    return out.build();
  }

  private int parentCount(Level level) throws IOException {
    Level parent = level.parent();
    return rows.count(parent == null ? Level.TRACE : parent);
  }

  private long[] longs(LongField field) throws IOException {
    int count = rows.count(field.level());
    SchemaLeaf leaf = schema.find(new LeafRole.Longs(field));
    return leaf == null || count == 0
        ? new long[count]
        : Arrays.copyOf(Columns.longs(rows.dense(leaf, field.level())), count);
  }

  private int[] ints(@Nullable SchemaLeaf leaf, Level level) throws IOException {
    int count = rows.count(level);
    return leaf == null || count == 0
        ? new int[count]
        : Arrays.copyOf(Columns.ints(rows.dense(leaf, level)), count);
  }

  private int[] strings(@Nullable SchemaLeaf leaf, Level level) throws IOException {
    int count = rows.count(level);
    if (leaf == null || count == 0) {
      return new int[count];
    }
    AttributeEntries.Strings strings = rows.strings(leaf, level);
    return intern(strings.dictionary(), strings.ids(), count);
  }

  private int[] intern(ChunkDictionary dictionary, int[] ids, int count) {
    Interner interner = new Interner(dictionary, count);
    int[] interned = new int[count];
    for (int i = 0; i < count; i++) {
      interned[i] = interner.intern(ids[i]);
    }
    return interned;
  }

  private BytesColumn bytes(@Nullable SchemaLeaf leaf, Level level) throws IOException {
    int count = rows.count(level);
    if (leaf == null || count == 0) {
      return new BytesColumn(new byte[0], new int[count + 1]);
    }
    BytesColumn column = Columns.bytes(rows.dense(leaf, level));
    return column.offsets().length == count + 1
        ? column
        : new BytesColumn(column.data(), Arrays.copyOf(column.offsets(), count + 1));
  }

  private TraceColumns.ServiceStats stats() throws IOException {
    int count = rows.count(Level.TRACE);
    int[] offsets = Arrays.copyOf(rows.statsOffsets(), count + 1);
    int total = offsets[count];
    if (total == 0) {
      return new TraceColumns.ServiceStats(offsets, new int[0], new int[0], new int[0]);
    }
    AttributeEntries.Strings names = rows.statsNames();
    return new TraceColumns.ServiceStats(
        offsets,
        intern(names.dictionary(), names.ids(), total),
        Arrays.copyOf(Columns.ints(rows.stats(LeafRole.StatsPart.SPAN_COUNT)), total),
        Arrays.copyOf(Columns.ints(rows.stats(LeafRole.StatsPart.ERROR_COUNT)), total));
  }

  private record Own(int keyId, AttributeType scalar, AttributeType array, Source values) {}

  /// Elements with their strings as pool ids.
  private record Source(AttributeEntries.Elements elements, @Nullable Interner interner) {
    long value(int i) {
      AttributeEntries.Elements from = elements;
      int[] ids = from.ids();
      return interner != null && ids != null ? interner.intern(ids[i]) : from.value(i);
    }
  }

  private @Nullable Source source(AttributeEntries.@Nullable Elements elements) {
    if (elements == null) {
      return null;
    }
    ChunkDictionary dictionary = elements.dictionary();
    return new Source(
        elements, dictionary == null ? null : new Interner(dictionary, elements.values().count()));
  }

  private AttributeList attributes(Level owner) throws IOException {
    int count = rows.count(owner);
    AttributeEntries generic = rows.entries(owner);
    List<Own> own = own(owner);
    Interner keys = new Interner(generic.keys().dictionary(), generic.entryCount());
    Source[] sources = new Source[AttributeType.values().length];
    for (AttributeType type : AttributeType.values()) {
      sources[type.ordinal()] = source(generic.elements(type));
    }
    Lists lists = new Lists(count);
    for (int row = 0; row < count; row++) {
      for (int e = generic.offsets()[row]; e < generic.offsets()[row + 1]; e++) {
        AttributeType type = generic.type(e);
        if (type == AttributeType.MISSING && schema.format() == BlockFormat.VPARQUET5) {
          continue;
        }
        Source values = sources[type.ordinal()];
        lists.add(keys.intern(generic.keys().ids()[e]), type, values, e);
      }
      for (Own column : own) {
        int elements = column.values().elements().count(row);
        if (elements > 0) {
          lists.add(
              column.keyId(),
              elements == 1 ? column.scalar() : column.array(),
              column.values(),
              row);
        }
      }
      lists.endRow(row);
    }
    return lists.toList();
  }

  private List<Own> own(Level owner) throws IOException {
    List<Own> own = new ArrayList<>();
    for (LeafRole.Attribute attribute : schema.attributeColumns(owner)) {
      Source values = source(rows.own(attribute));
      if (values == null) {
        continue;
      }
      byte[] key = attribute.key().getBytes(StandardCharsets.UTF_8);
      boolean isString = attribute.type() == DedicatedColumn.Type.STRING;
      own.add(
          new Own(
              out.intern(key, 0, key.length),
              isString ? AttributeType.STRING : AttributeType.LONG,
              isString ? AttributeType.STRING_ARRAY : AttributeType.LONG_ARRAY,
              values));
    }
    return own;
  }

  /// Translates ids of a chunk's dictionary to pool ids.
  private final class Interner {
    private final ChunkDictionary dictionary;
    private final int @Nullable [] table;

    Interner(ChunkDictionary dictionary, int uses) {
      this.dictionary = dictionary;
      this.table = uses > dictionary.size() / TABLE_SHARE ? new int[dictionary.size()] : null;
    }

    int intern(int id) {
      if (table == null) {
        return out.intern(dictionary.data(), dictionary.start(id), dictionary.lengthBytes(id));
      }
      // Holds pool id + 1.
      if (table[id] == 0) {
        table[id] =
            out.intern(dictionary.data(), dictionary.start(id), dictionary.lengthBytes(id)) + 1;
      }
      return table[id] - 1;
    }
  }

  /// An [AttributeList] that grows.
  private static final class Lists {
    private final int[] offsets;
    private int[] keys = new int[64];
    private byte[] types = new byte[64];
    private int[] starts = new int[65];
    private long[] values = new long[64];
    private int entries;
    private int elements;

    Lists(int rowCount) {
      offsets = new int[rowCount + 1];
    }

    void add(int key, AttributeType type, @Nullable Source source, int list) {
      if (entries == keys.length) {
        keys = Arrays.copyOf(keys, 2 * entries);
        types = Arrays.copyOf(types, 2 * entries);
        starts = Arrays.copyOf(starts, 2 * entries + 1);
      }
      keys[entries] = key;
      types[entries] = type.code();
      if (source != null) {
        int[] bounds = source.elements().offsets();
        for (int i = bounds[list]; i < bounds[list + 1]; i++) {
          if (elements == values.length) {
            values = Arrays.copyOf(values, 2 * elements);
          }
          values[elements++] = source.value(i);
        }
      }
      entries++;
      starts[entries] = elements;
    }

    void endRow(int row) {
      offsets[row + 1] = entries;
    }

    AttributeList toList() {
      return new AttributeList(
          offsets,
          Arrays.copyOf(keys, entries),
          Arrays.copyOf(types, entries),
          Arrays.copyOf(starts, entries + 1),
          Arrays.copyOf(values, elements));
    }
  }
}
