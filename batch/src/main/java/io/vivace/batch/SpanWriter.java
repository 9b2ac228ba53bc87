package io.vivace.batch;

import io.vivace.model.proto.ProtoWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes the rows of one [TraceColumns] as OTLP messages to a [ProtoWriter].
final class SpanWriter {
  private static final byte[] SERVICE_NAME = OtlpDecoder.SERVICE_NAME;

  private final TraceColumns in;
  private final StringPool pool;
  private final ProtoWriter out;

  SpanWriter(TraceColumns in, ProtoWriter out) {
    this.in = in;
    this.pool = in.pool();
    this.out = out;
  }

  /// Begins a `ResourceSpans` with its resource; the caller ends the message.
  int beginResource(int row) {
    int mark = out.beginMessage(1);
    int resource = out.beginMessage(1);
    attributes(Level.RESOURCE, row, 1);
    int service = in.strings(StringField.SERVICE_NAME).ids()[row];
    byte[] name = pool.bytes(service);
    if (name.length > 0) {
      int attribute = out.beginMessage(1);
      out.writeBytes(1, SERVICE_NAME);
      int value = out.beginMessage(2);
      out.writeBytes(1, name);
      out.endMessage(value);
      out.endMessage(attribute);
    }
    number(2, in.droppedAttributes(Level.RESOURCE)[row]);
    out.endMessage(resource);
    return mark;
  }

  /// Begins a `ScopeSpans` with its scope; the caller ends the message.
  int beginScope(int row) {
    int mark = out.beginMessage(2);
    int scope = out.beginMessage(1);
    string(1, in.strings(StringField.SCOPE_NAME), row);
    string(2, in.strings(StringField.SCOPE_VERSION), row);
    attributes(Level.SCOPE, row, 3);
    number(4, in.droppedAttributes(Level.SCOPE)[row]);
    out.endMessage(scope);
    return mark;
  }

  /// @param id instead of the stored span id, or null
  /// @param parent instead of the stored parent id, or null
  /// @param sorted events by time and links by id rather than in stored order
  void span(
      int row, byte[] traceId, byte @Nullable [] id, byte @Nullable [] parent, boolean sorted) {
    int mark = out.beginMessage(2);
    out.writeBytes(1, traceId);
    id(2, id, BytesField.SPAN_ID, row);
    string(3, in.strings(StringField.SPAN_TRACE_STATE), row);
    id(4, parent, BytesField.PARENT_SPAN_ID, row);
    string(5, in.strings(StringField.SPAN_NAME), row);
    number(6, in.ints(IntField.SPAN_KIND)[row]);
    long start = in.longs(LongField.SPAN_START)[row];
    time(7, start);
    time(8, start + in.longs(LongField.SPAN_DURATION)[row]);
    attributes(Level.SPAN, row, 9);
    number(10, in.droppedAttributes(Level.SPAN)[row]);
    events(row, start, sorted);
    number(12, in.droppedEvents()[row]);
    links(row, sorted);
    number(14, in.droppedLinks()[row]);
    int status = out.beginMessage(15);
    string(2, in.strings(StringField.SPAN_STATUS_MESSAGE), row);
    number(3, in.ints(IntField.SPAN_STATUS)[row]);
    out.endMessage(status);
    out.endMessage(mark);
  }

  private void id(int field, byte @Nullable [] instead, BytesField column, int row) {
    if (instead != null) {
      out.writeBytes(field, instead);
      return;
    }
    BytesColumn stored = in.bytes(column);
    if (stored.length(row) > 0) {
      out.writeBytes(field, stored.data(), stored.offsets()[row], stored.length(row));
    }
  }

