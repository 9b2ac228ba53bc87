package io.vivace.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A Vivace server of its own on free loopback ports, with its data in a temporary folder that goes
/// with it.
final class ServerProcess implements AutoCloseable {
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Path folder;
  private final int apiPort;
  private final int otlpPort;
  private final String heap;
  private Process process;
  private double startMillis;

  private ServerProcess(Path folder, int apiPort, int otlpPort, String heap) throws IOException {
    this.folder = folder;
    this.apiPort = apiPort;
    this.otlpPort = otlpPort;
    this.heap = heap;
    this.process = launch();
  }

  /// Starts a server with empty storage and waits until it is ready.
  ///
  /// @param heap the largest heap, as the launcher takes it (`512m`)
  static ServerProcess start(String heap) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("vivace-bench");
    int apiPort = freePort();
    int otlpPort = freePort();
    Files.writeString(folder.resolve("vivace.yaml"), configuration(folder, apiPort, otlpPort));
    ServerProcess server = new ServerProcess(folder, apiPort, otlpPort, heap);
    server.awaitReady();
    return server;
  }

  private static String configuration(Path folder, int apiPort, int otlpPort) {
    return """
    server:
      http_listen_address: 127.0.0.1
      http_listen_port: %d
    distributor:
      receivers:
        otlp:
          protocols:
            http:
              endpoint: 127.0.0.1:%d
    storage:
      trace:
        backend: local
        wal:
          path: %s/wal
        local:
          path: %s/blocks
    overrides:
      defaults:
        ingestion:
          rate_limit_bytes: 2000000000
          burst_size_bytes: 2000000000
          max_traces_per_user: 0
    """
        .formatted(apiPort, otlpPort, folder, folder);
  }

  /// Runs the launcher, which becomes the server, so that what is measured is what users run.
  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("vivace.root", "."), "vivace").toString(),
            "-config.file=" + folder.resolve("vivace.yaml"));
    builder.environment().put("VIVACE_HEAP", heap);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
        .start();
  }

  private void awaitReady() throws InterruptedException, IOException {
    long begin = System.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest ready =
          HttpRequest.newBuilder(URI.create(apiUrl() + "/ready"))
              .timeout(Duration.ofSeconds(1))
              .build();
      while (System.nanoTime() - begin < START_LIMIT_NANOS && process.isAlive()) {
        try {
          if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            startMillis = (System.nanoTime() - begin) / 1e6;
            return;
          }
        } catch (IOException _) {
          // Not listening yet.
        }
        Thread.sleep(10);
      }
    }
    throw new IOException(
        "the server did not get ready; its log:\n"
            + Files.readString(folder.resolve("server.log")));
  }

  /// Ends the server as an operator would, which flushes everything into blocks, and starts it
  /// again.
  void restart() throws IOException, InterruptedException {
    stop();
    process = launch();
    awaitReady();
  }

  private void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  long pid() {
    return process.pid();
  }

  ProcessUsage usage() {
    return ProcessUsage.of(pid());
  }

  String apiUrl() {
    return "http://127.0.0.1:" + apiPort;
  }

  String otlpUrl() {
    return "http://127.0.0.1:" + otlpPort + "/v1/traces";
  }

  /// From launch to ready, milliseconds.
  double startMillis() {
    return startMillis;
  }

  /// Bytes of all `data.parquet` files.
  long blockBytes() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blocks"))) {
      return files
          .filter(file -> file.endsWith("data.parquet"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
