package io.vivace.engine.metrics;

import io.vivace.model.TraceId;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A span as plain data, with the spans of its whole trace.
final class NaiveSpan {
  static final long SECOND = 1_000_000_000L;
  static final long BASE = 1_700_000_000L * SECOND;
  private static final String[] NAMES = {"a", "b", "c", "get cart"};
  private static final String[] SERVICES = {"cart", "shop", "db"};

  final long trace;
  final long id;
  final long parent;
  final long start;
  final long duration;
  final String name;
  final @Nullable Object service;
  final String scope;
  final int kind;
  final int status;
  final String statusMessage;
  final double weight;
  final List<String> events = new ArrayList<>();
  final Map<String, Object> resourceAttributes = new TreeMap<>();
  final Map<String, Object> attributes = new TreeMap<>();
  List<NaiveSpan> wholeTrace = List.of();

  private NaiveSpan(SplittableRandom random, long trace, long id, long parent) {
    this.trace = trace;
    this.id = id;
    this.parent = parent;
    long second = random.nextInt(-5, 70) * SECOND;
    // Now and then exactly on the edge of an interval.
    this.start = BASE + second + (random.nextInt(3) == 0 ? 0 : random.nextLong(SECOND));
    this.duration = random.nextInt(8) == 0 ? random.nextInt(4) : random.nextLong(5 * SECOND);
    this.name = NAMES[random.nextInt(NAMES.length)];
    this.service =
        switch (random.nextInt(8)) {
          case 0 -> null;
          case 1 -> 7L;
          default -> SERVICES[random.nextInt(SERVICES.length)];
        };
    this.scope = random.nextBoolean() ? "" : "lib";
    this.kind = random.nextInt(6);
    this.status = random.nextInt(3);
    this.statusMessage = random.nextInt(3) == 0 ? "failed" : "";
    this.weight = random.nextInt(4) == 0 ? 4 : 1;
    for (int i = random.nextInt(-2, 3); i > 0; i--) {
      events.add(random.nextBoolean() ? "exception" : "retry");
    }
    if (random.nextBoolean()) {
      resourceAttributes.put("k", value(random));
    }
    if (random.nextBoolean()) {
      attributes.put("k", value(random));
    }
    if (random.nextInt(4) > 0) {
      attributes.put("n", value(random));
    }
    if (random.nextBoolean()) {
      attributes.put("f", random.nextInt(-40, 100) / 8.0);
    }
  }

  private static Object value(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> "x";
      case 1 -> random.nextInt(3) / 2.0;
      case 2 -> random.nextBoolean();
      case 3 -> List.of(1L, 2L);
      case 4 -> "y";
      default -> (long) random.nextInt(-2, 40);
    };
  }

  /// Some traces, of which most have one root and some none.
  static List<NaiveSpan> traces(SplittableRandom random) {
    List<NaiveSpan> all = new ArrayList<>();
    int count = random.nextInt(1, 9);
    for (int t = 1; t <= count; t++) {
      int size = random.nextInt(1, 9);
      boolean hasRoot = random.nextInt(4) > 0;
      List<NaiveSpan> trace = new ArrayList<>();
      for (int s = 1; s <= size; s++) {
        long parent = s == 1 ? (hasRoot ? 0 : 99) : random.nextInt(1, s);
        trace.add(new NaiveSpan(random, t, s, parent));
      }
      for (NaiveSpan span : trace) {
        span.wholeTrace = trace;
      }
      all.addAll(trace);
    }
    return all;
  }

  /// The spans as OTLP, by trace.
  static OtlpTrace[] encode(List<NaiveSpan> spans) {
    Map<Long, OtlpTrace> traces = new LinkedHashMap<>();
    for (NaiveSpan span : spans) {
      OtlpTrace trace =
          traces.computeIfAbsent(span.trace, id -> OtlpTrace.trace(new TraceId(7, id)));
      OtlpResource resource = trace.resource();
      if (span.service != null) {
        resource.attr("service.name", span.service);
      }
      span.resourceAttributes.forEach(resource::attr);
      resource.scope(span.scope, "");
      OtlpSpan encoded =
          resource
              .span(span.name, span.start, span.duration)
              .id(span.id)
              .kind(span.kind)
              .status(span.status, span.statusMessage);
      if (span.parent != 0) {
        encoded.parent(span.parent);
      }
      if (span.weight == 4) {
        encoded.traceState("other=1,ot=th:c");
      }
      for (String event : span.events) {
        encoded.event(event, span.start);
      }
      span.attributes.forEach(encoded::attr);
    }
    return traces.values().toArray(new OtlpTrace[0]);
  }

  // ---- fields

  String serviceName() {
    return service instanceof String text ? text : "";
  }

  /// The span's own attribute, else the resource's.
  @Nullable Object unscoped(String key) {
    Object own = attributes.get(key);
    return own != null ? own : resourceAttributes.get(key);
  }

  @Nullable NaiveSpan root() {
    NaiveSpan first = wholeTrace.getFirst();
    return first.parent == 0 ? first : null;
  }

  String rootName() {
    NaiveSpan root = root();
    return root == null ? "" : root.name;
  }

  String rootService() {
    NaiveSpan root = root();
    return root == null ? "" : root.serviceName();
  }

  /// Not known in traces without root.
  long childCount() {
    return root() == null ? 0 : wholeTrace.stream().filter(other -> other.parent == id).count();
  }

  long traceDuration() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (NaiveSpan span : wholeTrace) {
      first = Math.min(first, span.start);
      last = Math.max(last, span.start + span.duration);
    }
    return last - first;
  }

  boolean descendsFrom(NaiveSpan other) {
    long above = parent;
    while (above != 0 && above != 99) {
      if (above == other.id) {
        return true;
      }
      long next = above;
      above = wholeTrace.stream().filter(s -> s.id == next).findFirst().orElseThrow().parent;
    }
    return false;
  }
}
