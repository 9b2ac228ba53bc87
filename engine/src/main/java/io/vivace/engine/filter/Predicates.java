package io.vivace.engine.filter;

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
import io.vivace.model.TraceId;
import org.jspecify.annotations.Nullable;

/// Evaluates tests over whole columns of one batch: each distinct string once, rows as bits at the
/// column's own level. Confined to one thread.
final class Predicates {
  private final SpanBatch batch;
  private final TextMemo memo;

  Predicates(SpanBatch batch, TextMemo memo) {
    this.batch = batch;
    this.memo = memo;
  }

  /// The rows of the field's level whose value passes.
  Bitmap rows(Field field, Test test) {
    return switch (field) {
      case Field.Attribute attribute -> attribute(attribute, test);
      case Field.Intrinsic intrinsic -> intrinsic(intrinsic, test);
    };
  }

  /// False if a required `field = text` cannot hold anywhere in the batch.
  boolean mayHold(Field field, byte[] text) {
    return switch (field) {
      case Field.Attribute attribute -> mayHold(attribute, text);
      case Field.Intrinsic intrinsic -> {
        StringField column = stringField(intrinsic);
        yield column == null || batch.mayHold(column, text);
      }
    };
  }

  private boolean mayHold(Field.Attribute field, byte[] text) {
    String key = field.key();
    return switch (field.owner()) {
      case SPAN_OR_RESOURCE ->
          batch.mayHold(Level.SPAN, key, text)
              || mayHold(new Field.Attribute(Field.Owner.RESOURCE, key), text);
      case RESOURCE ->
          field.isServiceName()
              ? batch.mayHold(StringField.SERVICE_NAME, text)
              : batch.mayHold(Level.RESOURCE, key, text);
      case SPAN, SCOPE, EVENT, LINK -> batch.mayHold(field.level(), key, text);
    };
  }

  // ---- attributes

  private Bitmap attribute(Field.Attribute field, Test test) {
    if (field.owner() == Field.Owner.SPAN_OR_RESOURCE) {
      return spanOrResource(field.key(), test);
    }
    Level level = field.level();
    if (field.isServiceName()) {
      switch (test) {
        case Test.Text text -> {
          return strings(StringField.SERVICE_NAME, text);
        }
        case Test.Present _ -> {
          return Bitmap.all(batch.count(level));
        }
        case Test.Absent _ -> {
          return new Bitmap(batch.count(level));
        }
        default -> {}
      }
    }
    return column(batch.attribute(level, field.key()), level, test);
  }

  private Bitmap spanOrResource(String key, Test test) {
    AttributeColumn own = batch.attribute(Level.SPAN, key);
    Bitmap inherited =
        Levels.lowerToSpans(
            batch, attribute(new Field.Attribute(Field.Owner.RESOURCE, key), test), Level.RESOURCE);
    int[] rows = own.rows();
    for (int e = 0; e < own.size(); e++) {
      inherited.clear(rows[e]);
    }
    if (!(test instanceof Test.Absent)) {
      inherited.or(column(own, Level.SPAN, test));
    }
    return inherited;
  }

  private Bitmap column(AttributeColumn column, Level level, Test test) {
    Bitmap out = new Bitmap(batch.count(level));
    switch (test) {
      case Test.Absent _ -> {
        out.setAll();
        for (int e = 0; e < column.size(); e++) {
          out.clear(column.rows()[e]);
        }
      }
      case Test.Present _ -> present(column, out);
      case Test.Text text -> texts(column, text, level, out);
      case Test.Whole whole -> wholes(column, whole, out);
      case Test.Real real -> reals(column, real, out);
      case Test.Id _, Test.Never _ -> {}
    }
    return out;
  }

  private static void present(AttributeColumn column, Bitmap out) {
    for (int e = 0; e < column.size(); e++) {
      int length = column.starts()[e + 1] - column.starts()[e];
      byte type = ValueType.of(AttributeType.of(column.types()[e]), length);
      if (type != ValueType.VOID) {
        out.set(column.rows()[e]);
      }
    }
  }

