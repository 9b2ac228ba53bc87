package io.vivace.server.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.limits.RuntimeOverrides;
import io.vivace.server.config.BuildInfo;
import io.vivace.server.config.VivaceConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Readiness, metrics, status pages and the first page. Needs no tenant.
public final class OperationalApi {
  private final VivaceConfig config;
  private final PrometheusRegistry registry;
  private final Readiness readiness;
  private final StatusPages pages;
  private final BuildInfo build;
  private final List<String> paths = new ArrayList<>();
  private final String firstPage = template();

  public OperationalApi(
      VivaceConfig config,
      PrometheusRegistry registry,
      RuntimeOverrides overrides,
      Readiness readiness,
      BuildInfo build) {
    this.config = config;
    this.registry = registry;
    this.readiness = readiness;
    this.build = build;
    pages = new StatusPages(config, overrides, readiness, build);
  }

  /// Adds the endpoints to the server of the API.
  ///
  /// @param otlpHttpUrl where the first page says that spans can be sent to; empty if nowhere
  public void register(ServerBuilder server, Supplier<String> otlpHttpUrl) {
    String prefix = config.httpApiPrefix();
    add(server, "/ready", context -> ready());
    if (config.server().hasMetricsEndpoint()) {
      paths.add("/metrics");
      server.service("/metrics", new MetricsService(registry));
    }
    add(server, prefix + "/api/echo", context -> text("echo\n"));
    add(
        server,
        prefix + "/api/status/buildinfo",
        context -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, build.json()));
    add(server, prefix + "/status/usage-stats", context -> text("usage-stats is not enabled"));
    add(server, "/status/version", context -> text(pages.version()));
    add(server, "/status/services", context -> text(pages.services()));
    add(server, "/status/endpoints", context -> text(endpoints()));
    add(server, "/status/runtime_config", context -> text(pages.runtimeConfig()));
    add(server, "/status/config", this::configPage);
    add(server, "/status", context -> text(pages.all(endpoints())));
    server.service(
        "/",
        (context, request) ->
            HttpResponse.of(HttpStatus.OK, MediaType.HTML_UTF_8, firstPage(otlpHttpUrl.get())));
  }

  private void add(
      ServerBuilder server, String path, Function<ServiceRequestContext, HttpResponse> answer) {
    paths.add(path);
    server.service(Route.builder().path(path).build(), (context, request) -> answer.apply(context));
  }

  private HttpResponse ready() {
    return switch (readiness.state()) {
      case RUNNING ->
          readiness.isReady()
              ? text("ready\n")
              : unavailable("The live store has failed, see the log; only a restart mends it\n");
      case STARTING -> unavailable("Some services are not Running:\nStarting: 1\n");
      case STOPPING -> unavailable("Application is stopping");
    };
  }

  private static HttpResponse unavailable(String text) {
    return HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE, MediaType.PLAIN_TEXT_UTF_8, text);
  }

  private HttpResponse configPage(ServiceRequestContext context) {
    String mode = context.queryParams().get("mode", "");
    String yaml = pages.config(mode);
    if (yaml == null) {
      return HttpResponse.of(
          HttpStatus.INTERNAL_SERVER_ERROR,
          MediaType.PLAIN_TEXT_UTF_8,
          "unknown value for mode query parameter: " + mode);
    }
    return text(yaml);
  }

  private String endpoints() {
    return String.join("\n", paths) + "\n";
  }

  private static HttpResponse text(String text) {
    return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, text);
  }

  private String firstPage(String otlpHttpUrl) {
    return firstPage
        .replace("@OTLP_HTTP_URL@", otlpHttpUrl.isEmpty() ? "http://localhost:4318" : otlpHttpUrl)
        .replace("@API_PREFIX@", config.server().httpPathPrefix() + config.httpApiPrefix())
        .replace("@VERSION@", build.version());
  }

  private static String template() {
    try (InputStream in = OperationalApi.class.getResourceAsStream("first-page.html")) {
      if (in == null) {
        throw new IllegalStateException("first-page.html is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
