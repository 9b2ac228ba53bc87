package io.vivace.bench;

import io.vivace.bench.LoadGenerator.Outcome;
import io.vivace.bench.QueryTimer.Timing;
import io.vivace.model.TraceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The end-to-end benchmark: starts a server with default settings, loads it, and prints a table of
/// what it cost.
///
/// Arguments: `ingest`, `throughput`, `queries` (default: all three), `--seconds N` (60), `--rate
/// SPANS_PER_SECOND` (10000), `--heap SIZE` (512m).
public final class EndToEnd {
  private static final int CONNECTIONS = 4;

  private final List<String> rows = new ArrayList<>();
  private final Map<String, String> options;

  private EndToEnd(Map<String, String> options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> options =
        new LinkedHashMap<>(Map.of("seconds", "60", "rate", "10000", "heap", "512m"));
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith("--")) {
        options.put(arguments[i].substring(2), arguments[++i]);
      } else {
        parts.add(arguments[i]);
      }
    }
    EndToEnd bench = new EndToEnd(options);
    List<String> wanted = parts.isEmpty() ? List.of("ingest", "throughput", "queries") : parts;
    for (String part : wanted) {
      switch (part) {
        case "ingest" -> bench.ingest();
        case "throughput" -> bench.throughput();
        case "queries" -> bench.queries();
        default ->
            throw new IllegalArgumentException(part + " (expected: ingest, throughput or queries)");
      }
    }
    bench.print();
  }

  private ServerProcess server() throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.start(options.getOrDefault("heap", "512m"));
    row("start to ready", "%.0f ms", server.startMillis());
    return server;
  }

  private void ingest() throws IOException, InterruptedException {
    double seconds = Double.parseDouble(options.get("seconds"));
    double rate = Double.parseDouble(options.get("rate"));
    try (ServerProcess server = server()) {
      row("idle RSS", "%.0f MiB", server.usage().rssMebibytes());
      LoadGenerator load = new LoadGenerator(server.otlpUrl(), new ShopWorkload(1), CONNECTIONS);
      Outcome warm = load.run(rate, seconds);
      double before = server.usage().cpuSeconds();
      Outcome measured = load.run(rate, seconds);
      double cpu = server.usage().cpuSeconds() - before;
      row(
          "ingest rate",
          "%.0f spans/s, %d requests refused",
          measured.acceptedSpans() / measured.seconds(),
          measured.refusedRequests());
      row(
          "ingest CPU while loading",
          "%.2f CPU-s per million spans",
          cpu / measured.acceptedSpans() * 1e6);
      row("peak RSS", "%.0f MiB", server.usage().peakRssMebibytes());
      server.restart();
      long spans = warm.acceptedSpans() + measured.acceptedSpans();
      row(
          "bytes per span in data.parquet",
          "%.1f (%d spans)",
          (double) server.blockBytes() / spans,
          spans);
    }
  }

  private void throughput() throws IOException, InterruptedException {
    double seconds = Double.parseDouble(options.get("seconds"));
    try (ServerProcess server = server()) {
      LoadGenerator load = new LoadGenerator(server.otlpUrl(), new ShopWorkload(2), CONNECTIONS);
      load.run(0, seconds / 4);
      double before = server.usage().cpuSeconds();
      Outcome measured = load.run(0, seconds);
      double cpu = server.usage().cpuSeconds() - before;
      row(
          "most spans accepted",
          "%.0f spans/s, %d requests refused",
          measured.acceptedSpans() / measured.seconds(),
          measured.refusedRequests());
      row(
          "CPU at full speed",
          "%.2f CPU-s per million spans",
          cpu / measured.acceptedSpans() * 1e6);
      row("peak RSS at full speed", "%.0f MiB", server.usage().peakRssMebibytes());
    }
  }

  private void queries() throws IOException, InterruptedException {
    try (ServerProcess server = server()) {
      LoadGenerator load = new LoadGenerator(server.otlpUrl(), new ShopWorkload(3), CONNECTIONS);
      long spans = 0;
      long start = System.currentTimeMillis() / 1000 - 60;
      while (spans < 2_000_000) {
        spans += load.run(40_000, 10).acceptedSpans();
      }
      server.restart();
      row("spans in blocks", "%d", spans);
      long end = System.currentTimeMillis() / 1000 + 60;
      try (QueryTimer timer = new QueryTimer(server)) {
        lookups(timer, load.sampledIds());
        search(
            timer,
            "eq-uuid",
            "{ span.app.user.id = \"" + load.sampledUserId() + "\" }",
            start,
            end);
        search(
            timer,
            "eq-nomatch",
            "{ span.app.user.id = \"00000000-0000-0000-0000-00000000none\" }",
            start,
            end);
        search(timer, "duration", "{ duration > 2s }", start, end);
        search(
            timer,
            "service and status",
            "{ resource.service.name = \"cart\" && status = error }",
            start,
            end);
        search(timer, "regex", "{ span.url.path =~ \".*products.*\" }", start, end);
      }
    }
  }

  private void lookups(QueryTimer timer, List<TraceId> known)
      throws IOException, InterruptedException {
    Random random = new Random(7);
    List<TraceId> ids = new ArrayList<>(known);
    Collections.shuffle(ids, random);
    List<String> present = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      present.add("/api/v2/traces/" + ids.get(i % ids.size()).toHex());
      absent.add("/api/v2/traces/" + new TraceId(random.nextLong(), random.nextLong()).toHex());
    }
    timing("trace by id", timer.time(present, 200));
    timing("trace by absent id", timer.time(absent, 200));
  }

  private void search(QueryTimer timer, String name, String query, long start, long end)
      throws IOException, InterruptedException {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", query);
    parameters.put("start", Long.toString(start));
    parameters.put("end", Long.toString(end));
    parameters.put("limit", "20");
    String path = QueryTimer.path("/api/search", parameters);
    timing("search " + name, timer.time(Collections.nCopies(20, path), 5));
  }

  private void timing(String name, Timing timing) {
    row(
        name,
        "p50 %.2f ms, p99 %.2f ms, CPU %.2f ms, %d bytes",
        timing.wallMillisP50(),
        timing.wallMillisP99(),
        timing.cpuMillis(),
        timing.bodyBytes());
  }

  private void row(String name, String format, Object... values) {
    String row = String.format("| %-34s | %s |", name, String.format(format, values));
    rows.add(row);
    System.out.println(row);
  }

  private void print() {
    System.out.printf(
        "%nmachine: %s, %d cores, Java %s; commit: %s%n",
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        commit());
    System.out.println("| what | measured |\n|---|---|");
    rows.forEach(System.out::println);
  }

  private static String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .redirectErrorStream(true)
              .start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    } catch (IOException _) {
      return "unknown";
    }
  }
}
