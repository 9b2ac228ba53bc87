package io.vivace.ingest.receiver;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.vivace.ingest.PushResult;
import io.vivace.ingest.SpanOutcomes;
import io.vivace.limits.TenantResolver;
import io.vivace.model.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// OTLP over HTTP: `POST /v1/traces` in protobuf or JSON.
final class OtlpHttpService implements HttpService {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final OtlpIntake intake;
  private final int maxBodyBytes;
  private final CorsPolicy cors;
  private final SpanOutcomes outcomes;

  OtlpHttpService(OtlpIntake intake, int maxBodyBytes, CorsPolicy cors, SpanOutcomes outcomes) {
    this.intake = intake;
    this.maxBodyBytes = maxBodyBytes;
    this.cors = cors;
    this.outcomes = outcomes;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    RequestHeaders headers = request.headers();
    if (cors.isPreflight(headers)) {
      return HttpResponse.of(cors.preflight(headers));
    }
    if (headers.method() != HttpMethod.POST) {
      return text(headers, 405, "405 method not allowed, supported: [POST]");
    }
    OtlpFormat format = format(headers);
    if (format == null) {
      return text(
          headers,
          415,
          "415 unsupported media type, supported: [application/json, application/x-protobuf]");
    }
    List<String> tenantValues = headers.getAll(TenantResolver.HEADER);
    CompletableFuture<HttpResponse> response =
        receive(context, request, format, tenantValues)
            .handle((result, failure) ->
                failure == null
                    ? answer(headers, format, result)
                    : answer(headers, format, intake.status(failure, tenantValues)))
            .toCompletableFuture();
    return HttpResponse.of(response);
  }

  private CompletionStage<PushResult> receive(
      ServiceRequestContext context,
      HttpRequest request,
      OtlpFormat format,
      List<String> tenantValues) {
    RequestHeaders headers = request.headers();
    OtlpIntake.Request described;
    try {
      described =
          new OtlpIntake.Request(
              format,
              Coding.ofHttp(headers.get(HttpHeaderNames.CONTENT_ENCODING)),
              maxBodyBytes,
              tenantValues,
              headers.contains("no-generate-metrics"),
              outcomes);
      if (headers.contentLength() > maxBodyBytes) {
        throw BodyBuffer.tooLarge(maxBodyBytes);
      }
    } catch (RequestException e) {
      return CompletableFuture.failedFuture(e);
    }
    BodyBuffer body =
        new BodyBuffer(intake.budget(), maxBodyBytes, (int) Math.max(0, headers.contentLength()));
    BodyCollector collector = new BodyCollector(body, b -> {});
    request.subscribe(collector, context.eventLoop(), SubscriptionOption.WITH_POOLED_OBJECTS);
    return collector
        .result()
        .thenComposeAsync(
            whole -> intake.accept(described, whole, 0), Offload.executor(context, body));
  }

  private static @Nullable OtlpFormat format(RequestHeaders headers) {
    String value = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (value == null) {
      return null;
    }
    int semicolon = value.indexOf(';');
    String type = semicolon < 0 ? value : value.substring(0, semicolon);
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "application/x-protobuf" -> OtlpFormat.PROTOBUF;
      case "application/json" -> OtlpFormat.JSON;
      default -> null;
    };
  }

  private HttpResponse answer(RequestHeaders request, OtlpFormat format, PushResult result) {
    return respond(request, 200, format.mediaType(), format.encode(result), 0);
  }

  private HttpResponse answer(RequestHeaders request, OtlpFormat format, OtlpStatus status) {
    return respond(
        request,
        status.httpStatus(),
        format.mediaType(),
        format.encode(status),
        status.retryAfterSeconds());
  }

  private HttpResponse text(RequestHeaders request, int status, String body) {
    return respond(request, status, TEXT, body.getBytes(StandardCharsets.UTF_8), 0);
  }

  private HttpResponse respond(
      RequestHeaders request, int status, String mediaType, byte[] body, long retryAfterSeconds) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(status).set(HttpHeaderNames.CONTENT_TYPE, mediaType);
    if (retryAfterSeconds > 0) {
      headers.setLong(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds);
    }
    cors.decorate(request, headers);
    return HttpResponse.of(headers.build(), HttpData.wrap(body));
  }

  /// Where a request is worked on: small ones on the event loop that received them, which saves two
  /// thread switches; large ones elsewhere, so that other connections of the loop go on.
  static final class Offload {
    private static final int MAX_BYTES_ON_EVENT_LOOP = 256 * 1024;

    private Offload() {}

    static Executor executor(ServiceRequestContext context, BodyBuffer body) {
      return task -> {
        if (body.size() > MAX_BYTES_ON_EVENT_LOOP) {
          context.blockingTaskExecutor().execute(task);
        } else {
          task.run();
        }
      };
    }
  }
}
