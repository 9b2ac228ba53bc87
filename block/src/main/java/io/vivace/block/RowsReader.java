package io.vivace.block;

import io.vivace.batch.Level;
import io.vivace.block.LeafRole.GenericPart;
import io.vivace.parquet.ColumnData;
import io.vivace.parquet.Levels;
import io.vivace.parquet.ListOffsets;
import io.vivace.parquet.ParquetLeaf;
import io.vivace.parquet.Repetition;
import io.vivace.parquet.RowRanges;
import io.vivace.parquet.Values;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads columns of some rows of one row group, packed: what belongs to other rows does not occur.
/// Levels are decoded once per nesting depth, from the column that costs least, and shared by its
/// siblings. Confined to one thread.
final class RowsReader {
  private final BlockReader block;
  private final int rowGroup;
  private final RowRanges rows;
  private final int rowCount;
  private final Map<Level, Nest> nests = new EnumMap<>(Level.class);
  private final Map<Level, AttributeEntries> entries = new EnumMap<>(Level.class);
  private final Map<Level, Nest> entryNests = new EnumMap<>(Level.class);

  RowsReader(BlockReader block, int rowGroup, RowRanges rows) {
    this.block = block;
    this.rowGroup = rowGroup;
    this.rows = rows;
    this.rowCount = rows.rowCount();
  }

  RowRanges rows() {
    return rows;
  }

  /// The levels of the columns of one nesting depth, and the lists that they make.
  private record Nest(@Nullable Levels levels, int[] offsets, int count) {}

  int count(Level level) throws IOException {
    return level == Level.TRACE ? rowCount : nest(level).count();
  }

  int[] offsets(Level level) throws IOException {
    return nest(level).offsets();
  }

  /// The first row of `level` that belongs to trace row `row`; `row` may be the number of rows.
  int start(Level level, int row) throws IOException {
    Level parent = level.parent();
    return parent == null ? row : offsets(level)[start(parent, row)];
  }

  private Nest nest(Level level) throws IOException {
    Nest found = nests.get(level);
    if (found == null) {
      found = readNest(level);
      nests.put(level, found);
    }
    return found;
  }

  private Nest readNest(Level level) throws IOException {
    if (level == Level.TRACE) {
      return new Nest(Levels.rows(rowCount), new int[0], rowCount);
    }
    Level parent = level.parent();
    int parents = count(parent == null ? Level.TRACE : parent);
    return readNest(levelLeaf(level), parents);
  }

  /// The leaf of a level whose pages cost least.
  private SchemaLeaf levelLeaf(Level level) {
    SchemaLeaf dropped = block.schema().find(new LeafRole.DroppedAttributes(level));
    if (dropped != null) {
      return dropped;
    }
    return switch (level) {
      case RESOURCE ->
          block.schema().leaf(new LeafRole.Strings(io.vivace.batch.StringField.SERVICE_NAME));
      case SCOPE ->
          block.schema().leaf(new LeafRole.Strings(io.vivace.batch.StringField.SCOPE_NAME));
      case TRACE, SPAN, EVENT, LINK ->
          throw new IllegalArgumentException("no column tells the rows of " + level);
    };
  }

  private Nest readNest(SchemaLeaf leaf, int parents) throws IOException {
    ColumnHandle handle = block.column(rowGroup, leaf);
    if (handle.isEmpty()) {
      return new Nest(null, new int[parents + 1], 0);
    }
    Levels levels = handle.reader().readLevels(rows);
    ListOffsets lists = ListOffsets.of(levels, leaf.leaf(), leaf.leaf().maxRepetitionLevel());
    return nest(leaf, levels, lists, parents);
  }

  private Nest nest(SchemaLeaf leaf, @Nullable Levels levels, ListOffsets lists, int parents)
      throws IOException {
    if (lists.parentCount() != parents) {
      throw block.damaged(
          "column "
              + leaf.leaf().dottedPath()
              + " has lists for "
              + lists.parentCount()
              + " parents (expected: "
              + parents
              + ")",
          null);
    }
    return new Nest(levels, lists.offsets(), lists.elementCount());
  }

  /// The values of a leaf with one value in each row of `level`.
  Values dense(SchemaLeaf leaf, Level level) throws IOException {
    return dense(leaf, nest(level));
  }

