package io.vivace.block;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.testkit.otlp.RandomTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Traces with a bit of everything that a block stores.
final class TestTraces {
  private TestTraces() {}

  static List<OtlpTrace> shop(long seed, int count) {
    RandomTraces random = new RandomTraces(seed);
    List<OtlpTrace> traces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      traces.add(random.next());
    }
    return traces;
  }

  static OtlpTrace large(long seed, int spans) {
    return new RandomTraces(seed).next(spans);
  }

  /// Adds attributes of all types, arrays, events, links and statuses to some spans.
  static OtlpTrace decorate(OtlpTrace trace, long seed) {
    Random random = new Random(seed);
    OtlpResource resource = trace.resource();
    resource.attr("service.name", random.nextBoolean() ? "odd" : "");
    resource.attr("k8s.cluster.name", "cluster-" + random.nextInt(3));
    resource.attr("r.list", List.of("a", "b"));
    resource.scope("lib", "v" + random.nextInt(2)).scopeAttr("s.int", (long) random.nextInt(5));
    OtlpSpan span = resource.span("decorated " + random.nextInt(4), 1_700_000_000_123_456_789L, 5L);
    span.attr("long", random.nextLong())
        .attr("double", random.nextDouble())
        .attr("bool", random.nextBoolean())
        .attr("longs", List.of(1L, 2L, random.nextLong()))
        .attr("one", List.of("only"))
        .attr("empty", List.of())
        .attr("http.status_code", 200L + random.nextInt(4))
        .attr("http.response.status_code", random.nextBoolean() ? (Object) 404L : "text")
        .attr("http.url", List.of("x", "y"))
        .attr("url.path", "/p/" + random.nextInt(1000))
        .kind(random.nextInt(7))
        .status(random.nextInt(4), random.nextBoolean() ? "" : "failed " + random.nextInt(9))
        .traceState("k=" + random.nextInt(3))
        .event("e" + random.nextInt(3), 1_700_000_000_123_456_790L)
        .eventAttr("exception.message", "boom " + random.nextInt(100))
        .link(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, new byte[8])
        .linkAttr("l.bool", true);
    return trace;
  }

  static List<OtlpTrace> mixed(long seed, int count) {
    List<OtlpTrace> traces = shop(seed, count);
    for (int i = 0; i < traces.size(); i += 3) {
      decorate(traces.get(i), seed + i);
    }
    return traces;
  }

  static TraceColumns columns(List<OtlpTrace> traces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (OtlpTrace trace : traces) {
      byte[] otlp = trace.toTracesData();
      builder.add(trace.id(), otlp, 0, otlp.length);
    }
    return builder.build();
  }
}