  private void events(int span, long start, boolean sorted) {
    int from = in.offsets(Level.EVENT)[span];
    int to = in.offsets(Level.EVENT)[span + 1];
    if (from == to) {
      return;
    }
    long[] times = in.longs(LongField.EVENT_TIME_SINCE_START);
    int[] order = rows(from, to);
    if (sorted) {
      IndexSort.sort(
          order,
          0,
          order.length,
          (a, b) -> Long.compareUnsigned(start + times[a], start + times[b]));
    }
    for (int row : order) {
      int mark = out.beginMessage(11);
      time(1, start + times[row]);
      string(2, in.strings(StringField.EVENT_NAME), row);
      attributes(Level.EVENT, row, 3);
      number(4, in.droppedAttributes(Level.EVENT)[row]);
      out.endMessage(mark);
    }
  }

  private void links(int span, boolean sorted) {
    int from = in.offsets(Level.LINK)[span];
    int to = in.offsets(Level.LINK)[span + 1];
    if (from == to) {
      return;
    }
    int[] order = rows(from, to);
    if (sorted) {
      IndexSort.sort(order, 0, order.length, this::compareLinks);
    }
    for (int row : order) {
      int mark = out.beginMessage(13);
      id(1, null, BytesField.LINK_TRACE_ID, row);
      id(2, null, BytesField.LINK_SPAN_ID, row);
      string(3, in.strings(StringField.LINK_TRACE_STATE), row);
      attributes(Level.LINK, row, 4);
      number(5, in.droppedAttributes(Level.LINK)[row]);
      out.endMessage(mark);
    }
  }

  private int compareLinks(int a, int b) {
    int byTrace = compare(in.bytes(BytesField.LINK_TRACE_ID), a, b);
    return byTrace != 0 ? byTrace : compare(in.bytes(BytesField.LINK_SPAN_ID), a, b);
  }

  private static int compare(BytesColumn column, int a, int b) {
    int[] at = column.offsets();
    return Arrays.compareUnsigned(column.data(), at[a], at[a + 1], column.data(), at[b], at[b + 1]);
  }

  private static int[] rows(int from, int to) {
    int[] rows = new int[to - from];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = from + i;
    }
    return rows;
  }

  private void attributes(Level level, int row, int field) {
    AttributeList list = in.attributes(level);
    for (int e = list.offsets()[row]; e < list.offsets()[row + 1]; e++) {
      AttributeType type = AttributeType.of(list.types()[e]);
      if (type == AttributeType.MISSING) {
        continue;
      }
      int attribute = out.beginMessage(field);
      byte[] key = pool.bytes(list.keys()[e]);
      if (key.length > 0) {
        out.writeBytes(1, key);
      }
      int value = out.beginMessage(2);
      int from = list.starts()[e];
      if (type == AttributeType.UNSUPPORTED) {
        AnyValueJsonReader.write(pool.bytes((int) list.values()[from]), out);
      } else if (type.isArray()) {
        int array = out.beginMessage(5);
        for (int v = from; v < list.starts()[e + 1]; v++) {
          int element = out.beginMessage(1);
          scalar(type, list.values()[v]);
          out.endMessage(element);
        }
        out.endMessage(array);
      } else {
        scalar(type, list.values()[from]);
      }
      out.endMessage(value);
      out.endMessage(attribute);
    }
  }

  private void scalar(AttributeType type, long value) {
    switch (type) {
      case STRING, STRING_ARRAY -> out.writeBytes(1, pool.bytes((int) value));
      case BOOLEAN, BOOLEAN_ARRAY -> out.writeVarint(2, value);
      case LONG, LONG_ARRAY -> out.writeVarint(3, value);
      case DOUBLE, DOUBLE_ARRAY -> out.writeFixed64(4, value);
      case EMPTY_ARRAY, UNSUPPORTED, MISSING ->
          throw new IllegalStateException("no scalar of type " + type);
    }
  }

  private void string(int field, StringColumn column, int row) {
    int id = column.ids()[row];
    if (id != 0) {
      byte[] bytes = column.dictionary().bytes(id);
      if (bytes.length > 0) {
        out.writeBytes(field, bytes);
      }
    }
  }

  private void number(int field, int value) {
    if (value != 0) {
      out.writeVarint(field, value);
    }
  }

  private void time(int field, long epochNanos) {
    if (epochNanos != 0) {
      out.writeFixed64(field, epochNanos);
    }
  }
}