  private Values dense(SchemaLeaf leaf, Nest nest) throws IOException {
    Levels levels = nest.levels();
    Values values;
    if (nest.count() == 0) {
      return none(leaf.leaf());
    }
    if (levels == null) {
      throw new IllegalStateException("rows without levels");
    }
    values = block.column(rowGroup, leaf).reader().readValues(rows, levels);
    if (values.count() != nest.count()) {
      throw block.damaged(
          "column "
              + leaf.leaf().dottedPath()
              + " has "
              + values.count()
              + " values (expected: "
              + nest.count()
              + ")",
          null);
    }
    return values;
  }

  private static Values none(ParquetLeaf leaf) {
    return switch (leaf.type()) {
      case INT32 -> new Values.Ints(new int[0], 0);
      case INT64 -> new Values.Longs(new long[0], 0);
      case DOUBLE, FLOAT -> new Values.Doubles(new double[0], 0);
      case BOOLEAN -> new Values.Booleans(new byte[0], 0);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> new Values.Binary(new byte[0], new int[1], 0);
    };
  }

  /// Strings of a leaf with one value in each row of `level`.
  AttributeEntries.Strings strings(SchemaLeaf leaf, Level level) throws IOException {
    return strings(leaf, dense(leaf, level));
  }

  private AttributeEntries.Strings strings(SchemaLeaf leaf, Values values) throws IOException {
    return switch (values) {
      case Values.Ids ids -> {
        ChunkDictionary shared = block.column(rowGroup, leaf).dictionary();
        boolean isShared = shared != null && shared.size() == ids.dictionary().size();
        yield new AttributeEntries.Strings(
            isShared && shared != null ? shared : copy(ids), ids.ids());
      }
      case Values.Binary binary -> {
        int[] ids = new int[binary.count()];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = i;
        }
        yield new AttributeEntries.Strings(
            new ChunkDictionary(binary.data(), binary.offsets(), binary.count()), ids);
      }
      case Values.Longs v -> throw notStrings(leaf);
      case Values.Ints v -> throw notStrings(leaf);
      case Values.Doubles v -> throw notStrings(leaf);
      case Values.Booleans v -> throw notStrings(leaf);
    };
  }

  private static ChunkDictionary copy(Values.Ids ids) {
    int size = ids.dictionary().size();
    int[] offsets = new int[size + 1];
    for (int id = 0; id < size; id++) {
      offsets[id + 1] = Math.addExact(offsets[id], ids.dictionary().lengthBytes(id));
    }
    byte[] data = new byte[offsets[size]];
    for (int id = 0; id < size; id++) {
      ids.dictionary().copy(id, data, offsets[id]);
    }
    return new ChunkDictionary(data, offsets, size);
  }

  private static IllegalArgumentException notStrings(SchemaLeaf leaf) {
    return new IllegalArgumentException(leaf.leaf().dottedPath() + " is no column of strings");
  }

  /// The generic attributes of the rows of `owner`.
  AttributeEntries entries(Level owner) throws IOException {
    AttributeEntries found = entries.get(owner);
    if (found == null) {
      found = readEntries(owner);
      entries.put(owner, found);
    }
    return found;
  }

  private Nest entryNest(Level owner) throws IOException {
    Nest found = entryNests.get(owner);
    if (found == null) {
      SchemaLeaf leaf = block.schema().find(new LeafRole.Generic(owner, GenericPart.IS_ARRAY));
      if (leaf == null) {
        leaf = block.schema().find(new LeafRole.Generic(owner, GenericPart.KEY));
      }
      int parents = count(owner);
      found =
          leaf == null || parents == 0
              ? new Nest(null, new int[parents + 1], 0)
              : readNest(leaf, parents);
      entryNests.put(owner, found);
    }
    return found;
  }

  /// The keys of the generic attributes: row `r` of the owner has `keys.ids[offsets[r] … offsets[r
  /// + 1])`.
  record EntryKeys(int[] offsets, AttributeEntries.Strings keys) {}

  /// As [#entries], but only the keys are read.
  EntryKeys entryKeys(Level owner) throws IOException {
    AttributeEntries known = entries.get(owner);
    if (known != null) {
      return new EntryKeys(known.offsets(), known.keys());
    }
    Nest nest = entryNest(owner);
    return new EntryKeys(nest.offsets(), keys(owner, nest));
  }

  private AttributeEntries.Strings keys(Level owner, Nest nest) throws IOException {
    if (nest.count() == 0) {
      return new AttributeEntries.Strings(
          new ChunkDictionary(new byte[0], new int[1], 0), new int[0]);
    }
    SchemaLeaf key = block.schema().leaf(new LeafRole.Generic(owner, GenericPart.KEY));
    return strings(key, dense(key, nest));
  }

  private AttributeEntries readEntries(Level owner) throws IOException {
    Nest nest = entryNest(owner);
    AttributeEntries.Strings keys = keys(owner, nest);
    if (nest.count() == 0) {
      return new AttributeEntries(
          nest.offsets(), 0, keys, new byte[0], null, null, null, null, null);
    }
    byte[] arrays = new byte[nest.count()];
    SchemaLeaf isArray = block.schema().find(new LeafRole.Generic(owner, GenericPart.IS_ARRAY));
    if (isArray != null && dense(isArray, nest) instanceof Values.Booleans booleans) {
      arrays = booleans.values();
    }
    return new AttributeEntries(
        nest.offsets(),
        nest.count(),
        keys,
        arrays,
        elements(owner, GenericPart.STRING, nest),
        elements(owner, GenericPart.LONG, nest),
        elements(owner, GenericPart.DOUBLE, nest),
        elements(owner, GenericPart.BOOLEAN, nest),
        elements(owner, GenericPart.UNSUPPORTED, nest));
  }

  private AttributeEntries.@Nullable Elements elements(Level owner, GenericPart part, Nest nest)
      throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Generic(owner, part));
    return leaf == null ? null : elements(leaf, nest.count());
  }

  /// The values of an attribute with a column of its own, null if there are none.
  AttributeEntries.@Nullable Elements own(LeafRole.Attribute attribute) throws IOException {
    int parents = count(attribute.owner());
    return parents == 0 ? null : elements(block.schema().leaf(attribute), parents);
  }

  /// Reads a leaf that is repeated or optional below `parents` elements.
  private AttributeEntries.@Nullable Elements elements(SchemaLeaf leaf, int parents)
      throws IOException {
    ColumnHandle handle = block.column(rowGroup, leaf);
    if (handle.isEmpty()) {
      return null;
    }
    ColumnData data = handle.reader().read(rows);
    Values values = data.values();
    if (values.count() == 0) {
      return null;
    }
    int[] offsets =
        leaf.leaf().repetition() == Repetition.OPTIONAL
            ? optional(leaf, data.levels(), parents)
            : nest(
                    leaf,
                    null,
                    ListOffsets.of(data.levels(), leaf.leaf(), leaf.leaf().maxRepetitionLevel()),
                    parents)
                .offsets();
    if (offsets[parents] != values.count()) {
      throw block.damaged(
          "column "
              + leaf.leaf().dottedPath()
              + " has "
              + values.count()
              + " values in lists of "
              + offsets[parents],
          null);
    }
    if (leaf.leaf().type() != io.vivace.parquet.PhysicalType.BYTE_ARRAY) {
      return new AttributeEntries.Elements(offsets, values, null, null);
    }
    AttributeEntries.Strings strings = strings(leaf, values);
    return new AttributeEntries.Elements(offsets, values, strings.dictionary(), strings.ids());
  }

  private int[] optional(SchemaLeaf leaf, Levels levels, int parents) throws IOException {
    List<Integer> repeated = leaf.leaf().repeatedDefinitionLevels();
    byte[] present = levels.presence(repeated.getLast());
    if (present.length < parents) {
      throw block.damaged(
          "column "
              + leaf.leaf().dottedPath()
              + " has "
              + present.length
              + " entries for "
              + parents
              + " parents",
          null);
    }
    int[] offsets = new int[parents + 1];
    for (int i = 0; i < parents; i++) {
      offsets[i + 1] = offsets[i] + present[i];
    }
    return offsets;
  }

  /// The lists of the statistics per trace, read from one of their leaves.
  int[] statsOffsets() throws IOException {
    SchemaLeaf leaf = block.schema().find(new LeafRole.Stats(LeafRole.StatsPart.SPAN_COUNT));
    return leaf == null ? new int[rowCount + 1] : statsNest(leaf).offsets();
  }

  private @Nullable Nest stats;

  private Nest statsNest(SchemaLeaf leaf) throws IOException {
    if (stats == null) {
      stats = readNest(leaf, rowCount);
    }
    return stats;
  }

  /// One column of the statistics.
  Values stats(LeafRole.StatsPart part) throws IOException {
    SchemaLeaf count = block.schema().leaf(new LeafRole.Stats(LeafRole.StatsPart.SPAN_COUNT));
    return dense(block.schema().leaf(new LeafRole.Stats(part)), statsNest(count));
  }

  AttributeEntries.Strings statsNames() throws IOException {
    SchemaLeaf leaf = block.schema().leaf(new LeafRole.Stats(LeafRole.StatsPart.NAME));
    return strings(leaf, stats(LeafRole.StatsPart.NAME));
  }

  BlockReader block() {
    return block;
  }
}
