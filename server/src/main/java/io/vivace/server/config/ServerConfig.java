package io.vivace.server.config;

import java.time.Duration;

/// `server.*`: the port of the API and how the process logs and ends.
///
/// @param httpListenAddress empty for all addresses
/// @param httpListenPort 0 for any free port
/// @param httpConnectionLimit 0 for no limit
/// @param httpPathPrefix goes before every path, `/ready` and `/metrics` too; empty for none
/// @param hasMetricsEndpoint whether `/metrics` is served
/// @param logLevel `debug`, `info`, `warn` or `error`
/// @param logFormat `logfmt` or `json`
public record ServerConfig(
    String httpListenAddress,
    int httpListenPort,
    int httpConnectionLimit,
    Duration httpReadTimeout,
    Duration httpIdleTimeout,
    Duration gracefulShutdownTimeout,
    String httpPathPrefix,
    boolean hasMetricsEndpoint,
    String logLevel,
    String logFormat) {

  static ServerConfig from(Section server, boolean isLocalOnly) {
    if (server.bool("proxy_protocol_enabled")) {
      server.error("proxy_protocol_enabled", "the PROXY protocol is not there yet");
    }
    for (String tls : new String[] {"http_tls_config", "grpc_tls_config"}) {
      if (!server.section(tls).string("cert_file").isEmpty()
          || !server.section(tls).string("cert").isEmpty()) {
        server.error(
            tls, "TLS on the API port is not there yet (serving without it would be a surprise)");
      }
    }
    String address = server.string("http_listen_address");
    return new ServerConfig(
        address.isEmpty() && isLocalOnly ? "localhost" : address,
        server.intBetween("http_listen_port", 0, 65535),
        server.intBetween("http_listen_conn_limit", 0, Integer.MAX_VALUE),
        server.duration("http_server_read_timeout"),
        server.duration("http_server_idle_timeout"),
        server.duration("graceful_shutdown_timeout"),
        prefix(server, "http_path_prefix"),
        server.bool("register_instrumentation"),
        server.string("log_level"),
        server.string("log_format"));
  }

  /// A path prefix with a leading and without a trailing slash; empty for none.
  static String prefix(Section section, String key) {
    String text = section.string(key).strip();
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    if (!text.isEmpty() && !text.startsWith("/")) {
      text = "/" + text;
    }
    if (!text.matches("(/[A-Za-z0-9._~-]+)*")) {
      section.error(key, "'" + text + "' (expected: a path such as /tempo)");
      return "";
    }
    return text;
  }
}
