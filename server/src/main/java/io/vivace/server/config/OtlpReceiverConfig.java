package io.vivace.server.config;

import io.vivace.ingest.receiver.ListenAddress;
import io.vivace.ingest.receiver.ReceiverConfig.Cors;
import io.vivace.ingest.receiver.ReceiverConfig.OtlpGrpc;
import io.vivace.ingest.receiver.ReceiverConfig.OtlpHttp;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One `otlp` entry of `distributor.receivers`.
///
/// @param name the component's name, `otlp` or `otlp/<name>`
/// @param grpc OTLP over gRPC, or null if it is off
/// @param http OTLP over HTTP, or null if it is off
public record OtlpReceiverConfig(String name, @Nullable OtlpGrpc grpc, @Nullable OtlpHttp http) {
  private static final int MAX_BODY_BYTES = 1 << 30;

  /// Both protocols on their usual ports of the loopback interface.
  static OtlpReceiverConfig onLocalhost() {
    return new OtlpReceiverConfig(
        "otlp",
        OtlpGrpc.defaults(new ListenAddress("localhost", 4317)),
        OtlpHttp.defaults(new ListenAddress("localhost", 4318)));
  }

  static OtlpReceiverConfig from(String name, Section receiver) {
    Section protocols = receiver.section("protocols");
    return new OtlpReceiverConfig(
        name,
        protocols.isSet("grpc") ? grpc(protocols.section("grpc")) : null,
        protocols.isSet("http") ? http(protocols.section("http")) : null);
  }

  private static OtlpGrpc grpc(Section grpc) {
    refuseWhatIsMissing(grpc);
    OtlpGrpc defaults = OtlpGrpc.defaults(address(grpc, 4317));
    int maxMiB = grpc.intBetween("max_recv_msg_size_mib", 0, 1024);
    int streams = grpc.intBetween("max_concurrent_streams", 0, Integer.MAX_VALUE);
    Section connection = grpc.section("keepalive").section("server_parameters");
    return new OtlpGrpc(
        defaults.endpoint(),
        maxMiB == 0
            ? defaults.maxMessageBytes()
            : (int) Math.min((long) maxMiB << 20, MAX_BODY_BYTES),
        streams == 0 ? defaults.maxConcurrentStreams() : streams,
        connection.duration("max_connection_idle"),
        connection.duration("max_connection_age"),
        defaults.requestTimeout());
  }

  private static OtlpHttp http(Section http) {
    refuseWhatIsMissing(http);
    OtlpHttp defaults = OtlpHttp.defaults(address(http, 4318));
    long maxBytes = http.number("max_request_body_size");
    String path = http.string("traces_url_path");
    return new OtlpHttp(
        defaults.endpoint(),
        path.isEmpty() ? defaults.tracesUrlPath() : path,
        maxBytes <= 0 ? defaults.maxBodyBytes() : (int) Math.min(maxBytes, MAX_BODY_BYTES),
        cors(http.section("cors")),
        http.map("response_headers"),
        http.duration("idle_timeout"),
        defaults.requestTimeout());
  }

  private static Cors cors(Section cors) {
    return new Cors(
        cors.strings("allowed_origins"),
        cors.strings("allowed_headers"),
        cors.strings("exposed_headers"),
        Duration.ofSeconds(cors.intBetween("max_age", 0, Integer.MAX_VALUE)));
  }

  private static void refuseWhatIsMissing(Section server) {
    if (server.string("transport").equals("unix")) {
      server.error("transport", "unix sockets are not there yet");
    }
    if (server.isSet("tls")) {
      server.error(
          "tls", "TLS of receivers is not there yet (receiving without it would be a surprise)");
    }
    if (server.isSet("auth")) {
      server.error(
          "auth",
          "authentication of receivers is not there yet (receiving without it would be a surprise)");
    }
  }

  private static ListenAddress address(Section server, int defaultPort) {
    String text = server.string("endpoint");
    if (!text.isEmpty()) {
      try {
        ListenAddress address = ListenAddress.parse(text);
        boolean isAny = address.host().equals("0.0.0.0") || address.host().equals("::");
        return isAny ? new ListenAddress("", address.port()) : address;
      } catch (IllegalArgumentException e) {
        server.error("endpoint", "'" + text + "' (expected: host:port)");
      }
    }
    return new ListenAddress("localhost", defaultPort);
  }
}
