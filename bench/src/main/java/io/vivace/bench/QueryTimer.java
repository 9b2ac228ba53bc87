package io.vivace.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Times requests one after another over one connection, with the server's CPU beside the wall
/// time.
final class QueryTimer implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServerProcess server;

  QueryTimer(ServerProcess server) {
    this.server = server;
  }

  /// @param wallMillisP50 median
  /// @param wallMillisP99 99th percentile (the largest of few)
  /// @param cpuMillis CPU of the whole server process per request
  /// @param bodyBytes of the last answer
  record Timing(
      int requests, double wallMillisP50, double wallMillisP99, double cpuMillis, int bodyBytes) {}

  /// Times GET requests of `paths`, after `warmUps` of them that do not count.
  Timing time(List<String> paths, int warmUps) throws IOException, InterruptedException {
    int body = 0;
    for (int i = 0; i < warmUps; i++) {
      body = get(paths.get(i % paths.size()));
    }
    double cpuBefore = server.usage().cpuSeconds();
    double[] millis = new double[paths.size()];
    for (int i = 0; i < millis.length; i++) {
      long begin = System.nanoTime();
      body = get(paths.get(i));
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    double cpuMillis = (server.usage().cpuSeconds() - cpuBefore) * 1000 / millis.length;
    Arrays.sort(millis);
    return new Timing(
        millis.length,
        millis[millis.length / 2],
        millis[(int) (millis.length * 0.99)],
        cpuMillis,
        body);
  }

  static String path(String path, Map<String, String> parameters) {
    return path
        + "?"
        + parameters.entrySet().stream()
            .map(entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
  }

  private int get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.apiUrl() + path)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200 && response.statusCode() != 404) {
      throw new IOException(
          path
              + " answered "
              + response.statusCode()
              + ": "
              + new String(response.body(), StandardCharsets.UTF_8));
    }
    return response.body().length;
  }

  @Override
  public void close() {
    client.close();
  }
}
