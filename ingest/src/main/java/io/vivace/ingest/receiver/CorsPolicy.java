package io.vivace.ingest.receiver;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Lets scripts of allowed origins send, with credentials. An allowed origin is echoed, also if any
/// is allowed, because browsers refuse `*` together with credentials.
final class CorsPolicy {
  private static final List<String> USUAL_HEADERS =
      List.of("accept", "content-type", "x-requested-with");
  private static final String METHODS = "GET, POST, HEAD";

  private final ReceiverConfig.Cors config;

  CorsPolicy(ReceiverConfig.Cors config) {
    this.config = config;
  }

  boolean isPreflight(RequestHeaders request) {
    return !config.allowedOrigins().isEmpty()
        && request.method() == HttpMethod.OPTIONS
        && request.contains(HttpHeaderNames.ORIGIN)
        && request.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
  }

  /// The answer to a preflight: always 204; it carries a permission only if everything asked for is
  /// allowed.
  ResponseHeaders preflight(RequestHeaders request) {
    ResponseHeadersBuilder answer = ResponseHeaders.builder(204);
    answer.add(HttpHeaderNames.VARY, "Origin");
    String origin = allowedOrigin(request);
    String wantedHeaders = request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "");
    String method = request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD, "");
    boolean isMethodAllowed = List.of(METHODS.split(", ")).contains(method);
    if (origin == null || !isMethodAllowed || !areAllowed(wantedHeaders)) {
      return answer.build();
    }
    permit(answer, origin);
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, method);
    if (!wantedHeaders.isEmpty()) {
      answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, wantedHeaders);
    }
    if (!config.maxAge().isZero()) {
      answer.setLong(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, config.maxAge().toSeconds());
    }
    return answer.build();
  }

  /// Adds the permission to read an answer.
  void decorate(RequestHeaders request, ResponseHeadersBuilder answer) {
    if (config.allowedOrigins().isEmpty()) {
      return;
    }
    answer.add(HttpHeaderNames.VARY, "Origin");
    String origin = allowedOrigin(request);
    if (origin != null) {
      permit(answer, origin);
      if (!config.exposedHeaders().isEmpty()) {
        answer.set(
            HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            String.join(", ", config.exposedHeaders()));
      }
    }
  }

  private static void permit(ResponseHeadersBuilder answer, String origin) {
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
  }

  private @Nullable String allowedOrigin(RequestHeaders request) {
    String origin = request.get(HttpHeaderNames.ORIGIN);
    if (origin == null) {
      return null;
    }
    for (String pattern : config.allowedOrigins()) {
      if (matches(pattern.toLowerCase(Locale.ROOT), origin.toLowerCase(Locale.ROOT))) {
        return origin;
      }
    }
    return null;
  }

  // A `*` stands for any text; as usual the first one of a pattern counts.
  private static boolean matches(String pattern, String origin) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(origin);
    }
    String prefix = pattern.substring(0, star);
    String suffix = pattern.substring(star + 1);
    return origin.length() >= prefix.length() + suffix.length()
        && origin.startsWith(prefix)
        && origin.endsWith(suffix);
  }

  private boolean areAllowed(String wantedHeaders) {
    for (String wanted : wantedHeaders.toLowerCase(Locale.ROOT).split(",", -1)) {
      String name = wanted.strip();
      if (!name.isEmpty() && !USUAL_HEADERS.contains(name) && !isConfigured(name)) {
        return false;
      }
    }
    return true;
  }

  private boolean isConfigured(String name) {
    for (String allowed : config.allowedHeaders()) {
      if (allowed.equals("*") || allowed.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
