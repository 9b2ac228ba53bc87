package io.vivace.block;

import io.vivace.batch.AttributeType;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.Dictionary;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TraceId;
import io.vivace.parquet.BinaryDictionary;
import io.vivace.parquet.ColumnOptions;
import io.vivace.parquet.Encoding;
import io.vivace.parquet.Levels;
import io.vivace.parquet.ParquetWriter;
import io.vivace.parquet.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a range of rows of trace columns as one row group. Only one column is laid out for
/// Parquet at a time, so what this needs besides the source is a few vectors. For one call.
final class RowGroupEncoder {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// A chunk with fewer values keeps its dictionary: there is nothing to save.
  private static final int MIN_VALUES_WITHOUT_DICTIONARY = 1024;

  private final BlockSchema schema;
  private final TraceColumns traces;
  private final Range[] ranges = new Range[Level.values().length];
  private final Levels[] levels = new Levels[Level.values().length];
  private final Map<Level, AttributeSplit> splits = new EnumMap<>(Level.class);
  private final Map<Level, Levels> entryLevels = new EnumMap<>(Level.class);
  private final Map<Level, Levels> noElements = new EnumMap<>(Level.class);
  private final Map<Level, Levels> noColumnElements = new EnumMap<>(Level.class);
  private final BinaryDictionary pool;
  private final int[] seenInColumn;
  private int columnNumber;
  private @Nullable Levels statsLevels;

  RowGroupEncoder(BlockSchema schema, TraceColumns traces, int from, int to) {
    this.schema = schema;
    this.traces = traces;
    this.pool = new PoolView(traces.pool());
    this.seenInColumn = new int[traces.pool().size()];
    set(Level.TRACE, from, to, Levels.rows(to - from));
    for (Level level : List.of(Level.RESOURCE, Level.SCOPE, Level.SPAN, Level.EVENT, Level.LINK)) {
      Level parent = level.parent();
      if (parent == null) {
        throw new IllegalStateException("level without parent");
      }
      Range above = range(parent);
      int[] offsets = traces.offsets(level);
      set(
          level,
          offsets[above.from()],
          offsets[above.to()],
          levels(parent).repeated(offsets, above.from()));
    }
  }

  private void set(Level level, int from, int to, Levels ofLevel) {
    ranges[level.ordinal()] = new Range(from, to);
    levels[level.ordinal()] = ofLevel;
  }

  private Range range(Level level) {
    return ranges[level.ordinal()];
  }

  private Levels levels(Level level) {
    return levels[level.ordinal()];
  }

  void write(ParquetWriter writer) throws IOException {
    for (SchemaLeaf leaf : schema.leaves()) {
      columnNumber++;
      write(writer, leaf);
    }
  }

  private void write(ParquetWriter writer, SchemaLeaf leaf) throws IOException {
    switch (leaf.role()) {
      case LeafRole.TraceIdBytes() -> writer.column(levels(Level.TRACE), traceIds());
      case LeafRole.TraceIdText() -> writer.column(levels(Level.TRACE), traceIdTexts());
      case LeafRole.Longs(LongField field) -> writer.column(levels(field.level()), longs(field));
      case LeafRole.Ints ints -> {
        int[] values = traces.ints(ints.field());
        Level level = ints.field().level();
        writer.column(
            levels(level),
            switch (leaf.leaf().type()) {
              case INT64 -> widen(values, level);
              default -> ints(values, level);
            });
      }
      case LeafRole.Strings strings -> {
        Level level = strings.field().level();
        Range range = range(level);
        int[] ids = traces.strings(strings.field()).ids();
        writeStrings(
            writer, leaf, levels(level), slice(ids, range.from(), range.to()), range.count());
      }
      case LeafRole.Bytes bytes -> {
        BytesColumn column = traces.bytes(bytes.field());
        Range range = range(bytes.field().level());
        int[] offsets = slice(column.offsets(), range.from(), range.to() + 1);
        writer.column(
            levels(bytes.field().level()),
            new Values.Binary(column.data(), offsets, range.count()));
      }
      case LeafRole.Stats stats -> writeStats(writer, leaf, stats.part());
      case LeafRole.Generic generic -> writeGeneric(writer, leaf, generic);
      case LeafRole.DroppedAttributes dropped ->
          writer.column(
              levels(dropped.owner()),
              ints(traces.droppedAttributes(dropped.owner()), dropped.owner()));
      case LeafRole.DroppedEvents() ->
          writer.column(levels(Level.SPAN), ints(traces.droppedEvents(), Level.SPAN));
      case LeafRole.DroppedLinks() ->
          writer.column(levels(Level.SPAN), ints(traces.droppedLinks(), Level.SPAN));
      case LeafRole.Attribute attribute -> writeColumn(writer, leaf, attribute);
      case LeafRole.StartRounded(int seconds) ->
          writer.column(levels(Level.SPAN), roundedStarts(seconds));
      case LeafRole.SpanCount() -> writer.column(levels(Level.SCOPE), spanCounts());
      case LeafRole.Unused() ->
          throw new IllegalArgumentException("unused columns are not written");
    }
  }

