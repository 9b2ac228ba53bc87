package io.vivace.batch;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.model.TraceId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The rules of rows once more, over message objects and without regard to speed: the oracle.
final class NaiveRow {
  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();

  private final TraceId id;

  private NaiveRow(TraceId id) {
    this.id = id;
  }

  private static final class Scope {
    JsonObject header = new JsonObject();
    List<Span> spans = new ArrayList<>();
  }

  private static final class Resource {
    JsonObject header = new JsonObject();
    String service = "";
    List<Scope> scopes = new ArrayList<>();
  }

  static JsonObject of(TraceId id, List<TracesData> pieces) {
    return new NaiveRow(id).row(pieces);
  }

  private JsonObject row(List<TracesData> pieces) {
    List<Resource> resources = new ArrayList<>();
    long start = 0;
    long end = 0;
    String rootService = "";
    String rootName = "";
    Set<String> seen = new HashSet<>();
    for (TracesData piece : pieces) {
      Times times = new Times(piece);
      if (start == 0 || times.start != 0 && Long.compareUnsigned(times.start, start) < 0) {
        start = times.start;
      }
      end = Long.compareUnsigned(times.end, end) > 0 ? times.end : end;
      rootService = rootService.isEmpty() ? times.rootService : rootService;
      rootName = rootName.isEmpty() ? times.rootName : rootName;
      Set<String> mine = new HashSet<>();
      for (ResourceSpans rs : piece.getResourceSpansList()) {
        Resource resource = resource(rs);
        for (ScopeSpans ss : rs.getScopeSpansList()) {
          Scope scope = scope(ss);
          for (Span span : ss.getSpansList()) {
            String token = base64(span.getSpanId()) + "/" + span.getKindValue();
            mine.add(token);
            if (!seen.contains(token)) {
              scope.spans.add(span);
            }
          }
          if (!scope.spans.isEmpty()) {
            resource.scopes.add(scope);
          }
        }
        if (!resource.scopes.isEmpty()) {
          resources.add(resource);
        }
      }
      seen.addAll(mine);
    }
    if (pieces.size() > 1) {
      sort(resources);
    }
    return json(merge(resources), start, end, rootService, rootName);
  }

  private final class Times {
    long start;
    long end;
    String rootService = "";
    String rootName = "";

    Times(TracesData piece) {
      for (ResourceSpans rs : piece.getResourceSpansList()) {
        for (ScopeSpans ss : rs.getScopeSpansList()) {
          for (Span span : ss.getSpansList()) {
            long from = span.getStartTimeUnixNano();
            if (start == 0 || Long.compareUnsigned(from, start) < 0) {
              start = from;
            }
            if (Long.compareUnsigned(span.getEndTimeUnixNano(), end) > 0) {
              end = span.getEndTimeUnixNano();
            }
            if (span.getParentSpanId().isEmpty() && !isChildOf(span)) {
              rootService = rs.hasResource() ? firstService(rs) : "";
              rootName = rs.hasResource() ? span.getName() : "";
            }
          }
        }
      }
    }
  }

  private boolean isChildOf(Span span) {
    return span.getLinksList().stream()
        .anyMatch(link ->
            link.getTraceId().equals(ByteString.copyFrom(id.toBytes()))
                && link.getAttributesList().stream()
                    .anyMatch(a ->
                        a.getKey().equals("opentracing.ref_type")
                            && a.getValue().getStringValue().equals("child_of")));
  }

  private static String firstService(ResourceSpans rs) {
    return rs.getResource().getAttributesList().stream()
        .filter(a -> a.getKey().equals("service.name"))
        .findFirst()
        .map(a -> a.getValue().getStringValue())
        .orElse("");
  }

  private static Resource resource(ResourceSpans rs) {
    Resource resource = new Resource();
    List<KeyValue> generic = new ArrayList<>();
    for (KeyValue a : rs.getResource().getAttributesList()) {
      if (a.getKey().equals("service.name") && a.getValue().hasStringValue()) {
        resource.service = a.getValue().getStringValue();
      } else {
        generic.add(a);
      }
    }
    generic.sort(Comparator.comparing(KeyValue::getKeyBytes, BYTES));
    resource.header.addProperty("ServiceName", resource.service);
    resource.header.add("Attrs", attributes(generic));
    resource.header.addProperty(
        "DroppedAttributesCount", rs.getResource().getDroppedAttributesCount());
    return resource;
  }

  private static Scope scope(ScopeSpans ss) {
    Scope scope = new Scope();
    List<KeyValue> sorted = new ArrayList<>(ss.getScope().getAttributesList());
    sorted.sort(Comparator.comparing(KeyValue::getKeyBytes, BYTES));
    scope.header.addProperty("Name", ss.getScope().getName());
    scope.header.addProperty("Version", ss.getScope().getVersion());
    scope.header.add("Attrs", attributes(sorted));
    scope.header.addProperty("DroppedAttributesCount", ss.getScope().getDroppedAttributesCount());
    return scope;
  }

