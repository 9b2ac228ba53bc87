package io.vivace.batch;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.vivace.model.TraceId;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;

/// A row of columns as the object that the reference's row dump shows, without what only a file has
/// (dedicated columns, rounded times).
final class RowDump {
  private final TraceColumns columns;

  RowDump(TraceColumns columns) {
    this.columns = columns;
  }

  JsonObject row(int trace) {
    JsonObject row = new JsonObject();
    TraceId id = new TraceId(columns.traceIdsHigh()[trace], columns.traceIdsLow()[trace]);
    row.addProperty("TraceID", Base64.getEncoder().encodeToString(id.toBytes()));
    row.add("StartTimeUnixNano", unsigned(columns.longs(LongField.TRACE_START)[trace]));
    row.add("EndTimeUnixNano", unsigned(columns.longs(LongField.TRACE_END)[trace]));
    row.add("DurationNano", unsigned(columns.longs(LongField.TRACE_DURATION)[trace]));
    row.addProperty("RootServiceName", string(StringField.ROOT_SERVICE_NAME, trace));
    row.addProperty("RootSpanName", string(StringField.ROOT_SPAN_NAME, trace));
    JsonArray stats = new JsonArray();
    TraceColumns.ServiceStats services = columns.serviceStats();
    for (int i = services.offsets()[trace]; i < services.offsets()[trace + 1]; i++) {
      JsonObject service = new JsonObject();
      service.addProperty("ServiceName", columns.pool().string(services.names()[i]));
      service.addProperty("SpanCount", services.spanCounts()[i]);
      service.addProperty("ErrorCount", services.errorCounts()[i]);
      stats.add(service);
    }
    row.add("ServiceStats", stats);
    JsonArray resources = new JsonArray();
    int[] offsets = columns.offsets(Level.RESOURCE);
    for (int r = offsets[trace]; r < offsets[trace + 1]; r++) {
      resources.add(resource(r));
    }
    row.add("ResourceSpans", resources);
    return row;
  }

  private JsonObject resource(int r) {
    JsonObject resource = new JsonObject();
    resource.addProperty("ServiceName", string(StringField.SERVICE_NAME, r));
    resource.add("Attrs", attributes(Level.RESOURCE, r));
    resource.addProperty("DroppedAttributesCount", columns.droppedAttributes(Level.RESOURCE)[r]);
    JsonArray scopes = new JsonArray();
    for (int s = columns.offsets(Level.SCOPE)[r]; s < columns.offsets(Level.SCOPE)[r + 1]; s++) {
      scopes.add(scopeSpans(s));
    }
    JsonObject resourceSpans = new JsonObject();
    resourceSpans.add("Resource", resource);
    resourceSpans.add("ScopeSpans", scopes);
    return resourceSpans;
  }

  private JsonObject scopeSpans(int s) {
    JsonObject scope = new JsonObject();
    scope.addProperty("Name", string(StringField.SCOPE_NAME, s));
    scope.addProperty("Version", string(StringField.SCOPE_VERSION, s));
    scope.add("Attrs", attributes(Level.SCOPE, s));
    scope.addProperty("DroppedAttributesCount", columns.droppedAttributes(Level.SCOPE)[s]);
    JsonArray spans = new JsonArray();
    int from = columns.offsets(Level.SPAN)[s];
    int to = columns.offsets(Level.SPAN)[s + 1];
    for (int i = from; i < to; i++) {
      spans.add(span(i));
    }
    JsonObject scopeSpans = new JsonObject();
    scopeSpans.add("Scope", scope);
    scopeSpans.add("Spans", spans);
    scopeSpans.addProperty("SpanCount", to - from);
    return scopeSpans;
  }

