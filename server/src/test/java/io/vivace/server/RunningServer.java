package io.vivace.server;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The real server in a process of its own, with the class path of the tests.
final class RunningServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("msg=ready .*");
  private static final Pattern PAIR = Pattern.compile("(\\w+)=(\\S+)");
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> log = new ArrayList<>();
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final Thread reader;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningServer(Process process) {
    this.process = process;
    reader = Thread.ofPlatform().daemon().start(this::readLog);
  }

  /// Starts a process in `folder` without waiting for it.
  static RunningServer launch(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "io.vivace.server.Vivace"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    return new RunningServer(builder.start());
  }

  /// Starts a process and waits until it is ready.
  static RunningServer start(Path folder, String... arguments) throws Exception {
    RunningServer server = launch(folder, arguments);
    server.awaitReady();
    return server;
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (log) {
          log.add(line);
        }
        if (READY.matcher(line).find()) {
          ready.complete(line);
        }
      }
    } catch (IOException e) {
      // The process is gone.
    }
    ready.completeExceptionally(new IllegalStateException("the server ended: " + logText()));
  }

  String logText() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }

  void awaitReady() throws InterruptedException, TimeoutException {
    try {
      ready.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new TimeoutException("not ready: " + logText());
    }
  }

  /// A value of the line that says where the server listens: `api`, `otlp_http`, `otlp_grpc`.
  String address(String name) {
    Matcher matcher = PAIR.matcher(ready.join());
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return matcher.group(2);
      }
    }
    throw new IllegalStateException("no " + name + " in " + ready.join());
  }

  long pid() {
    return process.pid();
  }

  /// Waits for the end by itself; returns the exit code.
  int awaitEnd(Duration longest) throws InterruptedException {
    if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running after " + longest + ": " + logText());
    }
    reader.join(Duration.ofSeconds(10));
    return process.exitValue();
  }

  /// SIGTERM; returns the exit code.
  int terminate(Duration longest) throws InterruptedException {
    process.destroy();
    return awaitEnd(longest);
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(LONGEST_START.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("killed, but still there: " + process.pid());
    }
  }

  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address("api") + path)).timeout(Duration.ofSeconds(30));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  String text(String path, String... headers) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get(path, headers);
    String body = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(path + " answered " + response.statusCode() + ": " + body);
    }
    return body;
  }

  /// Pushes spans over OTLP/HTTP; true if they were acknowledged.
  boolean push(byte[] otlp) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = pushAndAnswer(otlp);
    return response.statusCode() == 200
        && ExportTraceServiceResponse.parseFrom(response.body())
                .getPartialSuccess()
                .getRejectedSpans()
            == 0;
  }

  HttpResponse<byte[]> pushAndAnswer(byte[] otlp) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address("otlp_http") + "/v1/traces"))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(otlp))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  /// The ids of all spans of a trace, in hex, as often as they come; empty if the trace is unknown.
  List<String> spanIds(String traceId) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get("/api/traces/" + traceId, "Accept", "application/protobuf");
    if (response.statusCode() == 404) {
      return List.of();
    }
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          traceId
              + ": "
              + response.statusCode()
              + " "
              + new String(response.body(), StandardCharsets.UTF_8));
    }
    List<String> ids = new ArrayList<>();
    for (ResourceSpans resource : TracesData.parseFrom(response.body()).getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          ids.add(HexFormat.of().formatHex(span.getSpanId().toByteArray()));
        }
      }
    }
    return ids;
  }

  String search(String query) throws IOException, InterruptedException {
    return text("/api/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    client.shutdownNow();
  }
}
