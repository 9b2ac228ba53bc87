package io.vivace.api.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;

/// The one place that turns error categories into HTTP answers: plain text, the message alone.
public final class ErrorResponses {
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private ErrorResponses() {}

  /// The status of a category, for every HTTP surface.
  public static HttpStatus status(ErrorCategory category) {
    return switch (category) {
      case INVALID_ARGUMENT, UNIMPLEMENTED -> HttpStatus.BAD_REQUEST;
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case TOO_LARGE -> HttpStatus.UNPROCESSABLE_ENTITY;
      case RATE_LIMITED, RESOURCE_EXHAUSTED -> HttpStatus.TOO_MANY_REQUESTS;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case CANCELLED -> HttpStatus.valueOf(CLIENT_CLOSED_REQUEST);
      case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  /// The answer for a failed request.
  static HttpResponse of(Throwable failure) {
    return switch (failure) {
      case RequestException refused -> text(status(refused.category()), message(refused));
      case CancellationException _ ->
          text(HttpStatus.valueOf(CLIENT_CLOSED_REQUEST), "context canceled");
      case UncheckedIOException io ->
          text(HttpStatus.INTERNAL_SERVER_ERROR, "reading stored traces failed: " + message(io));
      default -> text(HttpStatus.INTERNAL_SERVER_ERROR, "internal error: " + message(failure));
    };
  }

  /// True if the failure is a defect or a broken store, worth a line in the log.
  static boolean isServerFault(Throwable failure) {
    return switch (failure) {
      case RequestException refused -> refused.category() == ErrorCategory.INTERNAL;
      case CancellationException _ -> false;
      default -> true;
    };
  }

  private static HttpResponse text(HttpStatus status, String message) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, message);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