  private void texts(AttributeColumn column, Test.Text test, Level level, Bitmap out) {
    if (column.isEmpty()) {
      return;
    }
    byte scalar = AttributeType.STRING.code();
    byte array = AttributeType.STRING_ARRAY.code();
    TextMemo.Table table = memo.table(test, column.dictionary(), level);
    if (table.acceptsNothing() && !test.isNegated()) {
      return;
    }
    int[] rows = column.rows();
    int[] starts = column.starts();
    long[] values = column.values();
    byte[] types = column.types();
    for (int e = 0; e < column.size(); e++) {
      if (types[e] != scalar && types[e] != array) {
        continue;
      }
      int to = starts[e + 1];
      boolean any = false;
      for (int k = starts[e]; k < to && !any; k++) {
        any = table.accepts((int) values[k]);
      }
      if (any != test.isNegated() && to > starts[e]) {
        out.set(rows[e]);
      }
    }
  }

  private static void wholes(AttributeColumn column, Test.Whole test, Bitmap out) {
    byte scalar;
    byte array;
    switch (test.type()) {
      case ValueType.INT -> {
        scalar = AttributeType.LONG.code();
        array = AttributeType.LONG_ARRAY.code();
      }
      case ValueType.BOOL -> {
        scalar = AttributeType.BOOLEAN.code();
        array = AttributeType.BOOLEAN_ARRAY.code();
      }
      default -> {
        return;
      }
    }
    int[] starts = column.starts();
    for (int e = 0; e < column.size(); e++) {
      byte type = column.types()[e];
      if (type != scalar && type != array) {
        continue;
      }
      boolean any = false;
      for (int k = starts[e]; k < starts[e + 1] && !any; k++) {
        any = test.accepts(column.values()[k]);
      }
      if (any != test.isNegated() && starts[e + 1] > starts[e]) {
        out.set(column.rows()[e]);
      }
    }
  }

  private static void reals(AttributeColumn column, Test.Real test, Bitmap out) {
    byte scalar = AttributeType.DOUBLE.code();
    byte array = AttributeType.DOUBLE_ARRAY.code();
    int[] starts = column.starts();
    for (int e = 0; e < column.size(); e++) {
      byte type = column.types()[e];
      if (type != scalar && type != array) {
        continue;
      }
      boolean any = false;
      for (int k = starts[e]; k < starts[e + 1] && !any; k++) {
        any = test.accepts(column.values()[k]);
      }
      if (any != test.isNegated() && starts[e + 1] > starts[e]) {
        out.set(column.rows()[e]);
      }
    }
  }

  // ---- intrinsics

  private Bitmap intrinsic(Field.Intrinsic field, Test test) {
    int count = batch.count(field.level());
    return switch (test) {
      case Test.Present _ -> Bitmap.all(count);
      case Test.Absent _, Test.Never _, Test.Real _ -> new Bitmap(count);
      case Test.Text text -> {
        StringField column = stringField(field);
        yield column == null ? new Bitmap(count) : strings(column, text);
      }
      case Test.Whole whole -> wholes(field, whole);
      case Test.Id id -> ids(field, id);
    };
  }

  private Bitmap strings(StringField field, Test.Text test) {
    StringColumn column = batch.strings(field);
    int count = batch.count(field.level());
    Bitmap out = new Bitmap(count);
    TextMemo.Table table = memo.table(test, column.dictionary(), field.level());
    boolean isNegated = test.isNegated();
    if (table.acceptsNothing()) {
      return isNegated ? Bitmap.all(count) : out;
    }
    int[] ids = column.ids();
    for (int i = 0; i < count; i++) {
      if (table.accepts(ids[i]) != isNegated) {
        out.set(i);
      }
    }
    return out;
  }

  private Bitmap wholes(Field.Intrinsic field, Test.Whole test) {
    int count = batch.count(field.level());
    LongField longs = longField(field);
    if (longs != null) {
      return test instanceof Test.WholeRange range
          ? range(batch.longs(longs), count, range)
          : longs(batch.longs(longs), count, test);
    }
    IntField ints = intField(field);
    return ints == null ? new Bitmap(count) : ints(batch.ints(ints), count, test);
  }

