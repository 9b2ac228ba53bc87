package io.vivace.testkit.otlp;

import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Traces like those of a small shop: a gateway that calls services that call databases, with
/// errors now and then, about ten attributes for each span, one of them unique. Equal seeds give
/// equal traces. Confined to one thread.
public final class RandomTraces {
  private static final String[] SERVICES = {
    "gateway", "orders", "payments", "cart", "catalogue", "shipping", "users", "mail"
  };
  private static final String[] ROUTES = {
    "/", "/cart", "/orders/{id}", "/checkout", "/products/{id}", "/login", "/search", "/users/{id}"
  };
  private static final String[] METHODS = {"GET", "GET", "GET", "POST", "PUT", "DELETE"};

  private final SplittableRandom random;
  private final long firstEpochNanos;
  private final long spreadNanos;

  /// @param firstEpochNanos earliest start of a trace
  /// @param spreadNanos traces start within this time after it
  public RandomTraces(long seed, long firstEpochNanos, long spreadNanos) {
    this.random = new SplittableRandom(seed);
    this.firstEpochNanos = firstEpochNanos;
    this.spreadNanos = Math.max(1, spreadNanos);
  }

  /// As the other constructor, within one minute of November 2023.
  public RandomTraces(long seed) {
    this(seed, 1_700_000_000_000_000_000L, 60_000_000_000L);
  }

  /// The next trace, with 1 to 30 spans.
  public OtlpTrace next() {
    return next(1 + random.nextInt(30));
  }

  /// The next trace, with `spanCount` (at least 1) spans.
  public OtlpTrace next(int spanCount) {
    OtlpTrace trace = OtlpTrace.trace(new TraceId(random.nextLong(), random.nextLong()));
    OtlpResource[] resources = new OtlpResource[SERVICES.length];
    long start = firstEpochNanos + random.nextLong(spreadNanos);
    long duration = 1_000_000 + random.nextLong(2_000_000_000L);
    List<OtlpSpan> spans = new ArrayList<>();
    spans.add(fill(resource(trace, resources, 0).span("GET /", start, duration), 0));
    while (spans.size() < spanCount) {
      OtlpSpan parent = spans.get(Math.max(0, spans.size() - 1 - random.nextInt(4)));
      int service = random.nextInt(SERVICES.length);
      long offset = random.nextLong(duration / 2);
      long length = 1_000 + random.nextLong(duration / 2);
      String name = METHODS[random.nextInt(METHODS.length)] + " " + route();
      spans.add(
          fill(
              parent.child(resource(trace, resources, service), name, start + offset, length),
              spans.size()));
    }
    return trace;
  }

  private String route() {
    return ROUTES[random.nextInt(ROUTES.length)];
  }

  private static OtlpResource resource(OtlpTrace trace, OtlpResource[] resources, int service) {
    if (resources[service] == null) {
      resources[service] =
          trace
              .service(SERVICES[service])
              .attr("service.version", "1." + service)
              .attr("k8s.namespace.name", "shop")
              .attr("k8s.pod.name", SERVICES[service] + "-7d9f-" + service)
              .attr("telemetry.sdk.language", "java")
              .scope("io.opentelemetry.http", "2.10.0");
    }
    return resources[service];
  }

  private OtlpSpan fill(OtlpSpan span, int index) {
    span.id(random.nextLong() | 1)
        .kind(index % 2 == 0 ? OtlpSpan.SERVER : OtlpSpan.CLIENT)
        .attr("http.request.method", METHODS[random.nextInt(METHODS.length)])
        .attr("http.route", route())
        .attr("url.path", route() + "?page=" + random.nextInt(50))
        .attr("http.response.status_code", random.nextInt(20) == 0 ? 500 : 200)
        .attr("server.address", "10.0.0." + random.nextInt(32))
        .attr("server.port", 8080 + random.nextInt(4))
        .attr("request.id", uuid())
        .attr("user.premium", random.nextBoolean())
        .attr("cart.value", random.nextInt(10_000) / 100.0)
        .attr("thread.name", "worker-" + random.nextInt(16));
    if (random.nextInt(20) == 0) {
      span.error("connection refused")
          .event("exception", firstEpochNanos)
          .eventAttr("exception.type", "java.net.ConnectException")
          .eventAttr("exception.message", "connection refused");
    }
    return span;
  }

  private String uuid() {
    return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
  }
}
