package io.vivace.server.http;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.vivace.server.config.ServerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/// The HTTP server of the API port (h1 and h2c).
public final class ApiServer implements AutoCloseable {
  // A query of 128 KiB, every byte of it percent-encoded, must reach the limit that names it.
  private static final int MAX_REQUEST_LINE_BYTES = 512 << 10;
  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final long MAX_BODY_BYTES = 16L << 20;
  private static final Duration QUIET_PERIOD = Duration.ZERO;

  private final Server server;

  private ApiServer(Server server) {
    this.server = server;
  }

  /// A builder with address, limits and timeouts of the configuration; services are still to be
  /// added.
  public static ServerBuilder builder(ServerConfig config) {
    ServerBuilder builder = Server.builder();
    InetSocketAddress address =
        config.httpListenAddress().isEmpty()
            ? new InetSocketAddress(config.httpListenPort())
            : new InetSocketAddress(config.httpListenAddress(), config.httpListenPort());
    builder.port(address, SessionProtocol.HTTP);
    builder.baseContextPath(config.httpPathPrefix().isEmpty() ? "/" : config.httpPathPrefix());
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
    // Running queries may end; the whole end of the process is bounded elsewhere.
    Duration grace = config.gracefulShutdownTimeout().compareTo(Duration.ofSeconds(5)) < 0
        ? config.gracefulShutdownTimeout() : Duration.ofSeconds(5);
    builder.gracefulShutdownTimeout(QUIET_PERIOD, grace);
    return builder;
  }

  /// Opens the port; throws [java.io.IOException] if that fails.
  public static ApiServer start(ServerBuilder builder) throws java.io.IOException {
    Server server = builder.build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      throw new java.io.IOException("cannot listen on " + server.config().ports() + ": " + (cause == null ? e : cause.getMessage()), e);
    }
    return new ApiServer(server);
  }

  /// The port that was opened.
  public int port() {
    ServerPort port = server.activePort();
    if (port == null) {
      throw new IllegalStateException("the server is not running");
    }
    return port.localAddress().getPort();
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
