package io.vivace.server.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Times the requests of the API port: `tempo_request_duration_seconds{method, route, status_code,
/// ws}`, where the route is the path's template, lower case, with `_` for everything else.
public final class RequestMetrics {
  private final Histogram durations;
  private final ConcurrentHashMap<String, String> routes = new ConcurrentHashMap<>();

  public RequestMetrics(PrometheusRegistry registry) {
    durations =
        Histogram.builder()
            .name("tempo_request_duration_seconds")
            .help("Time (in seconds) spent serving HTTP requests.")
            .labelNames("method", "route", "status_code", "ws")
            .classicUpperBounds(.01, .025, .05, .1, .25, .5, 1, 1.5, 2.5, 5, 10, 25, 50, 100)
            .register(registry);
  }

  /// The decorator that times every request.
  public Function<? super HttpService, ? extends HttpService> decorator() {
    return Timed::new;
  }

  private void record(RequestLog log) {
    String pattern = ((ServiceRequestContext) log.context()).config().route().patternString();
    String route = routes.computeIfAbsent(pattern, RequestMetrics::label);
    durations
        .labelValues(
            log.requestHeaders().method().name(),
            route,
            log.responseHeaders().status().codeAsText(),
            "false")
        .observe(log.totalDurationNanos() / 1e9);
  }

  static String label(String pattern) {
    String named = pattern.replace("{id}", "{traceID}").replace("/*", "");
    String label =
        named.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
    return label.isEmpty() ? "root" : label;
  }

  private final class Timed extends SimpleDecoratingHttpService {
    private Timed(HttpService delegate) {
      super(delegate);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
      context.log().whenComplete().thenAccept(RequestMetrics.this::record);
      return ((HttpService) unwrap()).serve(context, request);
    }
  }
}
