package io.vivace.ingest.receiver;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.vivace.ingest.Distributor;
import io.vivace.ingest.SpanOutcomes;
import io.vivace.limits.ByteBudget;
import io.vivace.limits.Overrides;
import io.vivace.limits.TenantResolver;
import java.time.Duration;

/// Assembles the OTLP endpoints: one server per endpoint, ready to be built and started. The caller
/// owns the servers.
public final class OtlpReceivers {
  private static final String RECEIVER = "otlp/otlp_receiver";
  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
  private static final int MAX_HEADER_BYTES = 64 * 1024;
  // Compressed, decoded and regrouped bytes of one request may be there at the same time.
  private static final int COPIES_OF_A_REQUEST = 3;

  private final OtlpIntake intake;
  private final ByteBudget budget;
  private final ReceiverMetrics metrics;

  /// @param budget bounds the memory of requests in flight; the same object that the distributor
  ///   has
  /// @param retryAfterOnResourceExhausted what a client over its rate is told to wait; zero =
  ///   nothing is said
  public OtlpReceivers(
      Distributor distributor,
      TenantResolver tenants,
      Overrides overrides,
      ByteBudget budget,
      Duration retryAfterOnResourceExhausted,
      ReceiverMetrics metrics) {
    this.intake =
        new OtlpIntake(distributor, tenants, overrides, budget, retryAfterOnResourceExhausted);
    this.budget = budget;
    this.metrics = metrics;
  }

  /// A server with OTLP/gRPC on the configured endpoint.
  public ServerBuilder grpc(ReceiverConfig.OtlpGrpc config) {
    SpanOutcomes outcomes = metrics.outcomes(RECEIVER, "grpc");
    ServerBuilder builder = server(config, config.requestTimeout());
    builder.http2MaxStreamsPerConnection(config.maxConcurrentStreams());
    builder.idleTimeout(config.maxConnectionIdle());
    builder.maxConnectionAge(config.maxConnectionAge());
    builder.serviceUnder(
        "/", new OtlpGrpcService(intake, affordable(config.maxMessageBytes()), outcomes));
    return builder;
  }

  /// A server with OTLP/HTTP on the configured endpoint.
  public ServerBuilder http(ReceiverConfig.OtlpHttp config) {
    SpanOutcomes outcomes = metrics.outcomes(RECEIVER, "http");
    ServerBuilder builder = server(config, config.requestTimeout());
    builder.idleTimeout(config.idleTimeout());
    config.responseHeaders().forEach(builder::addHeader);
    builder.service(
        config.tracesUrlPath(),
        new OtlpHttpService(
            intake, affordable(config.maxBodyBytes()), new CorsPolicy(config.cors()), outcomes));
    builder.serviceUnder("/", (context, request) -> notFound());
    return builder;
  }

  // A request that could never get its memory is refused for good instead of being put off.
  private int affordable(int maxBytes) {
    return (int) Math.max(1, Math.min(maxBytes, budget.capacityBytes() / COPIES_OF_A_REQUEST));
  }

  private static ServerBuilder server(ReceiverConfig config, Duration requestTimeout) {
    return Server.builder()
        .port(config.endpoint().socketAddress(), SessionProtocol.HTTP)
        .maxRequestLength(0)
        .requestTimeout(requestTimeout)
        .http1MaxHeaderSize(MAX_HEADER_BYTES)
        .http2MaxHeaderListSize(MAX_HEADER_BYTES)
        .http2InitialStreamWindowSize(STREAM_WINDOW_BYTES)
        .http2InitialConnectionWindowSize(CONNECTION_WINDOW_BYTES)
        .disableServerHeader();
  }

  private static HttpResponse notFound() {
    return HttpResponse.of(
        ResponseHeaders.of(
            HttpStatus.NOT_FOUND, HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"),
        HttpData.ofUtf8("404 page not found"));
  }
}
