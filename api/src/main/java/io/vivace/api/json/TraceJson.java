package io.vivace.api.json;

import io.vivace.model.proto.ProtoCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes an OTLP `TracesData` message as the trace JSON of Tempo's API: OTLP names, ids in base64.
///
/// Reads the protobuf bytes directly; fields appear in the order of the bytes, repeated fields
/// gathered by being contiguous (which is how the project's own encoder writes them). Zero scalars
/// are left out, present messages are written even when empty.
public final class TraceJson {
  private static final String[] KINDS = {
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER"
  };
  private static final String[] CODES = {
    "STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"
  };

  private final JsonGenerator json;
  private final byte[] bytes;

  private TraceJson(JsonGenerator json, byte[] bytes) {
    this.json = json;
    this.bytes = bytes;
  }

  /// The answer of `/api/traces/{id}`: the trace with `batches` as the name of its resource spans.
  public static byte[] v1(byte[] otlp) {
    return JsonOutput.write(json -> writeV1(json, otlp));
  }

  /// As [#v1], in pieces to be sent one after the other.
  public static List<byte[]> v1Pieces(byte[] otlp) {
    return JsonOutput.writePieces(json -> writeV1(json, otlp));
  }

  private static void writeV1(JsonGenerator json, byte[] otlp) {
    json.writeStartObject();
    new TraceJson(json, otlp).resourceSpans("batches", 0, otlp.length);
    json.writeEndObject();
  }

  /// Writes the members of a `Trace` object into the open object.
  static void writeMembers(JsonGenerator json, byte[] otlp) {
    new TraceJson(json, otlp).resourceSpans("resourceSpans", 0, otlp.length);
  }

  /// Writes one OTLP `KeyValue` message as an object.
  static void writeKeyValue(JsonGenerator json, byte[] keyValue) {
    new TraceJson(json, keyValue).keyValue(0, keyValue.length);
  }

  private void resourceSpans(String name, int offset, int length) {
    list(name, 1, offset, length, this::resourceSpan);
  }

  private void resourceSpan(int offset, int length) {
    json.writeStartObject();
    message("resource", 1, offset, length, this::resource);
    list("scopeSpans", 2, offset, length, this::scopeSpan);
    text("schemaUrl", 3, offset, length);
    json.writeEndObject();
  }

  private void resource(int offset, int length) {
    json.writeStartObject();
    attributes(1, offset, length);
    unsigned("droppedAttributesCount", 2, offset, length);
    json.writeEndObject();
  }

  private void scopeSpan(int offset, int length) {
    json.writeStartObject();
    message("scope", 1, offset, length, this::scope);
    list("spans", 2, offset, length, this::span);
    text("schemaUrl", 3, offset, length);
    json.writeEndObject();
  }

  private void scope(int offset, int length) {
    json.writeStartObject();
    text("name", 1, offset, length);
    text("version", 2, offset, length);
    attributes(3, offset, length);
    unsigned("droppedAttributesCount", 4, offset, length);
    json.writeEndObject();
  }

  private void span(int offset, int length) {
    json.writeStartObject();
    base64("traceId", 1, offset, length);
    base64("spanId", 2, offset, length);
    text("traceState", 3, offset, length);
    base64("parentSpanId", 4, offset, length);
    text("name", 5, offset, length);
    enumeration("kind", 6, offset, length, KINDS);
    fixed64("startTimeUnixNano", 7, offset, length);
    fixed64("endTimeUnixNano", 8, offset, length);
    attributes(9, offset, length);
    unsigned("droppedAttributesCount", 10, offset, length);
    list("events", 11, offset, length, this::event);
    unsigned("droppedEventsCount", 12, offset, length);
    list("links", 13, offset, length, this::link);
    unsigned("droppedLinksCount", 14, offset, length);
    message("status", 15, offset, length, this::status);
    fixed32("flags", 16, offset, length);
    json.writeEndObject();
  }

  private void event(int offset, int length) {
    json.writeStartObject();
    fixed64("timeUnixNano", 1, offset, length);
    text("name", 2, offset, length);
    attributes(3, offset, length);
    unsigned("droppedAttributesCount", 4, offset, length);
    json.writeEndObject();
  }

  private void link(int offset, int length) {
    json.writeStartObject();
    base64("traceId", 1, offset, length);
    base64("spanId", 2, offset, length);
    text("traceState", 3, offset, length);
    attributes(4, offset, length);
    unsigned("droppedAttributesCount", 5, offset, length);
    fixed32("flags", 6, offset, length);
    json.writeEndObject();
  }

  private void status(int offset, int length) {
    json.writeStartObject();
    text("message", 2, offset, length);
    enumeration("code", 3, offset, length, CODES);
    json.writeEndObject();
  }

  private void attributes(int field, int offset, int length) {
    list("attributes", field, offset, length, this::keyValue);
  }

  private void keyValue(int offset, int length) {
    json.writeStartObject();
    text("key", 1, offset, length);
    message("value", 2, offset, length, this::anyValue);
    json.writeEndObject();
  }

