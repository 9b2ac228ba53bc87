package io.vivace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DemoShopTest {
  /// Services seen per trace.
  private final Map<String, Set<String>> servicesByTrace = new ConcurrentHashMap<>();

  private final CountDownLatch wholeTraceSeen = new CountDownLatch(1);

  @Test
  void tracesGoThroughAllFourServices() throws Exception {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange;
              InputStream body =
                  "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                      ? new GZIPInputStream(exchange.getRequestBody())
                      : exchange.getRequestBody()) {
            collect(ExportTraceServiceRequest.parseFrom(body));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    receiver.start();
    try (DemoShop shop = DemoShop.start("http://127.0.0.1:" + receiver.getAddress().getPort())) {
      assertThat(wholeTraceSeen.await(20, TimeUnit.SECONDS))
          .as("services by trace: %s", servicesByTrace)
          .isTrue();
    } finally {
      receiver.stop(0);
    }
  }

  private void collect(ExportTraceServiceRequest request) {
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service =
          resource.getResource().getAttributesList().stream()
              .filter(attribute -> attribute.getKey().equals("service.name"))
              .map(attribute -> attribute.getValue().getStringValue())
              .findFirst()
              .orElse("");
      for (Span span : resource.getScopeSpans(0).getSpansList()) {
        String trace = java.util.HexFormat.of().formatHex(span.getTraceId().toByteArray());
        Set<String> services =
            servicesByTrace.computeIfAbsent(trace, t -> ConcurrentHashMap.newKeySet());
        services.add(service);
        if (new HashSet<>(services)
            .containsAll(Set.of("gateway", "orders", "payments", "database"))) {
          wholeTraceSeen.countDown();
        }
      }
    }
  }
}
