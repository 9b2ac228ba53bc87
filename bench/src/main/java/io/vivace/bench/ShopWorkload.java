package io.vivace.bench;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// OTLP export requests of a made-up shop with 16 services: traces of 3 to 40 spans over several
/// services, about ten attributes and 480 bytes per span, fresh ids, and values that compress as
/// real ones do (UUIDs per user and order, skewed routes, durations with a long tail).
///
/// Every request is made from its number alone, so runs are repeatable. Thread-safe.
final class ShopWorkload {
  private static final int TRACES_PER_REQUEST = 5;
  private static final String[] SERVICES = {
    "gateway",
    "web",
    "cart",
    "checkout",
    "catalog",
    "currency",
    "payment",
    "shipping",
    "quote",
    "email",
    "recommendation",
    "ads",
    "fraud",
    "accounting",
    "images",
    "flags"
  };
  private static final String[] ROUTES = {
    "/",
    "/product/{id}",
    "/cart",
    "/cart/checkout",
    "/api/products",
    "/api/products/{id}",
    "/api/recommendations",
    "/api/data",
    "/api/currency",
    "/api/shipping",
    "/images/{name}",
    "/health"
  };
  private static final String[] METHODS = {"GET", "GET", "GET", "POST", "PUT", "DELETE"};
  private static final String[] OPERATIONS = {
    "GetProduct",
    "ListProducts",
    "AddItem",
    "GetCart",
    "EmptyCart",
    "PlaceOrder",
    "Charge",
    "GetQuote",
    "ShipOrder",
    "Convert",
    "ListRecommendations",
    "GetAds",
    "SendConfirmation",
    "CheckFlag"
  };

  private final long seed;

  ShopWorkload(long seed) {
    this.seed = seed;
  }

  /// One export request.
  ///
  /// @param body OTLP bytes
  /// @param spans how many it holds
  /// @param traceIds the ids of its traces
  /// @param userId a value of `span.app.user.id` in it
  record Request(byte[] body, int spans, List<TraceId> traceIds, String userId) {}