  private void anyValue(int offset, int length) {
    json.writeStartObject();
    ProtoCursor cursor = new ProtoCursor(bytes, offset, length);
    int field = 0;
    long number = 0;
    int valueOffset = 0;
    int valueLength = 0;
    while (cursor.next()) {
      switch (cursor.field()) {
        case 1, 5, 6, 7 -> {
          if (cursor.is(ProtoCursor.LENGTH)) {
            field = cursor.field();
            valueLength = cursor.readLength();
            valueOffset = cursor.valueOffset();
          }
        }
        case 2, 3 -> {
          if (cursor.is(ProtoCursor.VARINT)) {
            field = cursor.field();
            number = cursor.readVarint();
          }
        }
        case 4 -> {
          if (cursor.is(ProtoCursor.FIXED64)) {
            field = cursor.field();
            number = cursor.readFixed64();
          }
        }
        default -> cursor.skip();
      }
    }
    switch (field) {
      case 1 -> json.writeStringProperty("stringValue", string(valueOffset, valueLength));
      case 2 -> json.writeBooleanProperty("boolValue", number != 0);
      case 3 -> json.writeStringProperty("intValue", Long.toString(number));
      case 4 -> {
        json.writeName("doubleValue");
        JsonOutput.writeDouble(json, Double.longBitsToDouble(number));
      }
      case 5 -> {
        json.writeName("arrayValue");
        nested(valueOffset, valueLength, this::anyValue);
      }
      case 6 -> {
        json.writeName("kvlistValue");
        nested(valueOffset, valueLength, this::keyValue);
      }
      case 7 -> json.writeStringProperty("bytesValue", encoded(valueOffset, valueLength));
      default -> {}
    }
    json.writeEndObject();
  }

  private void nested(int offset, int length, Part element) {
    json.writeStartObject();
    list("values", 1, offset, length, element);
    json.writeEndObject();
  }

  private void list(String name, int field, int offset, int length, Part element) {
    ProtoCursor cursor = new ProtoCursor(bytes, offset, length);
    boolean isOpen = false;
    while (cursor.next()) {
      if (cursor.field() != field || cursor.wireType() != ProtoCursor.LENGTH) {
        cursor.skip();
        continue;
      }
      if (!isOpen) {
        json.writeName(name);
        json.writeStartArray();
        isOpen = true;
      }
      int size = cursor.readLength();
      element.write(cursor.valueOffset(), size);
    }
    if (isOpen) {
      json.writeEndArray();
    }
  }

  private void message(String name, int field, int offset, int length, Part part) {
    ProtoCursor cursor = first(field, ProtoCursor.LENGTH, offset, length);
    if (cursor != null) {
      int size = cursor.readLength();
      json.writeName(name);
      part.write(cursor.valueOffset(), size);
    }
  }

  private void text(String name, int field, int offset, int length) {
    ProtoCursor cursor = first(field, ProtoCursor.LENGTH, offset, length);
    if (cursor != null) {
      int size = cursor.readLength();
      if (size > 0) {
        json.writeStringProperty(name, string(cursor.valueOffset(), size));
      }
    }
  }

  private void base64(String name, int field, int offset, int length) {
    ProtoCursor cursor = first(field, ProtoCursor.LENGTH, offset, length);
    if (cursor != null) {
      int size = cursor.readLength();
      if (size > 0) {
        json.writeStringProperty(name, encoded(cursor.valueOffset(), size));
      }
    }
  }

  private void unsigned(String name, int field, int offset, int length) {
    ProtoCursor cursor = first(field, ProtoCursor.VARINT, offset, length);
    if (cursor != null) {
      long value = cursor.readVarint() & 0xffff_ffffL;
      if (value != 0) {
        json.writeName(name);
        json.writeNumber(value);
      }
    }
  }

  private void enumeration(String name, int field, int offset, int length, String[] names) {
    ProtoCursor cursor = first(field, ProtoCursor.VARINT, offset, length);
    if (cursor != null) {
      int value = (int) cursor.readVarint();
      if (value > 0 && value < names.length) {
        json.writeStringProperty(name, names[value]);
      } else if (value != 0) {
        json.writeName(name);
        json.writeNumber(value);
      }
    }
  }

  private void fixed64(String name, int field, int offset, int length) {
    ProtoCursor cursor = first(field, ProtoCursor.FIXED64, offset, length);
    if (cursor != null) {
      long value = cursor.readFixed64();
      if (value != 0) {
        json.writeStringProperty(name, Long.toUnsignedString(value));
      }
    }
  }

  private void fixed32(String name, int field, int offset, int length) {
    ProtoCursor cursor = first(field, ProtoCursor.FIXED32, offset, length);
    if (cursor != null) {
      int value = cursor.readFixed32();
      if (value != 0) {
        json.writeName(name);
        json.writeNumber(Integer.toUnsignedLong(value));
      }
    }
  }

  /// A cursor whose current field is the first occurrence of `field` (the encoder writes singular
  /// fields once), or null.
  private @Nullable ProtoCursor first(int field, int wireType, int offset, int length) {
    ProtoCursor cursor = new ProtoCursor(bytes, offset, length);
    while (cursor.next()) {
      if (cursor.field() == field && cursor.wireType() == wireType) {
        return cursor;
      }
      cursor.skip();
    }
    return null;
  }

  private String string(int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  private String encoded(int offset, int length) {
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  @FunctionalInterface
  private interface Part {
    void write(int offset, int length);
  }
}
