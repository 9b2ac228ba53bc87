package io.vivace.server;

import io.vivace.server.config.ConfigLoader;
import io.vivace.server.config.VivaceConfig;
import io.vivace.server.logging.Logging;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/// A short life of the server on free ports and in a temporary folder, from which the launcher
/// makes the ahead-of-time cache: what is loaded and compiled here starts faster later.
final class TrainingRun {
  private static final String SPANS =
      """
      {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"training"}}]},
      "scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"training",
      "kind":2,"startTimeUnixNano":"%d000000","endTimeUnixNano":"%d000000"}]}]}]}
      """;

  private TrainingRun() {}

  static void run() {
    Logging.configure("logfmt", "warn");
    Path folder = null;
    try {
      folder = Files.createTempDirectory("vivace-training");
      VivaceConfig config =
          new ConfigLoader(Map.of())
              .load(
                  Files.writeString(folder.resolve("training.yaml"), yaml(folder)),
                  false,
                  Map.of());
      try (SingleProcess process = SingleProcess.start(config, false)) {
        exercise(process);
      }
    } catch (Exception e) {
      System.err.println("the training run failed: " + e);
    } finally {
      delete(folder);
    }
  }

  private static String yaml(Path folder) {
    return """
    server: {http_listen_address: 127.0.0.1, http_listen_port: 0, log_level: warn}
    distributor: {receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: {endpoint: "127.0.0.1:0"}}}}}
    storage: {trace: {wal: {path: "%s/wal"}, local: {path: "%s/blocks"}}}
    """
        .formatted(folder, folder);
  }

  private static void exercise(SingleProcess process) throws IOException {
    String api = process.url("api");
    get(api + "/ready");
    for (int i = 0; i < 20; i++) {
      post(process.url("otlp_http") + "/v1/traces");
      get(api + "/api/traces/0102030405060708090a0b0c0d0e0f10");
      get(
          api
              + "/api/search?q=%7B%20name%20%3D%20%22training%22%20%26%26%20duration%20%3E%201ms%20%7D");
    }
    get(api + "/api/echo");
    get(api + "/metrics");
    get(api + "/");
  }

  private static void get(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.getResponseCode();
    connection.disconnect();
  }

  private static void post(String url) throws IOException {
    long nowMillis = System.currentTimeMillis();
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection
        .getOutputStream()
        .write(SPANS.formatted(nowMillis - 5, nowMillis).getBytes(StandardCharsets.UTF_8));
    connection.getResponseCode();
    connection.disconnect();
  }

  private static void delete(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(TrainingRun::deleteOne);
    } catch (IOException e) {
      System.err.println("cannot delete " + folder + ": " + e);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      System.err.println("cannot delete " + file + ": " + e);
    }
  }
}
