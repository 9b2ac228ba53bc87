package io.vivace.ingest.receiver;

import io.vivace.ingest.otlp.OtlpScanner;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Turns an OTLP/JSON `ExportTraceServiceRequest` into protobuf bytes while it is parsed, without
/// an object model. Tolerant as receivers in the field are: camelCase and snake_case keys, unknown
/// keys, integers as numbers or strings, enums as numbers or names, `null` for anything but numbers
/// and booleans. Ids are hex.
///
/// For one request, confined to one thread.
final class OtlpJsonReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(500)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();
  private static final int LEGACY_SCOPE_SPANS = 1000;

  private final ProtoWriter out;
  private final byte[] id = new byte[16];
  private JsonParser parser;
  // True between the fields of the innermost object that is being read.
  private boolean isInField;

  /// @param expectedJsonBytes size of the JSON, from which the size of the result is guessed
  OtlpJsonReader(int expectedJsonBytes) {
    out = new ProtoWriter(Math.max(256, expectedJsonBytes / 2));
    parser = FACTORY.createParser(ObjectReadContext.empty(), new byte[0]);
  }

  byte[] array() {
    return out.array();
  }

  int size() {
    return out.size();
  }

  /// Reads the whole request.
  ///
  /// @throws RequestException `INVALID_ARGUMENT` naming what is wrong and where
  void read(byte[] json, int offset, int length) {
    try (JsonParser opened =
        FACTORY.createParser(ObjectReadContext.empty(), json, offset, length)) {
      parser = opened;
      if (parser.nextToken() == null) {
        throw bad("empty body (expected: an object)");
      }
      request();
      if (parser.nextToken() != null) {
        throw bad("more after the end of the request");
      }
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw invalid("malformed JSON: " + e.getOriginalMessage() + where);
    }
  }

  private void request() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "resourceSpans", "resource_spans" -> array(this::resourceSpans);
        default -> skip();
      }
    }
  }

  private void resourceSpans() {
    int mark = out.beginMessage(1);
    while (nextField()) {
      switch (parser.currentName()) {
        case "resource" -> message(1, this::resource);
        case "scopeSpans", "scope_spans" -> array(() -> message(2, this::scopeSpans));
        case "schemaUrl", "schema_url" -> string(3);
        case "deprecatedScopeSpans",
            "deprecated_scope_spans",
            "instrumentationLibrarySpans",
            "instrumentation_library_spans" ->
            array(() -> message(LEGACY_SCOPE_SPANS, this::scopeSpans));
        default -> skip();
      }
    }
    out.endMessage(mark);
  }

  private void resource() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "attributes" -> attributes(1);
        case "droppedAttributesCount", "dropped_attributes_count" -> uint32(2);
        default -> skip();
      }
    }
  }

  private void scopeSpans() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "scope", "instrumentationLibrary", "instrumentation_library" ->
            message(1, this::scope);
        case "spans" -> array(() -> message(2, this::span));
        case "schemaUrl", "schema_url" -> string(3);
        default -> skip();
      }
    }
  }

  private void scope() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "name" -> string(1);
        case "version" -> string(2);
        case "attributes" -> attributes(3);
        case "droppedAttributesCount", "dropped_attributes_count" -> uint32(4);
        default -> skip();
      }
    }
  }

  private void span() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "traceId", "trace_id" -> hexId(1, 16);
        case "spanId", "span_id" -> hexId(2, 8);
        case "traceState", "trace_state" -> string(3);
        case "parentSpanId", "parent_span_id" -> hexId(4, 8);
        case "name" -> string(5);
        case "kind" -> out.writeVarint(6, enumeration("SPAN_KIND"));
        case "startTimeUnixNano", "start_time_unix_nano" -> out.writeFixed64(7, uint64());
        case "endTimeUnixNano", "end_time_unix_nano" -> out.writeFixed64(8, uint64());
        case "attributes" -> attributes(9);
        case "droppedAttributesCount", "dropped_attributes_count" -> uint32(10);
        case "events" -> array(() -> message(11, this::event));
        case "droppedEventsCount", "dropped_events_count" -> uint32(12);
        case "links" -> array(() -> message(13, this::link));
        case "droppedLinksCount", "dropped_links_count" -> uint32(14);
        case "status" -> message(15, this::status);
        case "flags" -> out.writeFixed32(16, (int) integer(0, 0xFFFFFFFFL));
        default -> skip();
      }
    }
  }

  private void event() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "timeUnixNano", "time_unix_nano" -> out.writeFixed64(1, uint64());
        case "name" -> string(2);
        case "attributes" -> attributes(3);
        case "droppedAttributesCount", "dropped_attributes_count" -> uint32(4);
        default -> skip();
      }
    }
  }

  private void link() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "traceId", "trace_id" -> hexId(1, 16);
        case "spanId", "span_id" -> hexId(2, 8);
        case "traceState", "trace_state" -> string(3);
        case "attributes" -> attributes(4);
        case "droppedAttributesCount", "dropped_attributes_count" -> uint32(5);
        case "flags" -> out.writeFixed32(6, (int) integer(0, 0xFFFFFFFFL));
        default -> skip();
      }
    }
  }

  private void status() {
    while (nextField()) {
      switch (parser.currentName()) {
        case "message" -> string(2);
        case "code" -> out.writeVarint(3, enumeration("STATUS_CODE"));
        default -> skip();
      }
    }
  }

  private void attributes(int field) {
    array(() -> message(field, () -> keyValue(1)));
  }

  private void keyValue(int depth) {
    while (nextField()) {
      switch (parser.currentName()) {
        case "key" -> string(1);
        case "value" -> message(2, () -> value(depth));
        default -> skip();
      }
    }
  }

  private void value(int depth) {
    if (depth > OtlpScanner.MAX_VALUE_DEPTH) {
      throw bad("attribute value nested deeper than " + OtlpScanner.MAX_VALUE_DEPTH + " levels");
    }
    while (nextField()) {
      switch (parser.currentName()) {
        // One of these is set, so an empty value is written too.
        case "stringValue", "string_value" -> string(1);
        case "boolValue", "bool_value" -> out.writeVarint(2, bool() ? 1 : 0);
        case "intValue", "int_value" -> out.writeVarint(3, integer(Long.MIN_VALUE, Long.MAX_VALUE));
        case "doubleValue", "double_value" -> out.writeDouble(4, number());
        case "arrayValue", "array_value" ->
            message(5, () -> values(() -> message(1, () -> value(depth + 1))));
        case "kvlistValue", "kvlist_value" ->
            message(6, () -> values(() -> message(1, () -> keyValue(depth + 1))));
        case "bytesValue", "bytes_value" -> base64(7);
        default -> skip();
      }
    }
  }

  private void values(Runnable element) {
    while (nextField()) {
      if (parser.currentName().equals("values")) {
        array(element);
      } else {
        skip();
      }
    }
  }

  /// Moves to the value of the next field of the current object; false at its end. A `null` where
  /// an object stands is an empty object.
  private boolean nextField() {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL && !isInField) {
      return false;
    }
    if (!isInField && token != JsonToken.START_OBJECT) {
      throw bad("expected an object");
    }
    isInField = true;
    if (parser.nextToken() == JsonToken.END_OBJECT) {
      return false;
    }
    parser.nextToken();
    return true;
  }

  private void message(int field, Runnable fields) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    int mark = out.beginMessage(field);
    nested(fields);
    out.endMessage(mark);
  }

  private void nested(Runnable fields) {
    isInField = false;
    fields.run();
    isInField = true;
  }

  // The element's own reader says whether it is entered; the array's owner is in a field again
  // afterwards.
  private void array(Runnable element) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw bad("expected an array");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      nested(element);
    }
  }

  private void skip() {
    parser.skipChildren();
  }

  private void string(int field) {
    out.writeBytes(field, text().getBytes(StandardCharsets.UTF_8));
  }

  private String text() {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getString();
      case VALUE_NULL -> "";
      default -> throw bad("expected a string");
    };
  }

  private void hexId(int field, int length) {
    String hex = text();
    if (hex.isEmpty()) {
      return;
    }
    if (hex.length() != 2 * length) {
      throw bad(
          "length mismatch: "
              + hex.length()
              + " characters (expected: "
              + 2 * length
              + " hex digits)");
    }
    for (int i = 0; i < length; i++) {
      id[i] = (byte) (hexDigit(hex.charAt(2 * i)) << 4 | hexDigit(hex.charAt(2 * i + 1)));
    }
    out.writeBytes(field, id, 0, length);
  }

  private int hexDigit(char c) {
    int digit = c < 128 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw bad("'" + c + "' is not a hex digit");
    }
    return digit;
  }

  private int enumeration(String prefix) {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw bad("expected a number or a name");
    }
    String name = parser.getString();
    return switch (name) {
      case "SPAN_KIND_UNSPECIFIED", "STATUS_CODE_UNSET" -> enumValue(prefix, name, 0);
      case "SPAN_KIND_INTERNAL", "STATUS_CODE_OK" -> enumValue(prefix, name, 1);
      case "SPAN_KIND_SERVER", "STATUS_CODE_ERROR" -> enumValue(prefix, name, 2);
      case "SPAN_KIND_CLIENT" -> enumValue(prefix, name, 3);
      case "SPAN_KIND_PRODUCER" -> enumValue(prefix, name, 4);
      case "SPAN_KIND_CONSUMER" -> enumValue(prefix, name, 5);
      default -> throw unknownName(prefix, name);
    };
  }

  private int enumValue(String prefix, String name, int value) {
    if (!name.startsWith(prefix)) {
      throw unknownName(prefix, name);
    }
    return value;
  }

  private RequestException unknownName(String prefix, String name) {
    return bad("unknown name \"" + name + "\" (expected: " + prefix + "_…)");
  }

  private void uint32(int field) {
    out.writeVarint(field, integer(0, 0xFFFFFFFFL));
  }

  private long integer(long lowest, long highest) {
    String digits = digits();
    try {
      long value = Long.parseLong(digits);
      if (value >= lowest && value <= highest) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw notAnInteger(digits);
    }
    throw bad(digits + " is out of range (expected: " + lowest + " to " + highest + ")");
  }

  private long uint64() {
    String digits = digits();
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw notAnInteger(digits);
    }
  }

  private RequestException notAnInteger(String digits) {
    return bad("\"" + digits + "\" is not an integer of 64 bits");
  }

  private String digits() {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_STRING, VALUE_NUMBER_FLOAT -> parser.getString();
      default -> throw bad("expected an integer");
    };
  }

  private double number() {
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return parser.getDoubleValue();
      }
      case VALUE_STRING -> {
        return numberOf(parser.getString());
      }
      default -> throw bad("expected a number");
    }
  }

  private double numberOf(String text) {
    try {
      // Only what JSON and its three special names allow, not Java's suffixes and hex digits.
      return switch (text) {
        case "NaN" -> Double.NaN;
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        default -> {
          String lower = text.toLowerCase(Locale.ROOT);
          for (int i = 0; i < lower.length(); i++) {
            if ("0123456789+-.e".indexOf(lower.charAt(i)) < 0) {
              throw new NumberFormatException(text);
            }
          }
          yield Double.parseDouble(text);
        }
      };
    } catch (NumberFormatException e) {
      throw bad("\"" + text + "\" is not a number");
    }
  }

  private boolean bool() {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw bad("expected true or false");
    };
  }

  private void base64(int field) {
    String text = text();
    try {
      out.writeBytes(field, Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw bad("not base64: " + e.getMessage());
    }
  }

  private RequestException bad(String problem) {
    TokenStreamLocation at = parser.currentTokenLocation();
    String name = parser.currentName();
    return invalid(
        "malformed JSON: "
            + (name == null ? "" : name + ": ")
            + problem
            + " at line "
            + at.getLineNr()
            + ", column "
            + at.getColumnNr());
  }

  private static RequestException invalid(String message) {
    return new RequestException(ErrorCategory.INVALID_ARGUMENT, message);
  }
}
