package io.vivace.ingest;

import io.vivace.ingest.otlp.OtlpScanner;
import io.vivace.ingest.otlp.RecordPlan;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Scanners and plans to be reused, so that a request allocates little besides its records. Never
/// waits; holds at most as many as there are processors, and none that has grown large.
final class ScratchPool {
  private final ArrayBlockingQueue<Scratch> idle =
      new ArrayBlockingQueue<>(Math.max(2, 2 * Runtime.getRuntime().availableProcessors()));
  private final int maxRecordBytes;

  ScratchPool(int maxRecordBytes) {
    this.maxRecordBytes = maxRecordBytes;
  }

  Scratch take() {
    @Nullable Scratch scratch = idle.poll();
    return scratch != null
        ? scratch
        : new Scratch(new OtlpScanner(), new RecordPlan(maxRecordBytes));
  }

  void give(Scratch scratch) {
    if (scratch.scanner.table().isLarge() || scratch.plan.isLarge()) {
      return;
    }
    scratch.scanner.release();
    idle.offer(scratch);
  }

  record Scratch(OtlpScanner scanner, RecordPlan plan) {}
}
