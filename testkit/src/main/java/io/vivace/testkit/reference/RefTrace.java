package io.vivace.testkit.reference;

import io.vivace.model.TraceId;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// A whole trace as plain data. Attribute values are String, Boolean, Long, Double, byte[], List or
/// Map of these.
public record RefTrace(TraceId id, List<Resource> resources) {

  public record Resource(Map<String, Object> attributes, List<Scope> scopes) {}

  public record Scope(
      String name, String version, Map<String, Object> attributes, List<Span> spans) {}

  /// @param id lower-case hex
  /// @param parentId lower-case hex; empty for a root
  /// @param kind OTLP number
  /// @param status OTLP number
  public record Span(
      String id,
      String parentId,
      String name,
      int kind,
      int status,
      String statusMessage,
      String traceState,
      long startEpochNanos,
      long endEpochNanos,
      Map<String, Object> attributes,
      List<Event> events,
      List<Link> links) {

    /// Negative if the span ends before it starts.
    public long durationNanos() {
      return endEpochNanos - startEpochNanos;
    }
  }

  public record Event(long epochNanos, String name, Map<String, Object> attributes) {}

  /// @param traceId 32 hex digits
  /// @param spanId 16 hex digits
  public record Link(String traceId, String spanId, Map<String, Object> attributes) {}

  /// How many spans there are.
  public int spanCount() {
    int count = 0;
    for (Resource resource : resources) {
      for (Scope scope : resource.scopes()) {
        count += scope.spans().size();
      }
    }
    return count;
  }

  /// The trace in up to `parts` fragments; every span lies in exactly one.
  ///
  /// @param partOf the part of a span, from 0; asked once for each span
  public List<RefTrace> split(int parts, ToIntFunction<Span> partOf) {
    Map<Span, Integer> chosen = new IdentityHashMap<>();
    for (Resource resource : resources) {
      for (Scope scope : resource.scopes()) {
        for (Span span : scope.spans()) {
          chosen.put(span, partOf.applyAsInt(span));
        }
      }
    }
    List<RefTrace> fragments = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      List<Resource> kept = new ArrayList<>();
      for (Resource resource : resources) {
        List<Scope> scopes = new ArrayList<>();
        for (Scope scope : resource.scopes()) {
          List<Span> spans = new ArrayList<>();
          for (Span span : scope.spans()) {
            if (Integer.valueOf(part).equals(chosen.get(span))) {
              spans.add(span);
            }
          }
          if (!spans.isEmpty()) {
            scopes.add(new Scope(scope.name(), scope.version(), scope.attributes(), spans));
          }
        }
        if (!scopes.isEmpty()) {
          kept.add(new Resource(resource.attributes(), scopes));
        }
      }
      if (!kept.isEmpty()) {
        fragments.add(new RefTrace(id, kept));
      }
    }
    return fragments;
  }

  /// The same trace as an OTLP message under construction.
  public OtlpTrace toOtlp() {
    OtlpTrace trace = OtlpTrace.trace(id);
    for (Resource resource : resources) {
      OtlpResource out = trace.resource();
      resource.attributes().forEach(out::attr);
      for (Scope scope : resource.scopes()) {
        out.scope(scope.name(), scope.version());
        scope.attributes().forEach(out::scopeAttr);
        for (Span span : scope.spans()) {
          write(span, out);
        }
      }
    }
    return trace;
  }

  /// An `ExportTraceServiceRequest` with these traces.
  public static byte[] toRequest(List<RefTrace> traces) {
    List<OtlpTrace> otlp = new ArrayList<>();
    for (RefTrace trace : traces) {
      otlp.add(trace.toOtlp());
    }
    return OtlpTrace.toRequest(otlp);
  }

  private static void write(Span span, OtlpResource into) {
    HexFormat hex = HexFormat.of();
    OtlpSpan out =
        into.span(span.name(), span.startEpochNanos(), span.durationNanos())
            .id(hex.parseHex(span.id()))
            .parent(hex.parseHex(span.parentId()))
            .kind(span.kind())
            .traceState(span.traceState())
            .status(span.status(), span.statusMessage());
    span.attributes().forEach(out::attr);
    for (Event event : span.events()) {
      out.event(event.name(), event.epochNanos());
      event.attributes().forEach(out::eventAttr);
    }
    for (Link link : span.links()) {
      out.link(hex.parseHex(link.traceId()), hex.parseHex(link.spanId()));
      link.attributes().forEach(out::linkAttr);
    }
  }
}
