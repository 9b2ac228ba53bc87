package io.vivace.ingest;

import io.vivace.ingest.otlp.OtlpScanner;
import io.vivace.ingest.otlp.RecordPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Measures scanning and regrouping on one thread. Run by hand with a folder of OTLP requests
/// (`*.bin`) as argument; without one, random requests are used.
public final class ScannerSpeed {
  private ScannerSpeed() {}

  public static void main(String[] arguments) throws IOException {
    List<byte[]> requests = arguments.length > 0 ? read(Path.of(arguments[0])) : random();
    OtlpScanner scanner = new OtlpScanner();
    RecordPlan plan = new RecordPlan(DistributorConfig.DEFAULT_MAX_RECORD_BYTES);
    for (int round = 0; round < 6; round++) {
      long spans = 0;
      long bytes = 0;
      long scanNanos = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < 1_500_000_000L) {
        for (byte[] request : requests) {
          long before = System.nanoTime();
          scanner.scan(request, 0, request.length, DistributorConfig.DEFAULT_MAX_ATTRIBUTE_BYTES);
          scanNanos += System.nanoTime() - before;
          plan.clear(scanner.table());
          for (int trace = 0; trace < scanner.table().traceCount(); trace++) {
            plan.measure(trace);
            plan.keep();
          }
          plan.build(false);
          spans += scanner.spanCount();
          bytes += request.length;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%.2f M spans/s, %.0f MB/s in all; scan alone %.2f M spans/s%n",
          spans / seconds / 1e6, bytes / seconds / 1e6, spans * 1e3 / scanNanos);
    }
  }

  private static List<byte[]> read(Path folder) throws IOException {
    List<byte[]> requests = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".bin")).sorted().toList()) {
        requests.add(Files.readAllBytes(file));
      }
    }
    return requests;
  }

  private static List<byte[]> random() {
    RandomRequests random = new RandomRequests(1);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      requests.add(random.request().toByteArray());
    }
    return requests;
  }
}
