package io.vivace.demo;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// One HTTP service of the shop on a free port of the loopback interface. Every request becomes a
/// server span that continues the caller's trace (`traceparent`), every call to another service a
/// client span.
final class ShopService implements AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private final Telemetry telemetry;
  private final HttpServer server;
  private final HttpClient client;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  ShopService(String name, String tracesUrl) throws IOException {
    telemetry = new Telemetry(name, tracesUrl);
    client = HttpClient.newBuilder().executor(executor).connectTimeout(CALL_TIMEOUT).build();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.start();
  }

  /// What a service does on one route.
  @FunctionalInterface
  interface Work {
    /// @return the body of the answer
    /// @throws ShopException for an answer other than 200
    String handle(ShopService service, HttpExchange exchange)
        throws IOException, InterruptedException, ShopException;
  }

  /// A request that fails with an HTTP status.
  static final class ShopException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    ShopException(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Telemetry telemetry() {
    return telemetry;
  }

  /// Serves `path` with `work`.
  void route(String path, Work work) {
    server.createContext(path, exchange -> serve(path, exchange, work));
  }

  private void serve(String route, HttpExchange exchange, Work work) throws IOException {
    Context parent =
        telemetry
            .propagator()
            .extract(Context.root(), exchange.getRequestHeaders(), HeaderGetter.INSTANCE);
    Span span =
        telemetry
            .tracer()
            .spanBuilder(exchange.getRequestMethod() + " " + route)
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", exchange.getRequestMethod())
            .setAttribute("http.route", route)
            .setAttribute("url.path", exchange.getRequestURI().getPath())
            .setAttribute("server.address", "127.0.0.1")
            .setAttribute("server.port", server.getAddress().getPort())
            .startSpan();
    int status = 200;
    String body;
    try (Scope ignored = span.makeCurrent()) {
      body = work.handle(this, exchange);
    } catch (ShopException e) {
      status = e.status;
      body = String.valueOf(e.getMessage());
      fail(span, e);
    } catch (IOException | RuntimeException e) {
      status = 500;
      body = String.valueOf(e.getMessage());
      fail(span, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      status = 503;
      body = "stopping";
    }
    span.setAttribute("http.response.status_code", status);
    span.end();
    answer(exchange, status, body);
  }

  private static void fail(Span span, Exception e) {
    span.setStatus(StatusCode.ERROR, String.valueOf(e.getMessage()));
    span.recordException(e);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// Calls another service within the trace of the current span; throws [ShopException] with 502 if
  /// it does not answer 200.
  String call(String method, String url) throws IOException, InterruptedException, ShopException {
    URI uri = URI.create(url);
    Span span =
        telemetry
            .tracer()
            .spanBuilder(method)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("http.request.method", method)
            .setAttribute("url.full", url)
            .setAttribute("server.address", uri.getHost())
            .setAttribute("server.port", uri.getPort())
            .startSpan();
    try (Scope ignored = span.makeCurrent()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(CALL_TIMEOUT)
              .method(method, HttpRequest.BodyPublishers.noBody());
      telemetry
          .propagator()
          .inject(
              Context.current(),
              request,
              (carrier, key, value) -> {
                if (carrier != null) {
                  carrier.header(key, value);
                }
              });
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      span.setAttribute("http.response.status_code", response.statusCode());
      if (response.statusCode() != 200) {
        span.setStatus(StatusCode.ERROR, "status " + response.statusCode());
        throw new ShopException(502, uri.getPath() + " failed: " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      fail(span, e);
      throw e;
    } finally {
      span.end();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
    client.shutdownNow();
    telemetry.close();
  }

  private enum HeaderGetter implements TextMapGetter<Headers> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Headers headers) {
      return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Headers headers, String key) {
      return headers == null ? null : headers.getFirst(key);
    }
  }
}
