package io.vivace.demo;

import com.sun.net.httpserver.HttpExchange;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.vivace.demo.ShopService.ShopException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// The demonstration: gateway → orders → payments → database over real HTTP, with customers who
/// place a few orders per second. Some orders are slow, some payments are declined, and now and
/// then the database gives up. Runs until it is closed; a customer waits for an answer before the
/// next order, so a slow machine gets less load, never more.
public final class DemoShop implements AutoCloseable {
  private static final Duration PAUSE_BETWEEN_ORDERS = Duration.ofMillis(400);
  private static final int CUSTOMERS = 2;
  private static final List<String> PRODUCTS =
      List.of("metronome", "baton", "violin", "score", "rosin");
  private static final AttributeKey<String> ATTEMPT = AttributeKey.stringKey("shop.attempt");

  private final ShopService database;
  private final ShopService payments;
  private final ShopService orders;
  private final ShopService gateway;
  private final HttpClient customer = HttpClient.newHttpClient();
  private final ScheduledExecutorService load =
      Executors.newScheduledThreadPool(
          CUSTOMERS, Thread.ofPlatform().daemon().name("demo-customer-", 1).factory());

  private DemoShop(String tracesUrl) throws IOException {
    database = new ShopService("database", tracesUrl);
    payments = new ShopService("payments", tracesUrl);
    orders = new ShopService("orders", tracesUrl);
    gateway = new ShopService("gateway", tracesUrl);
    database.route("/query", DemoShop::query);
    payments.route("/charge", this::charge);
    orders.route("/orders", this::order);
    gateway.route("/checkout", this::checkout);
    gateway.route("/products", this::products);
  }

  /// Opens the services and starts the load.
  ///
  /// @param otlpHttpUrl the OTLP/HTTP receiver, e.g. `http://localhost:4318`
  public static DemoShop start(String otlpHttpUrl) throws IOException {
    DemoShop shop = new DemoShop(otlpHttpUrl + "/v1/traces");
    for (int i = 0; i < CUSTOMERS; i++) {
      long delayMillis = PAUSE_BETWEEN_ORDERS.toMillis() * i / CUSTOMERS;
      shop.load.scheduleWithFixedDelay(
          shop::visit, delayMillis, PAUSE_BETWEEN_ORDERS.toMillis(), TimeUnit.MILLISECONDS);
    }
    return shop;
  }

  private void visit() {
    boolean isOrder = chance(0.7);
    String product = PRODUCTS.get(ThreadLocalRandom.current().nextInt(PRODUCTS.size()));
    String path = isOrder ? "/checkout?product=" + product : "/products";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      customer.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException | RuntimeException e) {
      // A customer whose order fails comes back later; the failure is in the trace.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String checkout(ShopService self, HttpExchange exchange)
      throws IOException, InterruptedException, ShopException {
    String query = exchange.getRequestURI().getQuery();
    Span.current()
        .setAttribute("enduser.id", "customer-" + ThreadLocalRandom.current().nextInt(50))
        .setAttribute("shop.product", query == null ? "" : query.substring(query.indexOf('=') + 1));
    return self.call("POST", orders.url() + "/orders");
  }

  private String products(ShopService self, HttpExchange exchange)
      throws IOException, InterruptedException, ShopException {
    return self.call("GET", database.url() + "/query");
  }

  private String order(ShopService self, HttpExchange exchange)
      throws IOException, InterruptedException, ShopException {
    Span.current().setAttribute("shop.items", ThreadLocalRandom.current().nextInt(1, 6));
    reserve(self);
    if (chance(0.05)) {
      work(Duration.ofMillis(700), 0.4); // the slow order
    }
    return self.call("POST", payments.url() + "/charge");
  }

  /// A step inside a service, without HTTP.
  private static void reserve(ShopService self) throws InterruptedException {
    Span span =
        self.telemetry()
            .tracer()
            .spanBuilder("reserve stock")
            .setSpanKind(SpanKind.INTERNAL)
            .startSpan();
    try {
      work(Duration.ofMillis(3), 0.5);
      span.addEvent("reserved", Attributes.of(ATTEMPT, "1"));
    } finally {
      span.end();
    }
  }

  private String charge(ShopService self, HttpExchange exchange)
      throws IOException, InterruptedException, ShopException {
    Span.current()
        .setAttribute(
            "shop.amount", Math.round(ThreadLocalRandom.current().nextDouble(500, 90_000)) / 100.0);
    work(Duration.ofMillis(8), 0.5);
    if (chance(0.06)) {
      throw new ShopException(402, "card declined");
    }
    return self.call("GET", database.url() + "/query");
  }

  private static String query(ShopService self, HttpExchange exchange)
      throws InterruptedException, ShopException {
    String statement = "SELECT * FROM orders WHERE id = ?";
    Span span =
        self.telemetry()
            .tracer()
            .spanBuilder("SELECT shop.orders")
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("db.system.name", "postgresql")
            .setAttribute("db.namespace", "shop")
            .setAttribute("db.query.text", statement)
            .startSpan();
    try {
      work(Duration.ofMillis(chance(0.03) ? 400 : 4), 0.6);
      if (chance(0.02)) {
        span.setStatus(StatusCode.ERROR, "deadlock detected");
        throw new ShopException(500, "deadlock detected");
      }
    } finally {
      span.end();
    }
    return "[]";
  }

  private static boolean chance(double probability) {
    return ThreadLocalRandom.current().nextDouble() < probability;
  }

  /// Takes about `typical`, more or less by the part `spread`.
  private static void work(Duration typical, double spread) throws InterruptedException {
    double factor = 1 + spread * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    Thread.sleep(Duration.ofNanos((long) (typical.toNanos() * factor)));
  }

  @Override
  public void close() {
    load.shutdownNow();
    customer.shutdownNow();
    for (ShopService service : List.of(gateway, orders, payments, database)) {
      service.close();
    }
  }
}
