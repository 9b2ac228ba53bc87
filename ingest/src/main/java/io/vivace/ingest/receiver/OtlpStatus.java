package io.vivace.ingest.receiver;

import io.vivace.limits.RateLimitedException;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.proto.MalformedProtoException;
import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/// How a failure is told to an OTLP client: `google.rpc.Status`, gRPC and HTTP status, and when to
/// come back.
///
/// @param grpcCode code in gRPC answers
/// @param httpStatus status of HTTP answers
/// @param httpCode code in the body of HTTP answers
/// @param message the text for the client
/// @param retryDelayMillis when to come back, 0 = not said
record OtlpStatus(
    int grpcCode, int httpStatus, int httpCode, String message, long retryDelayMillis) {
  static final int CANCELLED = 1;
  static final int INVALID_ARGUMENT = 3;
  static final int DEADLINE_EXCEEDED = 4;
  static final int NOT_FOUND = 5;
  static final int RESOURCE_EXHAUSTED = 8;
  static final int UNIMPLEMENTED = 12;
  static final int INTERNAL = 13;
  static final int UNAVAILABLE = 14;
  static final int UNAUTHENTICATED = 16;

  private static final String RETRY_INFO_TYPE = "type.googleapis.com/google.rpc.RetryInfo";
  private static final long MIN_OVERLOAD_DELAY_MILLIS = 1000;
  private static final long MAX_OVERLOAD_DELAY_MILLIS = 5000;

  /// @param rateLimitDelayMillis what a client over its rate is told to wait; 0 = nothing is said
  static OtlpStatus of(Throwable failure, long rateLimitDelayMillis) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (!(cause instanceof RequestException refusal)) {
      return simple(INTERNAL, "internal error");
    }
    String message = String.valueOf(refusal.getMessage());
    return switch (refusal.category()) {
      // What cannot be decoded fails in the transport, with its code, before it is an argument.
      case INVALID_ARGUMENT ->
          refusal instanceof MalformedProtoException
              ? new OtlpStatus(INTERNAL, 400, INVALID_ARGUMENT, message, 0)
              : simple(INVALID_ARGUMENT, message);
      case UNAUTHENTICATED -> simple(UNAUTHENTICATED, message);
      case NOT_FOUND -> simple(NOT_FOUND, message);
      case TOO_LARGE -> new OtlpStatus(RESOURCE_EXHAUSTED, 413, RESOURCE_EXHAUSTED, message, 0);
      case RATE_LIMITED -> {
        boolean isWorthRepeating =
            !(refusal instanceof RateLimitedException limited) || limited.isWorthRepeating();
        yield exhausted(message, isWorthRepeating ? rateLimitDelayMillis : 0);
      }
      case RESOURCE_EXHAUSTED -> exhausted(message, overloadDelayMillis());
      case UNAVAILABLE -> simple(UNAVAILABLE, message);
      case CANCELLED -> simple(CANCELLED, message);
      case DEADLINE_EXCEEDED -> simple(DEADLINE_EXCEEDED, message);
      case UNIMPLEMENTED -> simple(UNIMPLEMENTED, message);
      case INTERNAL -> simple(INTERNAL, message);
    };
  }

  // Spread, so that refused senders do not return all at once.
  private static long overloadDelayMillis() {
    return ThreadLocalRandom.current()
        .nextLong(MIN_OVERLOAD_DELAY_MILLIS, MAX_OVERLOAD_DELAY_MILLIS + 1);
  }

  private static OtlpStatus exhausted(String message, long retryDelayMillis) {
    return new OtlpStatus(RESOURCE_EXHAUSTED, 429, RESOURCE_EXHAUSTED, message, retryDelayMillis);
  }

  private static OtlpStatus simple(int code, String message) {
    return new OtlpStatus(code, httpStatus(code), code, message, 0);
  }

  private static int httpStatus(int code) {
    return switch (code) {
      case CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE -> 503;
      case RESOURCE_EXHAUSTED -> 429;
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case UNIMPLEMENTED -> 404;
      default -> 500;
    };
  }

  /// `Retry-After` in whole seconds, at least 1; 0 if nothing is to be said.
  long retryAfterSeconds() {
    return (retryDelayMillis + 999) / 1000;
  }

  /// The `google.rpc.Status` as protobuf.
  byte[] toProto(int code) {
    ProtoWriter out = new ProtoWriter();
    out.writeVarint(1, code);
    out.writeBytes(2, message.getBytes(StandardCharsets.UTF_8));
    if (retryDelayMillis > 0) {
      int any = out.beginMessage(3);
      out.writeBytes(1, RETRY_INFO_TYPE.getBytes(StandardCharsets.UTF_8));
      int info = out.beginMessage(2);
      int duration = out.beginMessage(1);
      if (retryDelayMillis >= 1000) {
        out.writeVarint(1, retryDelayMillis / 1000);
      }
      if (retryDelayMillis % 1000 != 0) {
        out.writeVarint(2, retryDelayMillis % 1000 * 1_000_000);
      }
      out.endMessage(duration);
      out.endMessage(info);
      out.endMessage(any);
    }
    return out.toByteArray();
  }

  /// The `google.rpc.Status` as proto-JSON.
  String toJson(int code) {
    StringBuilder out = new StringBuilder("{\"code\":").append(code).append(",\"message\":");
    JsonText.appendString(out, message);
    if (retryDelayMillis > 0) {
      out.append(",\"details\":[{\"@type\":\"")
          .append(RETRY_INFO_TYPE)
          .append("\",\"retryDelay\":\"");
      out.append(retryDelayMillis / 1000);
      if (retryDelayMillis % 1000 != 0) {
        out.append('.').append(String.valueOf(1000 + retryDelayMillis % 1000), 1, 4);
      }
      out.append("s\"}]");
    }
    return out.append('}').toString();
  }

  static OtlpStatus unimplemented(String message) {
    return of(new RequestException(ErrorCategory.UNIMPLEMENTED, message), 0);
  }
}
