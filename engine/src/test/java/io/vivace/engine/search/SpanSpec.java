package io.vivace.engine.search;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.engine.BatchSource;
import io.vivace.engine.MemorySource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.search.SearchResult.FoundAttribute;
import io.vivace.engine.search.SearchResult.FoundSpan;
import io.vivace.engine.search.SearchResult.FoundSpanSet;
import io.vivace.engine.search.SearchResult.FoundTrace;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.traceql.TraceQl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// A span as data, so that the spans of a trace can be put into any source.
record SpanSpec(
    long trace,
    long id,
    long parent,
    String service,
    String name,
    long startNanos,
    long durationNanos,
    int kind,
    int status,
    Map<String, Object> resourceAttributes,
    Map<String, Object> attributes,
    List<EventSpec> events) {

  static final long BASE = 1_700_000_000_000_000_000L;

  record EventSpec(String name, long offsetNanos, Map<String, Object> attributes) {}

  static SpanSpec span(long trace, long id, long parent, String service, String name) {
    return new SpanSpec(
        trace,
        id,
        parent,
        service,
        name,
        id * 1_000_000L,
        id * 1_000_000L,
        1,
        0,
        Map.of(),
        Map.of(),
        List.of());
  }

  SpanSpec with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(attributes);
    more.put(key, value);
    return copy(kind, status, resourceAttributes, more, events);
  }

  SpanSpec resource(String key, Object value) {
    Map<String, Object> more = new TreeMap<>(resourceAttributes);
    more.put(key, value);
    return copy(kind, status, more, attributes, events);
  }

  SpanSpec event(String eventName, Map<String, Object> eventAttributes) {
    List<EventSpec> more = new ArrayList<>(events);
    more.add(new EventSpec(eventName, 1000L * (events.size() + 1), eventAttributes));
    return copy(kind, status, resourceAttributes, attributes, more);
  }

  SpanSpec kind(int value) {
    return copy(value, status, resourceAttributes, attributes, events);
  }

  SpanSpec status(int value) {
    return copy(kind, value, resourceAttributes, attributes, events);
  }

  private SpanSpec copy(
      int newKind,
      int newStatus,
      Map<String, Object> newResource,
      Map<String, Object> newAttributes,
      List<EventSpec> newEvents) {
    return new SpanSpec(
        trace,
        id,
        parent,
        service,
        name,
        startNanos,
        durationNanos,
        newKind,
        newStatus,
        newResource,
        newAttributes,
        newEvents);
  }

  /// The spans as one source.
  static MemorySource source(String sourceName, List<SpanSpec> spans) {
    return new MemorySource(sourceName, columns(spans));
  }

  static TraceColumns columns(List<SpanSpec> spans) {
    Map<Long, OtlpTrace> traces = new LinkedHashMap<>();
    Map<Long, Map<String, OtlpResource>> resources = new HashMap<>();
    for (SpanSpec spec : spans) {
      OtlpTrace trace =
          traces.computeIfAbsent(spec.trace, id -> OtlpTrace.trace(new TraceId(0, id)));
      OtlpResource resource =
          resources
              .computeIfAbsent(spec.trace, _ -> new HashMap<>())
              .computeIfAbsent(
                  spec.service + spec.resourceAttributes,
                  _ -> {
                    OtlpResource made = trace.service(spec.service).scope("lib", "1.2");
                    spec.resourceAttributes.forEach(made::attr);
                    return made;
                  });
      spec.addTo(resource);
    }
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (OtlpTrace trace : traces.values()) {
      byte[] bytes = trace.toTracesData();
      builder.add(trace.id(), bytes, 0, bytes.length);
    }
    return builder.build();
  }

  private void addTo(OtlpResource resource) {
    OtlpSpan span = resource.span(name, BASE + startNanos, durationNanos).id(id).kind(kind);
    if (parent != 0) {
      span.parent(parent);
    }
    if (status != 0) {
      span.status(status, "message " + status);
    }
    attributes.forEach(span::attr);
    for (EventSpec event : events) {
      span.event(event.name, BASE + startNanos + event.offsetNanos);
      event.attributes.forEach(span::eventAttr);
    }
  }

  static SearchRequest request(String query, int limit, int spansPerSpanSet) {
    return new SearchRequest(
        new SearchCondition.TraceQl(TraceQl.compile(query)), TimeRange.ALL, limit, spansPerSpanSet);
  }

  static SearchResult search(String query, BatchSource... sources) {
    return new SearchEngine()
        .search(request(query, 1000, 0), List.of(sources), QueryScope.unbounded());
  }

  /// The ids of all spans in the answer.
  static TreeSet<Long> spanIds(SearchResult result) {
    TreeSet<Long> ids = new TreeSet<>();
    for (FoundTrace trace : result.traces()) {
      for (FoundSpanSet set : trace.spanSets()) {
        for (FoundSpan span : set.spans()) {
          ids.add(HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(span.spanId())));
        }
      }
    }
    return ids;
  }

  /// The whole answer as text, a line for each trace, set and span.
  static String text(SearchResult result) {
    StringBuilder out = new StringBuilder();
    for (FoundTrace trace : result.traces()) {
      out.append(trace.traceId())
          .append(' ')
          .append(trace.rootServiceName())
          .append('/')
          .append(trace.rootTraceName())
          .append(' ')
          .append(trace.startEpochNanos() - BASE)
          .append('+')
          .append(trace.durationNanos())
          .append(' ')
          .append(trace.serviceStats())
          .append('\n');
      for (FoundSpanSet set : trace.spanSets()) {
        out.append("  ").append(set.matched()).append(' ').append(set.attributes()).append('\n');
        for (FoundSpan span : set.spans()) {
          out.append("    ")
              .append(HexFormat.of().formatHex(span.spanId()))
              .append(' ')
              .append(span.name())
              .append(' ')
              .append(span.startEpochNanos() - BASE)
              .append('+')
              .append(span.durationNanos())
              .append(' ')
              .append(span.attributes())
              .append('\n');
        }
      }
    }
    return out.toString();
  }

  /// The attributes of the only span in the answer.
  static List<FoundAttribute> onlySpanAttributes(SearchResult result) {
    return result.traces().getFirst().spanSets().getFirst().spans().getFirst().attributes();
  }
}
