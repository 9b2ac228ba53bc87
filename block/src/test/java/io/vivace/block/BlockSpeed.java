package io.vivace.block;

import io.vivace.batch.AttributeColumn;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.objectstore.local.LocalObjectStore;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.testkit.otlp.RandomTraces;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Speed and size of blocks, by hand: `BlockSpeed <spans> <spans per page>`.
final class BlockSpeed {
  private BlockSpeed() {}

  public static void main(String[] arguments) throws IOException {
    int spans = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300_000;
    BlockWriterOptions options =
        arguments.length > 1
            ? BlockWriterOptions.DEFAULT.withPageSpanLimit(Integer.parseInt(arguments[1]))
            : BlockWriterOptions.DEFAULT;
    Path directory = Files.createTempDirectory("block-speed");
    LocalObjectStore store = new LocalObjectStore(directory);
    List<TraceId> ids = new ArrayList<>();
    List<TraceColumns> sources = sources(spans, ids);
    long heap = sources.stream().mapToLong(TraceColumns::sizeBytes).sum();
    System.out.printf(
        "%d spans, %d traces, %d sources, %.0f heap bytes per span%n",
        spans, ids.size(), sources.size(), (double) heap / spans);
    BlockMeta meta = null;
    for (int round = 0; round < 5; round++) {
      long cpu = cpuNanos();
      long wall = System.nanoTime();
      meta =
          new BlockWriter(store, options)
              .write(new TenantId("t"), BlockId.random(), sources, TimeRange.ALL);
      System.out.printf(
          "write %.2f M spans/s, %.2f CPU-s per million, %.1f bytes/span, %d row groups%n",
          spans / 1e6 / ((System.nanoTime() - wall) / 1e9),
          (cpuNanos() - cpu) / 1e9 / (spans / 1e6),
          (double) meta.sizeBytes() / spans,
          meta.rowGroupCount());
    }
    BlockReader block = BlockReader.open(store, meta, new BlockCache(128 << 20));
    sizes(block, spans);
    byId(block, ids);
    scan(block, spans);
    try (java.util.stream.Stream<Path> files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// Four heads between which a few traces are split.
  private static List<TraceColumns> sources(int spans, List<TraceId> ids) {
    RandomTraces random = new RandomTraces(1);
    List<TraceColumns> sources = new ArrayList<>();
    for (int source = 0; source < 4; source++) {
      TraceColumnsBuilder builder = new TraceColumnsBuilder();
      int count = 0;
      while (count < spans / 4) {
        OtlpTrace trace = random.next();
        count += trace.spanCount();
        byte[] otlp = trace.toTracesData();
        builder.add(trace.id(), otlp, 0, otlp.length);
        ids.add(trace.id());
      }
      sources.add(builder.build());
    }
    return sources;
  }

  private static void sizes(BlockReader block, int spans) throws IOException {
    record Size(String name, long bytes) {}
    List<Size> sizes = new ArrayList<>();
    for (SchemaLeaf leaf : block.schema().leaves()) {
      long bytes = 0;
      for (int group = 0; group < block.rowGroupCount(); group++) {
        bytes += block.columnBytes(group, leaf.leaf().index());
      }
      sizes.add(new Size(leaf.leaf().dottedPath(), bytes));
    }
    sizes.sort(java.util.Comparator.comparingLong(Size::bytes).reversed());
    for (Size size : sizes.subList(0, 20)) {
      System.out.printf("  %6.2f B/span %s%n", (double) size.bytes() / spans, size.name());
    }
  }

  private static void byId(BlockReader block, List<TraceId> ids) {
    Random random = new Random(3);
    for (int round = 0; round < 4; round++) {
      long cpu = cpuNanos();
      long[] nanos = new long[500];
      for (int i = 0; i < nanos.length; i++) {
        TraceId id = ids.get(random.nextInt(ids.size()));
        long start = System.nanoTime();
        boolean isThere = block.mayContain(id) && block.find(List.of(id)).count(Level.TRACE) == 1;
        nanos[i] = System.nanoTime() - start;
        if (!isThere) {
          throw new IllegalStateException(id.toHex());
        }
      }
      Arrays.sort(nanos);
      System.out.printf(
          "by id p50 %.2f ms, p99 %.2f ms, mean CPU %.2f ms%n",
          nanos[250] / 1e6, nanos[495] / 1e6, (cpuNanos() - cpu) / 1e6 / nanos.length);
    }
  }

  private static void scan(BlockReader block, int spans) {
    for (int round = 0; round < 12; round++) {
      long start = cpuNanos();
      long sum = 0;
      for (int i = 0; i < block.batchCount(); i++) {
        for (long value : block.batch(i).longs(LongField.SPAN_DURATION)) {
          sum += value > 1_000_000 ? 1 : 0;
        }
      }
      long middle = cpuNanos();
      for (int i = 0; i < block.batchCount(); i++) {
        SpanBatch batch = block.batch(i);
        AttributeColumn column = batch.attribute(Level.SPAN, "http.request.method");
        sum += column.size();
      }
      long late = cpuNanos();
      String generic = block.batch(0).attributeKeys(Level.SPAN).last();
      for (int i = 0; i < block.batchCount(); i++) {
        sum += block.batch(i).attribute(Level.SPAN, generic).size();
      }
      long end = cpuNanos();
      if (round % 4 != 3) {
        continue;
      }
      System.out.printf(
          "per CPU second: scan durations %.0f M/s, dedicated attribute %.0f M/s, generic %s %.0f M/s (%d)%n",
          spans * 1e3 / (middle - start),
          spans * 1e3 / (late - middle),
          generic,
          spans * 1e3 / (end - late),
          sum);
    }
  }
}
