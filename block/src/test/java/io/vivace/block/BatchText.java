package io.vivace.block;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.AttributeType;
import io.vivace.batch.Bitmap;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;

/// What a batch says of some of its rows, through every accessor, as comparable lines.
final class BatchText {
  private final SpanBatch batch;
  private final Bitmap traces;
  private final List<String> lines = new ArrayList<>();

  private BatchText(SpanBatch batch, Bitmap traces) {
    this.batch = batch;
    this.traces = traces;
  }

  /// @param keys of each owner, in ordinal order of [Level]
  static List<String> of(SpanBatch batch, Bitmap traces, List<SortedSet<String>> keys) {
    return new BatchText(batch, traces).print(keys);
  }

  static List<SortedSet<String>> keys(SpanBatch batch) {
    List<SortedSet<String>> keys = new ArrayList<>();
    for (Level level : Level.values()) {
      keys.add(level == Level.TRACE ? new java.util.TreeSet<>() : batch.attributeKeys(level));
    }
    return keys;
  }

  private List<String> print(List<SortedSet<String>> keys) {
    for (int t = traces.next(0); t >= 0; t = traces.next(t + 1)) {
      lines.add("trace " + batch.traceIdsHigh()[t] + " " + batch.traceIdsLow()[t]);
    }
    for (LongField field : LongField.values()) {
      long[] values = batch.longs(field);
      forRows(field.level(), field.name(), row -> Long.toString(values[row]));
    }
    for (IntField field : IntField.values()) {
      int[] values = batch.ints(field);
      forRows(field.level(), field.name(), row -> Integer.toString(values[row]));
    }
    for (StringField field : StringField.values()) {
      StringColumn column = batch.strings(field);
      forRows(field.level(), field.name(), row -> column.dictionary().string(column.ids()[row]));
    }
    for (BytesField field : BytesField.values()) {
      BytesColumn column = batch.bytes(field);
      forRows(
          field.level(),
          field.name(),
          row ->
              HexFormat.of()
                  .formatHex(column.data(), column.offsets()[row], column.offsets()[row + 1]));
    }
    for (Level level : Level.values()) {
      for (String key : keys.get(level.ordinal())) {
        attribute(level, key);
      }
    }
    return lines;
  }

  private interface Cell {
    String text(int row);
  }

  private void forRows(Level level, String name, Cell cell) {
    int[] bounds = new int[2];
    for (int t = traces.next(0); t >= 0; t = traces.next(t + 1)) {
      bounds(level, t, bounds);
      StringBuilder line = new StringBuilder(name).append(' ').append(bounds[1] - bounds[0]);
      for (int row = bounds[0]; row < bounds[1]; row++) {
        line.append(" | ").append(cell.text(row));
        if (level != Level.TRACE) {
          line.append('^').append(batch.parents(level)[row] - firstParent(level, t));
        }
      }
      lines.add(line.toString());
    }
  }

  private int firstParent(Level level, int trace) {
    int[] bounds = new int[2];
    bounds(level.parent(), trace, bounds);
    return bounds[0];
  }

  private void bounds(Level level, int trace, int[] bounds) {
    if (level == Level.TRACE) {
      bounds[0] = trace;
      bounds[1] = trace + 1;
      return;
    }
    bounds(level.parent(), trace, bounds);
    bounds[0] = batch.offsets(level)[bounds[0]];
    bounds[1] = batch.offsets(level)[bounds[1]];
  }

  private void attribute(Level level, String key) {
    AttributeColumn column = batch.attribute(level, key);
    String[] texts = new String[batch.count(level)];
    for (int i = 0; i < column.size(); i++) {
      StringBuilder text = new StringBuilder();
      AttributeType type = AttributeType.of(column.types()[i]);
      text.append(type);
      for (int v = column.starts()[i]; v < column.starts()[i + 1]; v++) {
        boolean isText = type == AttributeType.STRING || type == AttributeType.STRING_ARRAY;
        text.append(' ')
            .append(
                isText
                    ? column.dictionary().string((int) column.values()[v])
                    : Long.toString(column.values()[v]));
      }
      if (texts[column.rows()[i]] != null) {
        throw new AssertionError("row " + column.rows()[i] + " occurs twice for " + key);
      }
      texts[column.rows()[i]] = text.toString();
    }
    forRows(level, level + "." + key, row -> String.valueOf(texts[row]));
  }
}
