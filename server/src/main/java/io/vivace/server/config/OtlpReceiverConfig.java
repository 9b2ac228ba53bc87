package io.vivace.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `otlp` entry of `distributor.receivers`.
///
/// @param name the component's name, `otlp` or `otlp/<name>`
/// @param grpc OTLP over gRPC, or null if it is off
/// @param http OTLP over HTTP, or null if it is off
public record OtlpReceiverConfig(String name, @Nullable Grpc grpc, @Nullable Http http) {
  private static final long DEFAULT_MAX_GRPC_MESSAGE_BYTES = 64L << 20;
  private static final long DEFAULT_MAX_HTTP_BODY_BYTES = 20L << 20;

  /// @param maxMessageBytes longest message after decompression
  /// @param maxConcurrentStreams per connection; 0 for no limit
  public record Grpc(ListenAddress address, long maxMessageBytes, int maxConcurrentStreams) {}

  /// @param maxBodyBytes longest body, both on the wire and decompressed
  public record Http(ListenAddress address, long maxBodyBytes, Cors cors) {}

  /// Which pages in browsers may send; without allowed origins there are no CORS headers.
  public record Cors(List<String> allowedOrigins, List<String> allowedHeaders, int maxAgeSeconds) {
    static final Cors OFF = new Cors(List.of(), List.of(), 0);

    public Cors {
      allowedOrigins = List.copyOf(allowedOrigins);
      allowedHeaders = List.copyOf(allowedHeaders);
    }
  }

  /// Both protocols on their usual ports of the loopback interface.
  static OtlpReceiverConfig onLocalhost() {
    return new OtlpReceiverConfig(
        "otlp",
        new Grpc(new ListenAddress("localhost", 4317), DEFAULT_MAX_GRPC_MESSAGE_BYTES, 0),
        new Http(new ListenAddress("localhost", 4318), DEFAULT_MAX_HTTP_BODY_BYTES, Cors.OFF));
  }

  static OtlpReceiverConfig from(String name, Section receiver) {
    Section protocols = receiver.section("protocols");
    return new OtlpReceiverConfig(
        name,
        protocols.isSet("grpc") ? grpc(protocols.section("grpc")) : null,
        protocols.isSet("http") ? http(protocols.section("http")) : null);
  }

  private static Grpc grpc(Section grpc) {
    refuseWhatIsMissing(grpc);
    int maxMiB = grpc.intBetween("max_recv_msg_size_mib", 0, 1024);
    return new Grpc(
        address(grpc, 4317),
        maxMiB == 0 ? DEFAULT_MAX_GRPC_MESSAGE_BYTES : (long) maxMiB << 20,
        grpc.intBetween("max_concurrent_streams", 0, Integer.MAX_VALUE));
  }

  private static Http http(Section http) {
    refuseWhatIsMissing(http);
    long maxBytes = http.number("max_request_body_size");
    Section cors = http.section("cors");
    return new Http(
        address(http, 4318),
        maxBytes <= 0 ? DEFAULT_MAX_HTTP_BODY_BYTES : maxBytes,
        new Cors(
            cors.strings("allowed_origins"),
            cors.strings("allowed_headers"),
            cors.intBetween("max_age", 0, Integer.MAX_VALUE)));
  }

  private static void refuseWhatIsMissing(Section server) {
    if (server.string("transport").equals("unix")) {
      server.error("transport", "unix sockets are not there yet");
    }
    if (server.isSet("tls")) {
      server.error("tls", "TLS of receivers is not there yet (receiving without it would be a surprise)");
    }
    if (server.isSet("auth")) {
      server.error("auth", "authentication of receivers is not there yet (receiving without it would be a surprise)");
    }
  }

  private static ListenAddress address(Section server, int defaultPort) {
    String text = server.string("endpoint");
    if (text.isEmpty()) {
      return new ListenAddress("localhost", defaultPort);
    }
    ListenAddress address = ListenAddress.parse(text);
    if (address == null) {
      server.error("endpoint", "'" + text + "' (expected: host:port)");
      return new ListenAddress("localhost", defaultPort);
    }
    return address;
  }
}