  private static Bitmap range(long[] values, int count, Test.WholeRange range) {
    Bitmap out = new Bitmap(count);
    long[] words = out.words();
    long from = range.from();
    long to = range.to();
    for (int w = 0; w < words.length; w++) {
      long word = 0;
      int base = w << 6;
      int end = Math.min(64, count - base);
      for (int b = 0; b < end; b++) {
        long value = values[base + b];
        word |= (value >= from & value <= to ? 1L : 0L) << b;
      }
      words[w] = word;
    }
    return out;
  }

  private static Bitmap longs(long[] values, int count, Test.Whole test) {
    Bitmap out = new Bitmap(count);
    for (int i = 0; i < count; i++) {
      if (test.accepts(values[i]) != test.isNegated()) {
        out.set(i);
      }
    }
    return out;
  }

  private static Bitmap ints(int[] values, int count, Test.Whole test) {
    Bitmap out = new Bitmap(count);
    for (int i = 0; i < count; i++) {
      if (test.accepts(values[i]) != test.isNegated()) {
        out.set(i);
      }
    }
    return out;
  }

  private Bitmap ids(Field.Intrinsic field, Test.Id test) {
    int count = batch.count(field.level());
    Bitmap out = new Bitmap(count);
    if (field == Field.Intrinsic.TRACE_ID) {
      long[] high = batch.traceIdsHigh();
      long[] low = batch.traceIdsLow();
      for (int i = 0; i < count; i++) {
        if (test.matches(high[i], low[i])) {
          out.set(i);
        }
      }
      return out;
    }
    BytesField bytes = bytesField(field);
    if (bytes == null) {
      return out;
    }
    BytesColumn column = batch.bytes(bytes);
    byte[] data = column.data();
    int[] offsets = column.offsets();
    for (int i = 0; i < count; i++) {
      int length = offsets[i + 1] - offsets[i];
      if (length <= 8) {
        long id = 0;
        for (int k = offsets[i]; k < offsets[i + 1]; k++) {
          id = id << 8 | data[k] & 0xff;
        }
        if (test.matches(0, id)) {
          out.set(i);
        }
      } else {
        TraceId id = TraceId.from(data, offsets[i], length);
        if (test.matches(id.high(), id.low())) {
          out.set(i);
        }
      }
    }
    return out;
  }

  private static @Nullable StringField stringField(Field.Intrinsic field) {
    return switch (field) {
      case NAME -> StringField.SPAN_NAME;
      case STATUS_MESSAGE -> StringField.SPAN_STATUS_MESSAGE;
      case ROOT_NAME -> StringField.ROOT_SPAN_NAME;
      case ROOT_SERVICE -> StringField.ROOT_SERVICE_NAME;
      case EVENT_NAME -> StringField.EVENT_NAME;
      case SCOPE_NAME -> StringField.SCOPE_NAME;
      case SCOPE_VERSION -> StringField.SCOPE_VERSION;
      default -> null;
    };
  }

  private static @Nullable LongField longField(Field.Intrinsic field) {
    return switch (field) {
      case DURATION -> LongField.SPAN_DURATION;
      case TRACE_DURATION -> LongField.TRACE_DURATION;
      case EVENT_TIME_SINCE_START -> LongField.EVENT_TIME_SINCE_START;
      case SPAN_START -> LongField.SPAN_START;
      default -> null;
    };
  }

  private static @Nullable IntField intField(Field.Intrinsic field) {
    return switch (field) {
      case STATUS -> IntField.SPAN_STATUS;
      case KIND -> IntField.SPAN_KIND;
      case CHILD_COUNT -> IntField.CHILD_COUNT;
      case NESTED_SET_LEFT -> IntField.NESTED_SET_LEFT;
      case NESTED_SET_RIGHT -> IntField.NESTED_SET_RIGHT;
      case NESTED_SET_PARENT -> IntField.NESTED_SET_PARENT;
      default -> null;
    };
  }

  private static @Nullable BytesField bytesField(Field.Intrinsic field) {
    return switch (field) {
      case SPAN_ID -> BytesField.SPAN_ID;
      case PARENT_ID -> BytesField.PARENT_SPAN_ID;
      case LINK_TRACE_ID -> BytesField.LINK_TRACE_ID;
      case LINK_SPAN_ID -> BytesField.LINK_SPAN_ID;
      default -> null;
    };
  }
}
