package io.vivace.engine.tags;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.AttributeType;
import io.vivace.batch.Bitmap;
import io.vivace.batch.Dictionary;
import io.vivace.batch.Level;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.engine.filter.Field;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the values of one field batch by batch. A string is decoded once for each dictionary
/// that it is in. Confined to one thread.
final class ValueScan implements TagScan {
  private final Field field;
  private final ValueCollector collector;
  private final AnswerSize size;
  private final Map<Level, SeenIds> seen = new EnumMap<>(Level.class);

  ValueScan(Field field, ValueCollector collector, AnswerSize size) {
    this.field = field;
    this.collector = collector;
    this.size = size;
  }

  @Override
  public boolean isDone() {
    return collector.isFull();
  }

  @Override
  public void visit(SelectedRows rows) {
    switch (field) {
      case Field.Attribute attribute -> attribute(attribute, rows);
      case Field.Intrinsic intrinsic -> strings(text(intrinsic), rows);
    }
  }

  private static StringField text(Field.Intrinsic intrinsic) {
    return switch (intrinsic) {
      case NAME -> StringField.SPAN_NAME;
      case STATUS_MESSAGE -> StringField.SPAN_STATUS_MESSAGE;
      case ROOT_NAME -> StringField.ROOT_SPAN_NAME;
      case ROOT_SERVICE -> StringField.ROOT_SERVICE_NAME;
      case EVENT_NAME -> StringField.EVENT_NAME;
      case SCOPE_NAME -> StringField.SCOPE_NAME;
      case SCOPE_VERSION -> StringField.SCOPE_VERSION;
      case DURATION,
          STATUS,
          KIND,
          SPAN_ID,
          PARENT_ID,
          CHILD_COUNT,
          NESTED_SET_LEFT,
          NESTED_SET_RIGHT,
          NESTED_SET_PARENT,
          SPAN_START,
          TRACE_ID,
          TRACE_DURATION,
          EVENT_TIME_SINCE_START,
          LINK_TRACE_ID,
          LINK_SPAN_ID ->
          throw new IllegalArgumentException("intrinsic: " + intrinsic + " (expected: a text)");
    };
  }

  private void attribute(Field.Attribute attribute, SelectedRows rows) {
    switch (attribute.owner()) {
      case SPAN_OR_RESOURCE -> {
        attribute(Level.SPAN, attribute.key(), rows);
        attribute(Level.RESOURCE, attribute.key(), rows);
      }
      case SPAN, RESOURCE, SCOPE, EVENT, LINK ->
          attribute(attribute.level(), attribute.key(), rows);
    }
  }

  private void attribute(Level level, String key, SelectedRows rows) {
    if (level == Level.RESOURCE && key.equals(Field.SERVICE_NAME)) {
      // Every resource has it, be it as the empty string.
      strings(StringField.SERVICE_NAME, rows);
      return;
    }
    Bitmap selected = rows.at(level);
    if (isDone() || (selected != null && selected.isEmpty())) {
      return;
    }
    Dictionary distinct = selected == null ? rows.batch().distinct(level, key) : null;
    if (distinct == null) {
      values(rows.batch().attribute(level, key), level, selected);
    } else {
      all(distinct, level);
    }
  }

  private void values(AttributeColumn column, Level level, @Nullable Bitmap selected) {
    SeenIds ids = seen(level, column.dictionary());
    int[] rows = column.rows();
    int[] starts = column.starts();
    for (int i = 0; i < column.size(); i++) {
      if (selected != null && !selected.get(rows[i])) {
        continue;
      }
      if (collector.isFull()) {
        return;
      }
      entry(AttributeType.of(column.types()[i]), column.values(), starts[i], starts[i + 1], ids);
    }
  }

  /// One attribute; of an array, each element is a value.
  private void entry(AttributeType type, long[] values, int from, int to, SeenIds ids) {
    switch (type) {
      case STRING, STRING_ARRAY -> {
        for (int v = from; v < to; v++) {
          string((int) values[v], ids);
        }
      }
      case LONG, LONG_ARRAY -> {
        for (int v = from; v < to; v++) {
          collector.offerLong(values[v]);
        }
      }
      case DOUBLE, DOUBLE_ARRAY -> {
        for (int v = from; v < to; v++) {
          collector.offerDouble(values[v]);
        }
      }
      case BOOLEAN, BOOLEAN_ARRAY -> {
        for (int v = from; v < to; v++) {
          collector.offerBoolean(values[v] != 0);
        }
      }
      case EMPTY_ARRAY, UNSUPPORTED, MISSING -> {}
    }
  }

  private void strings(StringField text, SelectedRows rows) {
    Bitmap selected = rows.at(text.level());
    if (isDone() || (selected != null && selected.isEmpty())) {
      return;
    }
    Dictionary distinct = selected == null ? rows.batch().distinct(text) : null;
    if (distinct != null) {
      all(distinct, text.level());
      return;
    }
    StringColumn column = rows.batch().strings(text);
    SeenIds ids = seen(text.level(), column.dictionary());
    int[] values = column.ids();
    int count = rows.batch().count(text.level());
    if (selected == null) {
      for (int row = 0; row < count && !collector.isFull(); row++) {
        string(values[row], ids);
      }
    } else {
      for (int row = selected.next(0);
          row >= 0 && !collector.isFull();
          row = selected.next(row + 1)) {
        string(values[row], ids);
      }
    }
  }

  private void all(Dictionary dictionary, Level level) {
    SeenIds ids = seen(level, dictionary);
    for (int id = 0; id < dictionary.size() && !collector.isFull(); id++) {
      string(id, ids);
    }
  }

  private void string(int id, SeenIds ids) {
    // Where no row has a string the dictionary may be empty.
    if (id < ids.bitmap.length() && !ids.bitmap.get(id)) {
      ids.bitmap.set(id);
      collector.offerString(ids.dictionary.string(id));
    }
  }

  /// The ids that were met already, kept while successive batches share the dictionary.
  private SeenIds seen(Level level, Dictionary dictionary) {
    SeenIds known = seen.get(level);
    if (known == null || known.dictionary != dictionary) {
      if (known != null) {
        size.release(known.sizeBytes());
      }
      known = new SeenIds(dictionary, new Bitmap(dictionary.size()));
      size.reserve(known.sizeBytes());
      seen.put(level, known);
    }
    return known;
  }

  private record SeenIds(Dictionary dictionary, Bitmap bitmap) {
    long sizeBytes() {
      return bitmap.length() / 8 + 64;
    }
  }
}