  private Values traceIds() {
    Range range = range(Level.TRACE);
    byte[] data = new byte[range.count() * TraceId.BYTES];
    int[] offsets = new int[range.count() + 1];
    for (int i = 0; i < range.count(); i++) {
      traceId(range.from() + i).write(data, i * TraceId.BYTES);
      offsets[i + 1] = (i + 1) * TraceId.BYTES;
    }
    return new Values.Binary(data, offsets, range.count());
  }

  private Values traceIdTexts() {
    Range range = range(Level.TRACE);
    byte[] data = new byte[range.count() * TraceId.BYTES * 2];
    int[] offsets = new int[range.count() + 1];
    int at = 0;
    for (int i = 0; i < range.count(); i++) {
      byte[] hex = traceId(range.from() + i).toHex().getBytes(StandardCharsets.ISO_8859_1);
      int start = 0;
      while (start < hex.length && hex[start] == '0') {
        start++;
      }
      System.arraycopy(hex, start, data, at, hex.length - start);
      at += hex.length - start;
      offsets[i + 1] = at;
    }
    return new Values.Binary(data, offsets, range.count());
  }

  private TraceId traceId(int row) {
    return new TraceId(traces.traceIdsHigh()[row], traces.traceIdsLow()[row]);
  }

  /// Durations that would be 2^63 or more (an end before its start) become 0: readers compare the
  /// bounds of the column as signed numbers and would skip the whole row group.
  private Values longs(LongField field) {
    Range range = range(field.level());
    long[] values = Arrays.copyOfRange(traces.longs(field), range.from(), range.to());
    if (field == LongField.SPAN_DURATION || field == LongField.TRACE_DURATION) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(0, values[i]);
      }
    }
    return new Values.Longs(values, values.length);
  }

  private Values ints(int[] values, Level level) {
    Range range = range(level);
    return new Values.Ints(slice(values, range.from(), range.to()), range.count());
  }

  private Values widen(int[] values, Level level) {
    Range range = range(level);
    long[] wide = new long[range.count()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[range.from() + i];
    }
    return new Values.Longs(wide, wide.length);
  }

  private static int[] slice(int[] values, int from, int to) {
    return from == 0 ? values : Arrays.copyOfRange(values, from, to);
  }

  private void writeStrings(
      ParquetWriter writer, SchemaLeaf leaf, Levels ofValues, int[] ids, int count)
      throws IOException {
    ColumnOptions options = leaf.options();
    if (options.encoding() == Encoding.DICTIONARY
        && !isKey(leaf.role())
        && isMostlyDistinct(ids, count)) {
      options = options.withEncoding(Encoding.DELTA_LENGTH_BYTE_ARRAY);
    }
    Values values =
        options.encoding() == Encoding.DICTIONARY
            ? new Values.Ids(ids, count, pool)
            : binary(ids, count);
    writer.column(ofValues, values, options);
  }

  private static boolean isKey(LeafRole role) {
    return role instanceof LeafRole.Generic generic && generic.part() == LeafRole.GenericPart.KEY;
  }

  private boolean isMostlyDistinct(int[] ids, int count) {
    if (count < MIN_VALUES_WITHOUT_DICTIONARY) {
      return false;
    }
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      distinct += seenInColumn[id] == columnNumber ? 0 : 1;
      seenInColumn[id] = columnNumber;
    }
    return distinct > count / 2;
  }

  private Values binary(int[] ids, int count) {
    int[] offsets = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += pool.lengthBytes(ids[i]);
      offsets[i + 1] = Math.toIntExact(total);
    }
    byte[] data = new byte[(int) total];
    for (int i = 0; i < count; i++) {
      if (ids[i] != 0) {
        pool.copy(ids[i], data, offsets[i]);
      }
    }
    return new Values.Binary(data, offsets, count);
  }

  private void writeStats(ParquetWriter writer, SchemaLeaf leaf, LeafRole.StatsPart part)
      throws IOException {
    TraceColumns.ServiceStats stats = traces.serviceStats();
    Range range = range(Level.TRACE);
    int from = stats.offsets()[range.from()];
    int to = stats.offsets()[range.to()];
    if (statsLevels == null) {
      statsLevels = levels(Level.TRACE).repeated(stats.offsets(), range.from());
    }
    switch (part) {
      case NAME ->
          writeStrings(writer, leaf, statsLevels, slice(stats.names(), from, to), to - from);
      case SPAN_COUNT ->
          writer.column(
              statsLevels, new Values.Ints(slice(stats.spanCounts(), from, to), to - from));
      case ERROR_COUNT ->
          writer.column(
              statsLevels, new Values.Ints(slice(stats.errorCounts(), from, to), to - from));
    }
  }

  private AttributeSplit split(Level owner) {
    return splits.computeIfAbsent(
        owner,
        level -> {
          Range range = range(level);
          return AttributeSplit.of(
              traces, level, range.from(), range.to(), schema.attributeColumns(level));
        });
  }

  private void writeGeneric(ParquetWriter writer, SchemaLeaf leaf, LeafRole.Generic role)
      throws IOException {
    AttributeSplit split = split(role.owner());
    Levels entries =
        entryLevels.computeIfAbsent(
            role.owner(), owner -> levels(owner).repeated(split.genericOffsets(), 0));
    int count = split.genericCount();
    switch (role.part()) {
      case KEY -> writeStrings(writer, leaf, entries, split.genericKeys(), count);
      case IS_ARRAY -> writer.column(entries, new Values.Booleans(split.genericArrays(), count));
      case STRING ->
          writeElements(
              writer,
              leaf,
              role.owner(),
              split.generic(AttributeType.STRING, AttributeType.STRING_ARRAY));
      case LONG ->
          writeElements(
              writer,
              leaf,
              role.owner(),
              split.generic(AttributeType.LONG, AttributeType.LONG_ARRAY));
      case DOUBLE ->
          writeElements(
              writer,
              leaf,
              role.owner(),
              split.generic(AttributeType.DOUBLE, AttributeType.DOUBLE_ARRAY));
      case BOOLEAN ->
          writeElements(
              writer,
              leaf,
              role.owner(),
              split.generic(AttributeType.BOOLEAN, AttributeType.BOOLEAN_ARRAY));
      case UNSUPPORTED -> writeUnsupported(writer, entries, split);
    }
  }

  private void writeUnsupported(ParquetWriter writer, Levels entries, AttributeSplit split)
      throws IOException {
    AttributeSplit.Elements found =
        split.generic(AttributeType.UNSUPPORTED, AttributeType.UNSUPPORTED);
    if (found == null) {
      writer.column(entries.nulls(), binary(new int[0], 0));
      return;
    }
    byte[] present = new byte[split.genericCount()];
    for (int i = 0; i < present.length; i++) {
      present[i] = (byte) (found.offsets()[i + 1] - found.offsets()[i]);
    }
    int[] ids = narrow(found.values());
    writer.column(entries.optional(present, 0), binary(ids, ids.length));
  }

  private void writeElements(
      ParquetWriter writer, SchemaLeaf leaf, Level owner, AttributeSplit.@Nullable Elements found)
      throws IOException {
    Levels entries = entryLevels.get(owner);
    if (entries == null) {
      throw new IllegalStateException("the key comes before the values");
    }
    Levels ofValues =
        found == null
            ? noElements.computeIfAbsent(owner, level -> entries.emptyLists())
            : entries.repeated(found.offsets(), 0);
    writeElements(writer, leaf, ofValues, found);
  }

  private void writeColumn(ParquetWriter writer, SchemaLeaf leaf, LeafRole.Attribute role)
      throws IOException {
    int column = schema.attributeColumns(role.owner()).indexOf(role);
    AttributeSplit.Elements found = split(role.owner()).column(column);
    Levels ofRows = levels(role.owner());
    Levels ofValues =
        found == null
            ? noColumnElements.computeIfAbsent(role.owner(), level -> ofRows.emptyLists())
            : ofRows.repeated(found.offsets(), 0);
    writeElements(writer, leaf, ofValues, found);
  }

  private void writeElements(
      ParquetWriter writer,
      SchemaLeaf leaf,
      Levels ofValues,
      AttributeSplit.@Nullable Elements found)
      throws IOException {
    long[] values = found == null ? new long[0] : found.values();
    switch (leaf.leaf().type()) {
      case BYTE_ARRAY -> writeStrings(writer, leaf, ofValues, narrow(values), values.length);
      case INT64 -> writer.column(ofValues, new Values.Longs(values, values.length));
      case DOUBLE -> {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
          doubles[i] = Double.longBitsToDouble(values[i]);
        }
        writer.column(ofValues, new Values.Doubles(doubles, doubles.length));
      }
      case BOOLEAN -> {
        byte[] booleans = new byte[values.length];
        for (int i = 0; i < booleans.length; i++) {
          booleans[i] = (byte) values[i];
        }
        writer.column(ofValues, new Values.Booleans(booleans, booleans.length));
      }
      case INT32, INT96, FLOAT, FIXED_LEN_BYTE_ARRAY ->
          throw new IllegalArgumentException("no attribute is stored as " + leaf.leaf().type());
    }
  }

  private static int[] narrow(long[] values) {
    int[] narrow = new int[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (int) values[i];
    }
    return narrow;
  }

  /// Intervals are open on the left and closed on the right; 0 stands for an unset start.
  private Values roundedStarts(int seconds) {
    Range range = range(Level.SPAN);
    long[] starts = traces.longs(LongField.SPAN_START);
    long step = seconds * NANOS_PER_SECOND;
    int[] rounded = new int[range.count()];
    for (int i = 0; i < rounded.length; i++) {
      long start = starts[range.from() + i];
      if (start > 0) {
        rounded[i] = (int) ((start - 1) / step);
      } else if (start < 0) {
        rounded[i] = (int) Long.divideUnsigned(start - 1, step);
      }
    }
    return new Values.Ints(rounded, rounded.length);
  }

  private Values spanCounts() {
    Range range = range(Level.SCOPE);
    int[] offsets = traces.offsets(Level.SPAN);
    int[] counts = new int[range.count()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = offsets[range.from() + i + 1] - offsets[range.from() + i];
    }
    return new Values.Ints(counts, counts.length);
  }

  private record Range(int from, int to) {
    int count() {
      return to - from;
    }
  }

  private record PoolView(Dictionary strings) implements BinaryDictionary {
    @Override
    public int size() {
      return strings.size();
    }

    @Override
    public int lengthBytes(int id) {
      return strings.lengthBytes(id);
    }

    @Override
    public void copy(int id, byte[] target, int offset) {
      strings.copy(id, target, offset);
    }
  }
}
