package io.vivace.ingest.receiver;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.vivace.ingest.PushResult;
import io.vivace.ingest.SpanOutcomes;
import io.vivace.limits.TenantResolver;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.proto.MalformedProtoException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// OTLP over gRPC: the unary call `TraceService/Export`, and UNIMPLEMENTED for every other. The
/// framing of a unary call is five bytes, so it is read here, where the message's length can be
/// checked and its memory be counted before it has arrived.
final class OtlpGrpcService implements HttpService {
  static final String EXPORT_PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private static final int PREFIX_BYTES = 5;
  private static final HttpHeaders OK = HttpHeaders.of("grpc-status", "0");

  private final OtlpIntake intake;
  private final int maxMessageBytes;
  private final SpanOutcomes outcomes;

  OtlpGrpcService(OtlpIntake intake, int maxMessageBytes, SpanOutcomes outcomes) {
    this.intake = intake;
    this.maxMessageBytes = maxMessageBytes;
    this.outcomes = outcomes;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    RequestHeaders headers = request.headers();
    String contentType = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    if (!contentType.startsWith("application/grpc")) {
      return HttpResponse.of(
          ResponseHeaders.of(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              HttpHeaderNames.CONTENT_TYPE,
              "text/plain; charset=utf-8"),
          HttpData.ofUtf8("415 unsupported media type, supported: [application/grpc]"));
    }
    if (headers.method() != HttpMethod.POST || !headers.path().equals(EXPORT_PATH)) {
      return failure(contentType, OtlpStatus.unimplemented(unknownMethod(headers.path())));
    }
    List<String> tenantValues = headers.getAll(TenantResolver.HEADER);
    CompletableFuture<HttpResponse> response =
        receive(context, request, tenantValues)
            .handle((result, failure) ->
                failure == null
                    ? success(contentType, result)
                    : failure(contentType, intake.status(failure, tenantValues)))
            .toCompletableFuture();
    return HttpResponse.of(response);
  }

  private static String unknownMethod(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0
        ? "malformed method name: \"" + path + "\""
        : "unknown service or method " + path.substring(1);
  }

  private CompletionStage<PushResult> receive(
      ServiceRequestContext context, HttpRequest request, List<String> tenantValues) {
    BodyBuffer body =
        new BodyBuffer(intake.budget(), saturatedAdd(maxMessageBytes, PREFIX_BYTES), 0);
    BodyCollector collector = new BodyCollector(body, this::checkLength);
    request.subscribe(collector, context.eventLoop(), SubscriptionOption.WITH_POOLED_OBJECTS);
    @Nullable String encoding = request.headers().get("grpc-encoding");
    boolean skipsMetrics = request.headers().contains("no-generate-metrics");
    return collector
        .result()
        .thenComposeAsync(
            whole -> accept(whole, encoding, tenantValues, skipsMetrics),
            OtlpHttpService.Offload.executor(context, body));
  }

  private CompletionStage<PushResult> accept(
      BodyBuffer body, @Nullable String encoding, List<String> tenantValues, boolean skipsMetrics) {
    try {
      OtlpIntake.Request described =
          new OtlpIntake.Request(
              OtlpFormat.PROTOBUF,
              coding(body, encoding),
              maxMessageBytes,
              tenantValues,
              skipsMetrics,
              outcomes);
      return intake.accept(described, body, PREFIX_BYTES);
    } catch (RequestException e) {
      body.release();
      return CompletableFuture.failedFuture(e);
    }
  }

  /// Checks the frame of the complete message and returns how it is compressed.
  private static Coding coding(BodyBuffer body, @Nullable String encoding) {
    if (body.size() < PREFIX_BYTES || messageLength(body) != body.size() - PREFIX_BYTES) {
      throw new MalformedProtoException("malformed gRPC frame: not exactly one whole message");
    }
    Coding coding = Coding.ofGrpc(encoding);
    return switch (body.array()[0]) {
      case 0 -> Coding.IDENTITY;
      case 1 -> {
        if (coding == Coding.IDENTITY) {
          throw new MalformedProtoException(
              "malformed gRPC frame: compressed flag set with identity or empty encoding");
        }
        yield coding;
      }
      default -> throw new MalformedProtoException("malformed gRPC frame: unknown flags");
    };
  }

  private static long messageLength(BodyBuffer body) {
    byte[] bytes = body.array();
    long length = 0;
    for (int i = 1; i < PREFIX_BYTES; i++) {
      length = length << 8 | bytes[i] & 0xff;
    }
    return length;
  }

  private void checkLength(BodyBuffer body) {
    if (body.size() >= PREFIX_BYTES && messageLength(body) > maxMessageBytes) {
      throw new RequestException(
          ErrorCategory.TOO_LARGE,
          "grpc: received message larger than max ("
              + messageLength(body)
              + " vs. "
              + maxMessageBytes
              + ")");
    }
  }

  private static int saturatedAdd(int a, int b) {
    return (int) Math.min((long) a + b, Integer.MAX_VALUE - 16);
  }

  private static HttpResponse success(String contentType, PushResult result) {
    byte[] message = result.rejectedSpans() == 0 ? new byte[0] : OtlpFormat.PROTOBUF.encode(result);
    byte[] frame = new byte[PREFIX_BYTES + message.length];
    for (int i = 0; i < 4; i++) {
      frame[1 + i] = (byte) (message.length >>> 24 - 8 * i);
    }
    System.arraycopy(message, 0, frame, PREFIX_BYTES, message.length);
    ResponseHeaders headers =
        ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, contentType);
    return HttpResponse.of(headers, HttpData.wrap(frame), OK);
  }

  // Everything in the headers: there is no message.
  private static HttpResponse failure(String contentType, OtlpStatus status) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(200)
            .set(HttpHeaderNames.CONTENT_TYPE, contentType)
            .setInt("grpc-status", status.grpcCode())
            .set("grpc-message", percentEncoded(status.message()));
    if (status.retryDelayMillis() > 0) {
      headers.set(
          "grpc-status-details-bin",
          Base64.getEncoder().withoutPadding().encodeToString(status.toProto(status.grpcCode())));
    }
    return HttpResponse.of(headers.build());
  }

  private static String percentEncoded(String message) {
    StringBuilder out = new StringBuilder(message.length());
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0x20 && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
