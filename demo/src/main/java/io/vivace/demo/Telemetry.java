package io.vivace.demo;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The OpenTelemetry SDK of one service: its resource, its tracer and its exporter.
final class Telemetry implements AutoCloseable {
  private static final Duration EXPORT_PERIOD = Duration.ofMillis(500);
  private static final int MAX_QUEUED_SPANS = 2048;

  private final SdkTracerProvider provider;

  /// @param tracesUrl where spans go, e.g. `http://localhost:4318/v1/traces`
  Telemetry(String serviceName, String tracesUrl) {
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"), serviceName,
                        AttributeKey.stringKey("service.namespace"), "shop",
                        AttributeKey.stringKey("service.version"), "1.4.2",
                        AttributeKey.stringKey("deployment.environment.name"), "demo")));
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(tracesUrl)
            .setTimeout(Duration.ofSeconds(5))
            .build();
    provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setScheduleDelay(EXPORT_PERIOD)
                    .setMaxQueueSize(MAX_QUEUED_SPANS)
                    .build())
            .build();
  }

  Tracer tracer() {
    return provider.get("io.vivace.demo", "1.0.0");
  }

  W3CTraceContextPropagator propagator() {
    return W3CTraceContextPropagator.getInstance();
  }

  /// Sends what is queued, for a short while.
  @Override
  public void close() {
    provider.shutdown().join(1, TimeUnit.SECONDS);
  }
}
