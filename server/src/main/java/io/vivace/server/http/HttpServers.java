package io.vivace.server.http;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// All ports of the process, opened and closed together. Confined to one thread until it is open.
public final class HttpServers implements AutoCloseable {
  /// Requests that are running when the end comes may go on for so long.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Map<String, Server> servers = new LinkedHashMap<>();

  /// Adds a server, still closed.
  ///
  /// @param name for [#port] and messages
  public void add(String name, ServerBuilder builder) {
    builder.gracefulShutdownTimeout(Duration.ZERO, GRACE);
    servers.put(name, builder.build());
  }

  /// Opens all ports; throws if one of them cannot be had.
  public void open() throws IOException {
    Map<String, CompletableFuture<Void>> starts = new LinkedHashMap<>();
    servers.forEach((name, server) -> starts.put(name, server.start()));
    for (Map.Entry<String, CompletableFuture<Void>> start : starts.entrySet()) {
      try {
        start.getValue().join();
      } catch (CompletionException e) {
        String cause = e.getCause() == null ? e.toString() : e.getCause().getMessage();
        throw new IOException("cannot listen for " + address(start.getKey()) + ": " + cause, e);
      }
    }
  }

  private String address(String name) {
    Server server = Objects.requireNonNull(servers.get(name));
    return name + " on " + server.config().ports().getFirst().localAddress();
  }

  /// The names of all servers, in the order in which they were added.
  public Set<String> names() {
    return servers.keySet();
  }

  /// The port that a server got.
  public int port(String name) {
    Server server = servers.get(name);
    ServerPort port = server == null ? null : server.activePort();
    if (port == null) {
      throw new IllegalStateException(name + " is not open");
    }
    return port.localAddress().getPort();
  }

  /// Takes no more connections and requests, and waits for those that run.
  @Override
  public void close() {
    CompletableFuture<?>[] stops =
        servers.values().stream().map(Server::stop).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(stops).join();
  }
}
