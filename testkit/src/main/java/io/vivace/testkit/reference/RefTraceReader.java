package io.vivace.testkit.reference;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads OTLP requests into plain data, one trace for each id. Of equal keys the last one counts.
public final class RefTraceReader {
  private final Map<TraceId, List<RefTrace.Resource>> traces = new LinkedHashMap<>();

  /// Adds the spans of an `ExportTraceServiceRequest` or `TracesData`.
  public void add(byte[] request) {
    ProtoCursor in = new ProtoCursor(request, 0, request.length);
    while (in.next()) {
      if (in.field() == 1) {
        resourceSpans(message(in));
      } else {
        in.skip();
      }
    }
  }

  /// What was added so far.
  public List<RefTrace> traces() {
    List<RefTrace> result = new ArrayList<>();
    traces.forEach((id, resources) -> result.add(new RefTrace(id, resources)));
    return result;
  }

  private static ProtoCursor message(ProtoCursor in) {
    byte[] bytes = bytes(in);
    return new ProtoCursor(bytes, 0, bytes.length);
  }

  private static byte[] bytes(ProtoCursor in) {
    int length = in.readLength();
    int at = in.valueOffset();
    return Arrays.copyOfRange(in.bytes(), at, at + length);
  }

  private static String text(ProtoCursor in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static String hex(ProtoCursor in) {
    return HexFormat.of().formatHex(bytes(in));
  }

  private void resourceSpans(ProtoCursor in) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    Map<TraceId, List<RefTrace.Scope>> scopes = new LinkedHashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          ProtoCursor resource = message(in);
          while (resource.next()) {
            if (resource.field() == 1) {
              keyValue(message(resource), attributes);
            } else {
              resource.skip();
            }
          }
        }
        case 2 -> scopeSpans(message(in), scopes);
        default -> in.skip();
      }
    }
    scopes.forEach((id, list) ->
        traces
            .computeIfAbsent(id, key -> new ArrayList<>())
            .add(new RefTrace.Resource(attributes, list)));
  }

  private static void scopeSpans(ProtoCursor in, Map<TraceId, List<RefTrace.Scope>> into) {
    String name = "";
    String version = "";
    Map<String, Object> attributes = new LinkedHashMap<>();
    Map<TraceId, List<RefTrace.Span>> spans = new LinkedHashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          ProtoCursor scope = message(in);
          while (scope.next()) {
            switch (scope.field()) {
              case 1 -> name = text(scope);
              case 2 -> version = text(scope);
              case 3 -> keyValue(message(scope), attributes);
              default -> scope.skip();
            }
          }
        }
        case 2 -> span(message(in), spans);
        default -> in.skip();
      }
    }
    for (Map.Entry<TraceId, List<RefTrace.Span>> entry : spans.entrySet()) {
      into.computeIfAbsent(entry.getKey(), key -> new ArrayList<>())
          .add(new RefTrace.Scope(name, version, attributes, entry.getValue()));
    }
  }

  private static void span(ProtoCursor in, Map<TraceId, List<RefTrace.Span>> into) {
    byte[] traceId = {};
    String id = "";
    String parentId = "";
    String name = "";
    String traceState = "";
    String statusMessage = "";
    int kind = 0;
    int status = 0;
    long start = 0;
    long end = 0;
    Map<String, Object> attributes = new LinkedHashMap<>();
    List<RefTrace.Event> events = new ArrayList<>();
    List<RefTrace.Link> links = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> traceId = bytes(in);
        case 2 -> id = hex(in);
        case 3 -> traceState = text(in);
        case 4 -> parentId = hex(in);
        case 5 -> name = text(in);
        case 6 -> kind = (int) in.readVarint();
        case 7 -> start = in.readFixed64();
        case 8 -> end = in.readFixed64();
        case 9 -> keyValue(message(in), attributes);
        case 11 -> events.add(event(message(in)));
        case 13 -> links.add(link(message(in)));
        case 15 -> {
          ProtoCursor at = message(in);
          while (at.next()) {
            switch (at.field()) {
              case 2 -> statusMessage = text(at);
              case 3 -> status = (int) at.readVarint();
              default -> at.skip();
            }
          }
        }
        default -> in.skip();
      }
    }
    if (parentId.matches("0*")) {
      parentId = "";
    }
    RefTrace.Span span =
        new RefTrace.Span(
            id,
            parentId,
            name,
            kind,
            status,
            statusMessage,
            traceState,
            start,
            end,
            attributes,
            events,
            links);
    into.computeIfAbsent(TraceId.from(traceId, 0, traceId.length), key -> new ArrayList<>())
        .add(span);
  }

  private static RefTrace.Event event(ProtoCursor in) {
    long time = 0;
    String name = "";
    Map<String, Object> attributes = new LinkedHashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> time = in.readFixed64();
        case 2 -> name = text(in);
        case 3 -> keyValue(message(in), attributes);
        default -> in.skip();
      }
    }
    return new RefTrace.Event(time, name, attributes);
  }

  private static RefTrace.Link link(ProtoCursor in) {
    String traceId = "";
    String spanId = "";
    Map<String, Object> attributes = new LinkedHashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> traceId = hex(in);
        case 2 -> spanId = hex(in);
        case 4 -> keyValue(message(in), attributes);
        default -> in.skip();
      }
    }
    return new RefTrace.Link(traceId, spanId, attributes);
  }

  private static void keyValue(ProtoCursor in, Map<String, Object> into) {
    String key = "";
    Object value = Map.of();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = text(in);
        case 2 -> value = value(message(in));
        default -> in.skip();
      }
    }
    into.put(key, value);
  }

  /// An empty value, which holds nothing, becomes an empty map: present, but of no use.
  private static Object value(ProtoCursor in) {
    Object value = Map.of();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> value = text(in);
        case 2 -> value = in.readVarint() != 0;
        case 3 -> value = in.readVarint();
        case 4 -> value = Double.longBitsToDouble(in.readFixed64());
        case 5 -> {
          List<Object> elements = new ArrayList<>();
          ProtoCursor array = message(in);
          while (array.next()) {
            elements.add(value(message(array)));
          }
          value = elements;
        }
        case 6 -> {
          Map<String, Object> map = new LinkedHashMap<>();
          ProtoCursor list = message(in);
          while (list.next()) {
            keyValue(message(list), map);
          }
          value = map;
        }
        case 7 -> value = bytes(in);
        default -> in.skip();
      }
    }
    return value;
  }
}