  private static void sort(List<Resource> resources) {
    Comparator<Span> order =
        Comparator.comparingLong(Span::getStartTimeUnixNano).thenComparing(Span::getSpanId, BYTES);
    for (Resource resource : resources) {
      resource.scopes.forEach(scope -> scope.spans.sort(order));
      resource.scopes.sort(Comparator.comparing(scope -> scope.spans.getFirst(), order));
    }
    resources.sort(Comparator.comparing(r -> r.scopes.getFirst().spans.getFirst(), order));
  }

  private static List<Resource> merge(List<Resource> resources) {
    Map<String, Resource> merged = new java.util.LinkedHashMap<>();
    for (Resource resource : resources) {
      Resource into = merged.computeIfAbsent(key(resource.header), k -> copy(resource));
      for (Scope scope : resource.scopes) {
        Scope same =
            into.scopes.stream()
                .filter(s -> key(s.header).equals(key(scope.header)))
                .findFirst()
                .orElse(null);
        if (same == null) {
          Scope added = new Scope();
          added.header = scope.header;
          added.spans.addAll(scope.spans);
          into.scopes.add(added);
        } else {
          same.spans.addAll(scope.spans);
        }
      }
    }
    return new ArrayList<>(merged.values());
  }

  private static Resource copy(Resource resource) {
    Resource copy = new Resource();
    copy.header = resource.header;
    copy.service = resource.service;
    return copy;
  }

  private static String key(JsonObject header) {
    JsonObject compared = header.deepCopy();
    compared.remove("DroppedAttributesCount");
    return compared.toString();
  }

  private JsonObject json(
      List<Resource> resources, long start, long end, String rootService, String rootName) {
    JsonObject row = new JsonObject();
    row.addProperty("TraceID", Base64.getEncoder().encodeToString(id.toBytes()));
    row.add("StartTimeUnixNano", unsigned(start));
    row.add("EndTimeUnixNano", unsigned(end));
    row.add("DurationNano", unsigned(end - start));
    row.addProperty("RootServiceName", rootService);
    row.addProperty("RootSpanName", rootName);
    TreeMap<String, int[]> stats = new TreeMap<>();
    List<Span> spans = new ArrayList<>();
    for (Resource resource : resources) {
      int[] counts = stats.computeIfAbsent(resource.service, k -> new int[2]);
      for (Scope scope : resource.scopes) {
        for (Span span : scope.spans) {
          spans.add(span);
          counts[0]++;
          counts[1] += span.getStatus().getCodeValue() == 2 ? 1 : 0;
        }
      }
    }
    JsonArray services = new JsonArray();
    stats.forEach((name, counts) -> {
      JsonObject service = new JsonObject();
      service.addProperty("ServiceName", name);
      service.addProperty("SpanCount", counts[0]);
      service.addProperty("ErrorCount", counts[1]);
      services.add(service);
    });
    row.add("ServiceStats", services);
    int[][] numbers = new Tree(spans).numbers;
    JsonArray all = new JsonArray();
    int at = 0;
    for (Resource resource : resources) {
      JsonArray scopes = new JsonArray();
      for (Scope scope : resource.scopes) {
        JsonArray list = new JsonArray();
        for (Span span : scope.spans) {
          list.add(span(span, numbers[at++]));
        }
        JsonObject scopeSpans = new JsonObject();
        scopeSpans.add("Scope", scope.header);
        scopeSpans.add("Spans", list);
        scopeSpans.addProperty("SpanCount", scope.spans.size());
        scopes.add(scopeSpans);
      }
      JsonObject resourceSpans = new JsonObject();
      resourceSpans.add("Resource", resource.header);
      resourceSpans.add("ScopeSpans", scopes);
      all.add(resourceSpans);
    }
    row.add("ResourceSpans", all);
    return row;
  }

  /// Left, right, parent's left and child count of every span.
  private static final class Tree {
    final int[][] numbers;
    private final List<List<Integer>> children = new ArrayList<>();
    private int counter = 1;

    Tree(List<Span> spans) {
      numbers = new int[spans.size()][4];
      Map<ByteString, List<Integer>> byId = new HashMap<>();
      boolean rooted = false;
      for (int i = 0; i < spans.size(); i++) {
        children.add(new ArrayList<>());
        byId.computeIfAbsent(padded(spans.get(i).getSpanId()), k -> new ArrayList<>()).add(i);
        rooted |= spans.get(i).getParentSpanId().isEmpty();
      }
      if (!rooted || byId.values().stream().anyMatch(list -> list.size() > 2)) {
        return;
      }
      for (int i = 0; i < spans.size(); i++) {
        Span span = spans.get(i);
        List<Integer> found =
            span.getParentSpanId().isEmpty()
                ? List.of()
                : byId.getOrDefault(padded(span.getParentSpanId()), List.of());
        if (found.size() == 2) {
          int wanted = span.getKindValue() == 2 ? 3 : 2;
          found = found.stream().filter(p -> spans.get(p).getKindValue() == wanted).toList();
        }
        if (!found.isEmpty()) {
          children.get(found.getFirst()).add(i);
          numbers[found.getFirst()][3]++;
        }
      }
      for (int i = 0; i < spans.size(); i++) {
        if (spans.get(i).getParentSpanId().isEmpty()) {
          visit(i, -1);
        }
      }
    }