  private JsonObject span(int i) {
    JsonObject span = new JsonObject();
    span.addProperty("SpanID", base64(BytesField.SPAN_ID, i));
    span.addProperty("ParentSpanID", base64(BytesField.PARENT_SPAN_ID, i));
    span.addProperty("ParentID", columns.ints(IntField.NESTED_SET_PARENT)[i]);
    span.addProperty("NestedSetLeft", columns.ints(IntField.NESTED_SET_LEFT)[i]);
    span.addProperty("NestedSetRight", columns.ints(IntField.NESTED_SET_RIGHT)[i]);
    span.addProperty("ChildCount", columns.ints(IntField.CHILD_COUNT)[i]);
    span.addProperty("Name", string(StringField.SPAN_NAME, i));
    span.addProperty("Kind", columns.ints(IntField.SPAN_KIND)[i]);
    span.addProperty("TraceState", string(StringField.SPAN_TRACE_STATE, i));
    span.add("StartTimeUnixNano", unsigned(columns.longs(LongField.SPAN_START)[i]));
    span.add("DurationNano", unsigned(columns.longs(LongField.SPAN_DURATION)[i]));
    span.addProperty("StatusCode", columns.ints(IntField.SPAN_STATUS)[i]);
    span.addProperty("StatusMessage", string(StringField.SPAN_STATUS_MESSAGE, i));
    span.add("Attrs", attributes(Level.SPAN, i));
    span.addProperty("DroppedAttributesCount", columns.droppedAttributes(Level.SPAN)[i]);
    JsonArray events = new JsonArray();
    for (int e = columns.offsets(Level.EVENT)[i]; e < columns.offsets(Level.EVENT)[i + 1]; e++) {
      JsonObject event = new JsonObject();
      event.add("TimeSinceStartNano", unsigned(columns.longs(LongField.EVENT_TIME_SINCE_START)[e]));
      event.addProperty("Name", string(StringField.EVENT_NAME, e));
      event.add("Attrs", attributes(Level.EVENT, e));
      event.addProperty("DroppedAttributesCount", columns.droppedAttributes(Level.EVENT)[e]);
      events.add(event);
    }
    span.add("Events", events);
    span.addProperty("DroppedEventsCount", columns.droppedEvents()[i]);
    JsonArray links = new JsonArray();
    for (int k = columns.offsets(Level.LINK)[i]; k < columns.offsets(Level.LINK)[i + 1]; k++) {
      JsonObject link = new JsonObject();
      link.addProperty("TraceID", base64(BytesField.LINK_TRACE_ID, k));
      link.addProperty("SpanID", base64(BytesField.LINK_SPAN_ID, k));
      link.addProperty("TraceState", string(StringField.LINK_TRACE_STATE, k));
      link.add("Attrs", attributes(Level.LINK, k));
      link.addProperty("DroppedAttributesCount", columns.droppedAttributes(Level.LINK)[k]);
      links.add(link);
    }
    span.add("Links", links);
    span.addProperty("DroppedLinksCount", columns.droppedLinks()[i]);
    return span;
  }

  private JsonArray attributes(Level level, int row) {
    JsonArray all = new JsonArray();
    AttributeList list = columns.attributes(level);
    for (int e = list.offsets()[row]; e < list.offsets()[row + 1]; e++) {
      AttributeType type = AttributeType.of(list.types()[e]);
      JsonObject attribute = new JsonObject();
      attribute.addProperty("Key", columns.pool().string(list.keys()[e]));
      attribute.addProperty("IsArray", type.isArray());
      JsonArray strings = new JsonArray();
      JsonArray longs = new JsonArray();
      JsonArray doubles = new JsonArray();
      JsonArray booleans = new JsonArray();
      JsonElement unsupported = JsonNull.INSTANCE;
      for (int v = list.starts()[e]; v < list.starts()[e + 1]; v++) {
        long value = list.values()[v];
        switch (type) {
          case STRING, STRING_ARRAY -> strings.add(columns.pool().string((int) value));
          case LONG, LONG_ARRAY -> longs.add(value);
          case DOUBLE, DOUBLE_ARRAY -> doubles.add(number(Double.longBitsToDouble(value)));
          case BOOLEAN, BOOLEAN_ARRAY -> booleans.add(value != 0);
          case UNSUPPORTED -> unsupported = new JsonPrimitive(columns.pool().string((int) value));
          case EMPTY_ARRAY, MISSING -> throw new AssertionError("a value where none may be");
        }
      }
      attribute.add("Value", strings);
      attribute.add("ValueInt", longs);
      attribute.add("ValueDouble", doubles);
      attribute.add("ValueBool", booleans);
      attribute.add("ValueUnsupported", unsupported);
      all.add(attribute);
    }
    return all;
  }

  private static JsonPrimitive number(double value) {
    return Double.isFinite(value)
        ? new JsonPrimitive(value)
        : new JsonPrimitive(Double.toString(value));
  }

  private String string(StringField field, int row) {
    StringColumn column = columns.strings(field);
    return column.dictionary().string(column.ids()[row]);
  }

  private String base64(BytesField field, int row) {
    BytesColumn column = columns.bytes(field);
    return Base64.getEncoder()
        .encodeToString(
            Arrays.copyOfRange(column.data(), column.offsets()[row], column.offsets()[row + 1]));
  }

  private static JsonPrimitive unsigned(long value) {
    return new JsonPrimitive(new BigInteger(Long.toUnsignedString(value)));
  }
}
