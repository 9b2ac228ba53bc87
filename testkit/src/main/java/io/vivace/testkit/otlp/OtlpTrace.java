package io.vivace.testkit.otlp;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/// A trace under construction.
///
/// ```java
/// OtlpTrace trace = OtlpTrace.trace(id);
/// OtlpSpan root = trace.service("cart").span("GET /", start, 5_000_000).kind(OtlpSpan.SERVER);
/// root.attr("http.request.method", "GET").child("SELECT", start + 1_000, 2_000_000);
/// byte[] otlp = trace.toTracesData();
/// ```
///
/// Span ids count up from 1 unless they are given. Confined to one thread.
public final class OtlpTrace {
  private final TraceId id;
  private final List<OtlpResource> resources = new ArrayList<>();
  private long lastSpanId;

  private OtlpTrace(TraceId id) {
    this.id = id;
  }

  public static OtlpTrace trace(TraceId id) {
    return new OtlpTrace(id);
  }

  /// @param hex 1 to 32 hex digits
  public static OtlpTrace trace(String hex) {
    return new OtlpTrace(TraceId.parse(hex));
  }

  public TraceId id() {
    return id;
  }

  /// A new resource whose `service.name` is `name`.
  public OtlpResource service(String name) {
    return resource().attr("service.name", name);
  }

  /// A new resource without attributes.
  public OtlpResource resource() {
    OtlpResource resource = new OtlpResource(this);
    resources.add(resource);
    return resource;
  }

  /// Spans added so far.
  public int spanCount() {
    int count = 0;
    for (OtlpResource resource : resources) {
      count += resource.spanCount();
    }
    return count;
  }

  /// A `TracesData` message with the trace.
  public byte[] toTracesData() {
    ProtoWriter out = new ProtoWriter();
    write(out);
    return out.toByteArray();
  }

  /// An `ExportTraceServiceRequest` with the traces, resources one after another.
  public static byte[] toRequest(List<OtlpTrace> traces) {
    ProtoWriter out = new ProtoWriter();
    for (OtlpTrace trace : traces) {
      trace.write(out);
    }
    return out.toByteArray();
  }

  long nextSpanId() {
    return ++lastSpanId;
  }

  void write(ProtoWriter out) {
    byte[] traceId = id.toBytes();
    for (OtlpResource resource : resources) {
      resource.write(out, traceId);
    }
  }
}