    private void visit(int span, int parentLeft) {
      numbers[span][0] = counter++;
      numbers[span][2] = parentLeft;
      children.get(span).forEach(child -> visit(child, numbers[span][0]));
      numbers[span][1] = counter++;
    }

    private static ByteString padded(ByteString id) {
      return id.concat(ByteString.copyFrom(new byte[8])).substring(0, 8);
    }
  }

  private static JsonObject span(Span from, int[] numbers) {
    JsonObject span = new JsonObject();
    span.addProperty("SpanID", base64(from.getSpanId()));
    span.addProperty("ParentSpanID", base64(from.getParentSpanId()));
    span.addProperty("ParentID", numbers[2]);
    span.addProperty("NestedSetLeft", numbers[0]);
    span.addProperty("NestedSetRight", numbers[1]);
    span.addProperty("ChildCount", numbers[3]);
    span.addProperty("Name", from.getName());
    span.addProperty("Kind", from.getKindValue());
    span.addProperty("TraceState", from.getTraceState());
    span.add("StartTimeUnixNano", unsigned(from.getStartTimeUnixNano()));
    span.add("DurationNano", unsigned(from.getEndTimeUnixNano() - from.getStartTimeUnixNano()));
    span.addProperty("StatusCode", from.getStatus().getCodeValue());
    span.addProperty("StatusMessage", from.getStatus().getMessage());
    span.add("Attrs", attributes(from.getAttributesList()));
    span.addProperty("DroppedAttributesCount", from.getDroppedAttributesCount());
    JsonArray events = new JsonArray();
    for (Span.Event e : from.getEventsList()) {
      JsonObject event = new JsonObject();
      event.add("TimeSinceStartNano", unsigned(e.getTimeUnixNano() - from.getStartTimeUnixNano()));
      event.addProperty("Name", e.getName());
      event.add("Attrs", attributes(e.getAttributesList()));
      event.addProperty("DroppedAttributesCount", e.getDroppedAttributesCount());
      events.add(event);
    }
    span.add("Events", events);
    span.addProperty("DroppedEventsCount", from.getDroppedEventsCount());
    JsonArray links = new JsonArray();
    for (Span.Link k : from.getLinksList()) {
      JsonObject link = new JsonObject();
      link.addProperty("TraceID", base64(k.getTraceId()));
      link.addProperty("SpanID", base64(k.getSpanId()));
      link.addProperty("TraceState", k.getTraceState());
      link.add("Attrs", attributes(k.getAttributesList()));
      link.addProperty("DroppedAttributesCount", k.getDroppedAttributesCount());
      links.add(link);
    }
    span.add("Links", links);
    span.addProperty("DroppedLinksCount", from.getDroppedLinksCount());
    return span;
  }

  private static JsonArray attributes(List<KeyValue> attributes) {
    JsonArray all = new JsonArray();
    for (KeyValue a : attributes) {
      AnyValue value = a.getValue();
      JsonArray strings = new JsonArray();
      JsonArray longs = new JsonArray();
      JsonArray doubles = new JsonArray();
      JsonArray booleans = new JsonArray();
      List<AnyValue> elements =
          value.hasArrayValue() ? value.getArrayValue().getValuesList() : List.of(value);
      boolean typed =
          elements.stream().map(AnyValue::getValueCase).distinct().count() <= 1
              && elements.stream()
                  .allMatch(v ->
                      v.hasStringValue()
                          || v.hasIntValue()
                          || v.hasDoubleValue()
                          || v.hasBoolValue());
      JsonElement unsupported = JsonNull.INSTANCE;
      if (typed) {
        for (AnyValue v : elements) {
          switch (v.getValueCase()) {
            case STRING_VALUE -> strings.add(v.getStringValue());
            case INT_VALUE -> longs.add(v.getIntValue());
            case DOUBLE_VALUE -> doubles.add(v.getDoubleValue());
            default -> booleans.add(v.getBoolValue());
          }
        }
      } else {
        unsupported = new JsonPrimitive(text(value));
      }
      JsonObject attribute = new JsonObject();
      attribute.addProperty("Key", a.getKey());
      attribute.addProperty("IsArray", typed && value.hasArrayValue());
      attribute.add("Value", strings);
      attribute.add("ValueInt", longs);
      attribute.add("ValueDouble", doubles);
      attribute.add("ValueBool", booleans);
      attribute.add("ValueUnsupported", unsupported);
      all.add(attribute);
    }
    return all;
  }

  private static String text(AnyValue value) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static JsonPrimitive unsigned(long value) {
    return new JsonPrimitive(new BigInteger(Long.toUnsignedString(value)));
  }
}
