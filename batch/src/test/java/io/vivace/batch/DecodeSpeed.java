package io.vivace.batch;

import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.testkit.otlp.RandomTraces;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// Prints how many spans per second of CPU time one thread turns from OTLP bytes into columns. Run
/// by hand.
final class DecodeSpeed {
  private DecodeSpeed() {}

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  public static void main(String[] arguments) {
    RandomTraces random = new RandomTraces(1);
    List<OtlpTrace> traces = new ArrayList<>();
    List<byte[]> messages = new ArrayList<>();
    int spans = 0;
    long bytes = 0;
    while (spans < 100_000) {
      OtlpTrace trace = random.next();
      traces.add(trace);
      messages.add(trace.toTracesData());
      bytes += messages.getLast().length;
      spans += trace.spanCount();
    }
    System.out.printf("%d spans, %d bytes each%n", spans, bytes / spans);
    for (int round = 0; round < 40; round++) {
      TraceColumnsBuilder builder = new TraceColumnsBuilder();
      long start = cpuNanos();
      for (int i = 0; i < messages.size(); i++) {
        builder.add(traces.get(i).id(), messages.get(i), 0, messages.get(i).length);
      }
      long decoded = cpuNanos();
      TraceColumns columns = builder.build();
      long built = cpuNanos();
      TraceColumns joined = TraceJoin.join(List.of(columns));
      long copied = cpuNanos();
      System.out.printf(
          "decode %.0f ms, build %.0f ms, copy %.0f ms; %.2f M spans/s; %d bytes per span (%d)%n",
          (decoded - start) / 1e6,
          (built - decoded) / 1e6,
          (copied - built) / 1e6,
          spans * 1e3 / (built - start),
          columns.sizeBytes() / spans,
          joined.count(Level.SPAN));
    }
  }
}
