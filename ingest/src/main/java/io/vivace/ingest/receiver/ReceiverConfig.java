package io.vivace.ingest.receiver;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Settings of one receiver endpoint.
public sealed interface ReceiverConfig {
  /// Where it listens.
  ListenAddress endpoint();

  /// `otlp.protocols.grpc`.
  ///
  /// @param maxMessageBytes largest message, compressed as well as decompressed
  /// @param maxConcurrentStreams calls at once on one connection
  /// @param maxConnectionIdle a connection without calls for so long is closed; zero = never
  /// @param maxConnectionAge a connection this old is closed gracefully; zero = never
  /// @param requestTimeout time for receiving and keeping one request; zero = no limit
  record OtlpGrpc(
      ListenAddress endpoint,
      int maxMessageBytes,
      int maxConcurrentStreams,
      Duration maxConnectionIdle,
      Duration maxConnectionAge,
      Duration requestTimeout)
      implements ReceiverConfig {
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 64 << 20;
    public static final int DEFAULT_MAX_CONCURRENT_STREAMS = 1000;

    public OtlpGrpc {
      requirePositive("maxMessageBytes", maxMessageBytes);
      requirePositive("maxConcurrentStreams", maxConcurrentStreams);
    }

    public static OtlpGrpc defaults(ListenAddress endpoint) {
      return new OtlpGrpc(
          endpoint,
          DEFAULT_MAX_MESSAGE_BYTES,
          DEFAULT_MAX_CONCURRENT_STREAMS,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMinutes(1));
    }

    public OtlpGrpc withMaxMessageBytes(int newMaxMessageBytes) {
      return new OtlpGrpc(
          endpoint,
          newMaxMessageBytes,
          maxConcurrentStreams,
          maxConnectionIdle,
          maxConnectionAge,
          requestTimeout);
    }
  }

  /// `otlp.protocols.http`.
  ///
  /// @param tracesUrlPath path of the traces endpoint, with a leading slash
  /// @param maxBodyBytes largest body, compressed as well as decompressed
  /// @param cors which browsers may send
  /// @param responseHeaders added to every answer
  /// @param idleTimeout a connection without requests for so long is closed; zero = never
  /// @param requestTimeout time for receiving and keeping one request; zero = no limit
  record OtlpHttp(
      ListenAddress endpoint,
      String tracesUrlPath,
      int maxBodyBytes,
      Cors cors,
      Map<String, String> responseHeaders,
      Duration idleTimeout,
      Duration requestTimeout)
      implements ReceiverConfig {
    public static final String DEFAULT_TRACES_URL_PATH = "/v1/traces";
    public static final int DEFAULT_MAX_BODY_BYTES = 20 << 20;

    public OtlpHttp {
      requirePositive("maxBodyBytes", maxBodyBytes);
      tracesUrlPath = tracesUrlPath.startsWith("/") ? tracesUrlPath : "/" + tracesUrlPath;
      responseHeaders = Map.copyOf(responseHeaders);
    }

    public static OtlpHttp defaults(ListenAddress endpoint) {
      return new OtlpHttp(
          endpoint,
          DEFAULT_TRACES_URL_PATH,
          DEFAULT_MAX_BODY_BYTES,
          Cors.OFF,
          Map.of(),
          Duration.ZERO,
          Duration.ofMinutes(1));
    }

    public OtlpHttp withMaxBodyBytes(int newMaxBodyBytes) {
      return new OtlpHttp(
          endpoint,
          tracesUrlPath,
          newMaxBodyBytes,
          cors,
          responseHeaders,
          idleTimeout,
          requestTimeout);
    }

    public OtlpHttp withCors(Cors newCors) {
      return new OtlpHttp(
          endpoint,
          tracesUrlPath,
          maxBodyBytes,
          newCors,
          responseHeaders,
          idleTimeout,
          requestTimeout);
    }
  }

  /// `cors` of an HTTP endpoint.
  ///
  /// @param allowedOrigins origins, `*` in them stands for anything; none = no CORS
  /// @param allowedHeaders request headers besides the usual ones; `*` = any
  /// @param exposedHeaders answer headers that scripts may read
  /// @param maxAge how long a browser may remember a preflight; zero = not said
  record Cors(
      List<String> allowedOrigins,
      List<String> allowedHeaders,
      List<String> exposedHeaders,
      Duration maxAge) {
    public static final Cors OFF = new Cors(List.of(), List.of(), List.of(), Duration.ZERO);

    public Cors {
      allowedOrigins = List.copyOf(allowedOrigins);
      allowedHeaders = List.copyOf(allowedHeaders);
      exposedHeaders = List.copyOf(exposedHeaders);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
