package io.vivace.engine.filter;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.AttributeType;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.Dictionary;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.model.TraceId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Reads fields of one batch into vectors. Confined to one thread.
final class FieldReader {
  /// Which event (or link) speaks for a span where a single value is wanted.
  enum Pick {
    FIRST,
    LAST
  }

  private final SpanBatch batch;

  FieldReader(SpanBatch batch) {
    this.batch = batch;
  }

  /// The values of `field` for `rows`. For a field of events or links and rows that are not paired
  /// with one, the value of the span's first or last one that has the field.
  ValueVector read(Field field, Rows rows, Pick pick) {
    if (!rows.has(field.level())) {
      return readFromMany(field, rows, pick);
    }
    return switch (field) {
      case Field.Attribute attribute -> attribute(attribute, rows);
      case Field.Intrinsic intrinsic -> intrinsic(intrinsic, rows);
    };
  }

  private ValueVector readFromMany(Field field, Rows rows, Pick pick) {
    Level level = field.level();
    int[] spans = rows.at(Level.SPAN);
    int[] offsets = batch.offsets(level);
    int total = 0;
    for (int span : spans) {
      total += offsets[span + 1] - offsets[span];
    }
    int[] owners = new int[total];
    int[] many = new int[total];
    int n = 0;
    for (int span : spans) {
      for (int e = offsets[span]; e < offsets[span + 1]; e++) {
        owners[n] = span;
        many[n++] = e;
      }
    }
    ValueVector all = read(field, Rows.expanded(batch, owners, many, many), pick);
    ValueVector picked = new ValueVector(spans.length, all.dictionary());
    picked.shareElements(all);
    int from = 0;
    for (int i = 0; i < spans.length; i++) {
      int to = from + offsets[spans[i] + 1] - offsets[spans[i]];
      pickOne(all, from, to, pick, picked, i);
      from = to;
    }
    return picked;
  }

  private static void pickOne(
      ValueVector all, int from, int to, Pick pick, ValueVector picked, int row) {
    for (int k = 0; k < to - from; k++) {
      int i = pick == Pick.FIRST ? from + k : to - 1 - k;
      if (all.types[i] != ValueType.NIL) {
        picked.set(row, all.types[i], all.values[i]);
        return;
      }
    }
  }

  private ValueVector attribute(Field.Attribute field, Rows rows) {
    return switch (field.owner()) {
      case SPAN_OR_RESOURCE -> spanOrResource(field.key(), rows);
      case RESOURCE -> field.isServiceName() ? serviceName(rows) : owned(field, rows);
      case SPAN, SCOPE, EVENT, LINK -> owned(field, rows);
    };
  }

  private ValueVector owned(Field.Attribute field, Rows rows) {
    AttributeColumn column = batch.attribute(field.level(), field.key());
    ValueVector out = new ValueVector(rows.size(), column.dictionary());
    fill(column, rows.at(field.level()), out, 0);
    return out;
  }

  private ValueVector serviceName(Rows rows) {
    return strings(StringField.SERVICE_NAME, rows);
  }

  private ValueVector spanOrResource(String key, Rows rows) {
    AttributeColumn own = batch.attribute(Level.SPAN, key);
    ValueVector inherited = attribute(new Field.Attribute(Field.Owner.RESOURCE, key), rows);
    if (own.isEmpty()) {
      return inherited;
    }
    Dictionary both = ByteStrings.concat(inherited.dictionary(), own.dictionary());
    int shift = both == own.dictionary() ? 0 : inherited.dictionary().size();
    ValueVector out = new ValueVector(rows.size(), both);
    out.copyFrom(inherited);
    fill(own, rows.at(Level.SPAN), out, shift);
    return out;
  }

  /// Writes the values of the column for the rows at `at`; rows without a value are left alone.
  private static void fill(AttributeColumn column, int[] at, ValueVector out, int idShift) {
    int size = column.size();
    int[] rows = column.rows();
    int[] starts = column.starts();
    int entry = 0;
    for (int i = 0; i < out.size(); i++) {
      int row = at[i];
      if (row < 0 || size == 0) {
        continue;
      }
      entry = find(rows, size, entry, row);
      if (entry >= size || rows[entry] != row) {
        entry = Math.min(entry, size - 1);
        continue;
      }
      int from = starts[entry];
      int to = starts[entry + 1];
      byte type = ValueType.of(AttributeType.of(column.types()[entry]), to - from);
      if (ValueType.isArray(type)) {
        out.setArray(i, type, column.values(), from, to, idShift);
      } else if (type == ValueType.VOID) {
        out.set(i, type, 0);
      } else {
        long value = column.values()[from];
        out.set(i, type, type == ValueType.STRING ? value + idShift : value);
      }
    }
  }

