package io.vivace.server.http;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.vivace.server.config.ServerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;

/// The settings of the API port (h1 and h2c).
public final class ApiPort {
  // A query of 128 KiB, every byte of it percent-encoded, must reach the limit that names it.
  private static final int MAX_REQUEST_LINE_BYTES = 512 << 10;
  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final long MAX_BODY_BYTES = 16L << 20;

  private ApiPort() {}

  /// A server with address, limits and timeouts of the configuration; services are still to be
  /// added.
  public static ServerBuilder builder(ServerConfig config) {
    ServerBuilder builder = Server.builder();
    InetSocketAddress address =
        config.httpListenAddress().isEmpty()
            ? new InetSocketAddress(config.httpListenPort())
            : new InetSocketAddress(config.httpListenAddress(), config.httpListenPort());
    builder.port(address, SessionProtocol.HTTP);
    builder.baseContextPath(config.httpPathPrefix().isEmpty() ? "/" : config.httpPathPrefix());
    // Queries have their own timeouts.
    builder.requestTimeout(Duration.ZERO);
    builder.idleTimeout(config.httpIdleTimeout());
    builder.maxRequestLength(MAX_BODY_BYTES);
    builder.http1MaxInitialLineLength(MAX_REQUEST_LINE_BYTES);
    builder.http1MaxHeaderSize(MAX_HEADER_BYTES);
    builder.http2MaxHeaderListSize(MAX_HEADER_BYTES);
    builder.disableServerHeader();
    if (config.httpConnectionLimit() > 0) {
      builder.maxNumConnections(config.httpConnectionLimit());
    }
    return builder;
  }
}
