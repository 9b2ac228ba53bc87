package io.vivace.testkit.otlp;

import io.vivace.model.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/// A resource of a trace with its scopes; spans go to the scope that was begun last.
public final class OtlpResource {
  private final OtlpTrace trace;
  private final OtlpAttributes attributes = new OtlpAttributes();
  private final List<Scope> scopes = new ArrayList<>();

  OtlpResource(OtlpTrace trace) {
    this.trace = trace;
  }

  private record Scope(
      String name, String version, OtlpAttributes attributes, List<OtlpSpan> spans) {}

  /// @param value String, Boolean, Integer, Long, Double, byte[], List or Map of these
  public OtlpResource attr(String key, Object value) {
    attributes.add(key, value);
    return this;
  }

  /// Begins a scope.
  public OtlpResource scope(String name, String version) {
    scopes.add(new Scope(name, version, new OtlpAttributes(), new ArrayList<>()));
    return this;
  }

  /// Gives the scope at hand an attribute.
  public OtlpResource scopeAttr(String key, Object value) {
    openScope().attributes().add(key, value);
    return this;
  }

  /// A new span without parent in the scope at hand.
  public OtlpSpan span(String name, long startEpochNanos, long durationNanos) {
    OtlpSpan span = new OtlpSpan(this, trace.nextSpanId(), name, startEpochNanos, durationNanos);
    openScope().spans().add(span);
    return span;
  }

  public OtlpTrace trace() {
    return trace;
  }

  int spanCount() {
    int count = 0;
    for (Scope scope : scopes) {
      count += scope.spans().size();
    }
    return count;
  }

  private Scope openScope() {
    if (scopes.isEmpty()) {
      scope("", "");
    }
    return scopes.getLast();
  }

  void write(ProtoWriter out, byte[] traceId) {
    int mark = out.beginMessage(1);
    int resource = out.beginMessage(1);
    attributes.write(out, 1);
    out.endMessage(resource);
    for (Scope scope : scopes) {
      int scopeSpans = out.beginMessage(2);
      int header = out.beginMessage(1);
      if (!scope.name().isEmpty()) {
        out.writeBytes(1, OtlpAttributes.utf8(scope.name()));
      }
      if (!scope.version().isEmpty()) {
        out.writeBytes(2, OtlpAttributes.utf8(scope.version()));
      }
      scope.attributes().write(out, 3);
      out.endMessage(header);
      for (OtlpSpan span : scope.spans()) {
        span.write(out, traceId);
      }
      out.endMessage(scopeSpans);
    }
    out.endMessage(mark);
  }
}