  /// The first entry at or behind `row`, searched from `hint`, where the last one was found.
  private static int find(int[] rows, int size, int hint, int row) {
    int low = 0;
    int high = size;
    if (rows[hint] <= row) {
      low = hint;
      int step = 1;
      while (low + step < size && rows[low + step] < row) {
        low += step;
        step <<= 1;
      }
      high = Math.min(size, low + step + 1);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows[middle] < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private ValueVector intrinsic(Field.Intrinsic field, Rows rows) {
    return switch (field) {
      case NAME -> strings(StringField.SPAN_NAME, rows);
      case STATUS_MESSAGE -> strings(StringField.SPAN_STATUS_MESSAGE, rows);
      case ROOT_NAME -> strings(StringField.ROOT_SPAN_NAME, rows);
      case ROOT_SERVICE -> strings(StringField.ROOT_SERVICE_NAME, rows);
      case EVENT_NAME -> strings(StringField.EVENT_NAME, rows);
      case SCOPE_NAME -> strings(StringField.SCOPE_NAME, rows);
      case SCOPE_VERSION -> strings(StringField.SCOPE_VERSION, rows);
      case DURATION -> longs(LongField.SPAN_DURATION, ValueType.DURATION, rows);
      case SPAN_START -> longs(LongField.SPAN_START, ValueType.INT, rows);
      case TRACE_DURATION -> longs(LongField.TRACE_DURATION, ValueType.DURATION, rows);
      case EVENT_TIME_SINCE_START ->
          longs(LongField.EVENT_TIME_SINCE_START, ValueType.DURATION, rows);
      case STATUS -> ints(IntField.SPAN_STATUS, ValueType.STATUS, rows);
      case KIND -> ints(IntField.SPAN_KIND, ValueType.KIND, rows);
      case CHILD_COUNT -> ints(IntField.CHILD_COUNT, ValueType.INT, rows);
      case NESTED_SET_LEFT -> ints(IntField.NESTED_SET_LEFT, ValueType.INT, rows);
      case NESTED_SET_RIGHT -> ints(IntField.NESTED_SET_RIGHT, ValueType.INT, rows);
      case NESTED_SET_PARENT -> ints(IntField.NESTED_SET_PARENT, ValueType.INT, rows);
      case SPAN_ID -> ids(BytesField.SPAN_ID, rows);
      case PARENT_ID -> ids(BytesField.PARENT_SPAN_ID, rows);
      case LINK_TRACE_ID -> ids(BytesField.LINK_TRACE_ID, rows);
      case LINK_SPAN_ID -> ids(BytesField.LINK_SPAN_ID, rows);
      case TRACE_ID -> traceIds(rows);
    };
  }

  private ValueVector strings(StringField field, Rows rows) {
    StringColumn column = batch.strings(field);
    int[] at = rows.at(field.level());
    ValueVector out = new ValueVector(rows.size(), column.dictionary());
    int[] ids = column.ids();
    for (int i = 0; i < out.size(); i++) {
      if (at[i] >= 0) {
        out.set(i, ValueType.STRING, ids[at[i]]);
      }
    }
    return out;
  }

  private ValueVector longs(LongField field, byte type, Rows rows) {
    long[] values = batch.longs(field);
    int[] at = rows.at(field.level());
    ValueVector out = new ValueVector(rows.size(), ByteStrings.EMPTY);
    for (int i = 0; i < out.size(); i++) {
      if (at[i] >= 0) {
        out.set(i, type, values[at[i]]);
      }
    }
    return out;
  }

  private ValueVector ints(IntField field, byte type, Rows rows) {
    int[] values = batch.ints(field);
    int[] at = rows.at(field.level());
    ValueVector out = new ValueVector(rows.size(), ByteStrings.EMPTY);
    for (int i = 0; i < out.size(); i++) {
      if (at[i] >= 0) {
        out.set(i, type, values[at[i]]);
      }
    }
    return out;
  }

  private ValueVector ids(BytesField field, Rows rows) {
    BytesColumn column = batch.bytes(field);
    int[] at = rows.at(field.level());
    ByteStrings texts = new ByteStrings(rows.size());
    ValueVector out = new ValueVector(rows.size(), texts);
    for (int i = 0; i < out.size(); i++) {
      if (at[i] >= 0) {
        int from = column.offsets()[at[i]];
        int length = column.length(at[i]);
        TraceId id = TraceId.from(column.data(), from, length);
        String text = field == BytesField.LINK_TRACE_ID ? traceIdText(id) : spanIdText(id);
        out.set(i, ValueType.STRING, texts.add(text.getBytes(StandardCharsets.US_ASCII)));
      }
    }
    return out;
  }

  private ValueVector traceIds(Rows rows) {
    long[] high = batch.traceIdsHigh();
    long[] low = batch.traceIdsLow();
    int[] at = rows.at(Level.TRACE);
    ByteStrings texts = new ByteStrings(rows.size());
    ValueVector out = new ValueVector(rows.size(), texts);
    int lastTrace = -1;
    int lastId = -1;
    for (int i = 0; i < out.size(); i++) {
      if (at[i] != lastTrace) {
        lastTrace = at[i];
        String text = traceIdText(new TraceId(high[lastTrace], low[lastTrace]));
        lastId = texts.add(text.getBytes(StandardCharsets.US_ASCII));
      }
      out.set(i, ValueType.STRING, lastId);
    }
    return out;
  }

  /// Without leading zeros, as fields show trace ids.
  static String traceIdText(TraceId id) {
    String hex = id.toHex();
    int start = 0;
    while (start < hex.length() && hex.charAt(start) == '0') {
      start++;
    }
    return hex.substring(start);
  }

  /// 16 digits; more for ids that are longer than span ids are.
  static String spanIdText(TraceId id) {
    return id.high() == 0 ? HexFormat.of().toHexDigits(id.low()) : traceIdText(id);
  }
}