  /// @param number which request
  /// @param nowEpochNanos end of the newest span, about
  Request request(long number, long nowEpochNanos) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    @Nullable ProtoWriter[] resources = new @Nullable ProtoWriter[SERVICES.length];
    List<TraceId> traceIds = new ArrayList<>();
    int spans = 0;
    String userId = uuid(random);
    for (int t = 0; t < TRACES_PER_REQUEST; t++) {
      TraceId id = new TraceId(random.nextLong(), random.nextLong());
      traceIds.add(id);
      spans += new Trace(random, resources, id, nowEpochNanos, userId).write();
    }
    return new Request(body(resources), spans, traceIds, userId);
  }

  private static byte[] body(@Nullable ProtoWriter[] resources) {
    ProtoWriter body = new ProtoWriter(64 << 10);
    for (int service = 0; service < resources.length; service++) {
      ProtoWriter spans = resources[service];
      if (spans == null) {
        continue;
      }
      int resourceSpans = body.beginMessage(1);
      int resource = body.beginMessage(1);
      text(body, 1, "service.name", SERVICES[service]);
      text(body, 1, "service.version", "2.1." + service % 4);
      text(body, 1, "service.instance.id", "5b0d3b6e-6d0c-4d7e-9f5a-0000000000" + (10 + service));
      text(body, 1, "k8s.namespace.name", "shop");
      text(
          body, 1, "k8s.pod.name", SERVICES[service] + "-6c9f7d8b5-x" + (service * 7 % 10) + "k2p");
      text(body, 1, "telemetry.sdk.language", service % 3 == 0 ? "go" : "java");
      text(body, 1, "telemetry.sdk.name", "opentelemetry");
      body.endMessage(resource);
      int scopeSpans = body.beginMessage(2);
      int scope = body.beginMessage(1);
      string(body, 1, "shop.instrumentation." + SERVICES[service]);
      string(body, 2, "1.32.0");
      body.endMessage(scope);
      body.writeRaw(spans.array(), 0, spans.size());
      body.endMessage(scopeSpans);
      body.endMessage(resourceSpans);
    }
    return body.toByteArray();
  }

  private static final class Trace {
    private final SplittableRandom random;
    private final @Nullable ProtoWriter[] resources;
    private final byte[] traceId;
    private final long rootStart;
    private final String userId;
    private final String orderId;
    private final String route;
    private int left;
    private int written;

    Trace(
        SplittableRandom random,
        @Nullable ProtoWriter[] resources,
        TraceId id,
        long now,
        String userId) {
      this.random = random;
      this.resources = resources;
      this.traceId = id.toBytes();
      this.userId = userId;
      this.orderId = uuid(random);
      this.route = ROUTES[skewed(random, ROUTES.length)];
      this.left = random.nextInt(12) == 0 ? 40 : 3 + random.nextInt(12);
      this.rootStart = now - random.nextLong(1_000_000_000L);
    }

    int write() {
      span(null, 0, rootStart, 4_000_000_000L);
      return written;
    }

    private void span(byte @Nullable [] parent, int depth, long start, long maxDuration) {
      left--;
      byte[] spanId = new byte[8];
      random.nextBytes(spanId);
      long duration =
          Math.min(
              maxDuration,
              (long) (200_000 * Math.exp(random.nextDouble() * random.nextDouble() * 9)));
      int service = depth == 0 ? 0 : 1 + skewed(random, SERVICES.length - 1);
      one(service, spanId, parent, depth, start, duration);
      int children = depth > 6 ? 0 : random.nextInt(1, 5);
      for (int i = 0; i < children && left > 0; i++) {
        span(
            spanId,
            depth + 1,
            start + duration * i / (children + 1),
            Math.max(1, duration / (i + 1)));
      }
    }

    private void one(
        int service,
        byte[] spanId,
        byte @Nullable [] parent,
        int depth,
        long start,
        long duration) {
      ProtoWriter known = resources[service];
      ProtoWriter out = known == null ? new ProtoWriter(16 << 10) : known;
      resources[service] = out;
      boolean isServer = depth % 2 == 0;
      boolean isError = random.nextInt(60) == 0;
      String operation = OPERATIONS[skewed(random, OPERATIONS.length)];
      int span = out.beginMessage(2);
      out.writeBytes(1, traceId);
      out.writeBytes(2, spanId);
      if (parent != null) {
        out.writeBytes(4, parent);
      }
      string(out, 5, depth == 0 ? "HTTP " + route : "shop." + SERVICES[service] + "/" + operation);
      out.writeVarint(6, isServer ? 2 : 3);
      out.writeFixed64(7, start);
      out.writeFixed64(8, start + duration);
      if (isServer) {
        text(out, 9, "http.request.method", METHODS[random.nextInt(METHODS.length)]);
        text(
            out,
            9,
            "url.path",
            route.replace("{id}", "OLJCESPC7Z").replace("{name}", "bottle.jpg"));
        text(out, 9, "http.route", route);
        number(out, 9, "http.response.status_code", isError ? 500 : 200);
        text(out, 9, "app.user.id", userId);
        text(out, 9, "server.address", SERVICES[service]);
        number(out, 9, "server.port", 8080);
        text(out, 9, "network.protocol.version", "1.1");
        number(out, 9, "thread.id", random.nextInt(40));
        text(out, 9, "user_agent.original", "python-requests/2.32." + random.nextInt(4));
      } else {
        text(out, 9, "rpc.system", "grpc");
        text(out, 9, "rpc.service", "shop." + SERVICES[service]);
        text(out, 9, "rpc.method", operation);
        number(out, 9, "rpc.grpc.status_code", isError ? 13 : 0);
        text(out, 9, "app.order.id", orderId);
        text(out, 9, "net.peer.name", SERVICES[(service + 3) % SERVICES.length]);
        number(out, 9, "net.peer.port", 3550);
        number(out, 9, "app.items.count", random.nextInt(9));
        text(out, 9, "thread.name", "grpc-default-executor-" + random.nextInt(20));
      }
      if (random.nextInt(5) == 0) {
        int event = out.beginMessage(11);
        out.writeFixed64(1, start + duration / 2);
        string(out, 2, isError ? "exception" : "message");
        number(out, 3, "message.id", random.nextInt(3));
        out.endMessage(event);
      }
      if (isError) {
        int status = out.beginMessage(15);
        string(out, 2, "upstream " + operation + " failed");
        out.writeVarint(3, 2);
        out.endMessage(status);
      }
      out.endMessage(span);
      written++;
    }
  }

  /// Small indexes are more frequent.
  private static int skewed(SplittableRandom random, int bound) {
    return Math.min(random.nextInt(bound), random.nextInt(bound));
  }

  private static String uuid(SplittableRandom random) {
    String hex =
        HexFormat.of().toHexDigits(random.nextLong())
            + HexFormat.of().toHexDigits(random.nextLong());
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  private static void text(ProtoWriter out, int field, String key, String value) {
    int keyValue = out.beginMessage(field);
    string(out, 1, key);
    int any = out.beginMessage(2);
    string(out, 1, value);
    out.endMessage(any);
    out.endMessage(keyValue);
  }

  private static void number(ProtoWriter out, int field, String key, long value) {
    int keyValue = out.beginMessage(field);
    string(out, 1, key);
    int any = out.beginMessage(2);
    out.writeVarint(3, value);
    out.endMessage(any);
    out.endMessage(keyValue);
  }

  private static void string(ProtoWriter out, int field, String value) {
    out.writeBytes(field, value.getBytes(StandardCharsets.UTF_8));
  }
}
