package io.vivace.livestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.batch.TraceColumns;
import io.vivace.livestore.PieceEncoder.Pieces;
import io.vivace.livestore.memory.MemoryBudget;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// What becomes of a range if spans cannot be made into columns.
final class TraceCutterTest {
  private static final TraceId GOOD = new TraceId(1, 1);
  private static final TraceId BAD = new TraceId(1, 2);

  private final MemoryBudget budget = new MemoryBudget(10 << 20);
  private final LiveStoreMetrics metrics = new LiveStoreMetrics(new PrometheusRegistry(), budget);
  private final TenantStore store =
      new TenantStore(
          new TenantId("t"), budget, new ManualTime(), Duration.ofMillis(500).toNanos(), metrics);
  private final OpenRange range = OpenRange.open(0);

  private void push(TraceId trace, long... spanIds) {
    ParsedPush push = ParsedPush.parse(Spans.push(trace, spanIds));
    budget.acquire(push.costBytes());
    store.apply(range, push, new RecordHold(budget, push.costBytes(), push.pieceCount()), 1);
  }

  private List<Long> columnIds() {
    List<Long> ids = new ArrayList<>();
    for (TraceColumns columns : store.allColumns(store.parts().getFirst())) {
      ids.addAll(Spans.ids(columns));
    }
    return ids;
  }

  @Test
  void piecesThatCouldNotBeEncodedNowAreEncodedLater() {
    AtomicBoolean isMemoryShort = new AtomicBoolean(true);
    TraceCutter cutter =
        new TraceCutter(
            metrics,
            10 << 20,
            (traces, listener) -> {
              if (isMemoryShort.get()) {
                throw new OutOfMemoryError("simulated");
              }
              return PieceEncoder.encode(traces, listener);
            });
    push(GOOD, 1, 2);
    push(BAD, 3);
    push(GOOD, 4);
    TenantRange part = store.parts().getFirst();
    assertThatThrownBy(() -> cutter.cutAll(part)).isInstanceOf(OutOfMemoryError.class);
    assertThat(part.cutting).isEmpty();
    push(GOOD, 5);
    assertThat(part.live.get(GOOD).pieces).extracting(TracePiece::serial).isSorted();

    isMemoryShort.set(false);
    cutter.cutAll(part);
    assertThat(columnIds()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
    store.drop(part);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aPieceThatMakesTheEncoderFailIsLeftOutAloneAndTheRangeGoesOn() {
    for (long id = 10; id < 20; id++) {
      push(new TraceId(2, id), id);
    }
    push(BAD, 1);
    push(BAD, 2);
    push(BAD, 3);
    TenantRange part = store.parts().getFirst();
    long badSerial = part.live.get(BAD).pieces.get(1).serial();
    List<TraceId> unreadable = new ArrayList<>();
    TraceCutter cutter =
        new TraceCutter(
            metrics,
            10 << 20,
            (traces, listener) ->
                PieceEncoder.encode(
                    traces,
                    (id, cause) -> {
                      unreadable.add(id);
                      listener.unreadable(id, cause);
                    },
                    (some, whom) -> {
                      for (Pieces pieces : some) {
                        if (pieces.pieces().stream()
                            .anyMatch(piece -> piece.serial() == badSerial)) {
                          throw new IllegalStateException("simulated");
                        }
                      }
                      List<TraceColumns> columns = PieceEncoder.encode(some, whom);
                      return columns.isEmpty() ? null : columns.getFirst();
                    }));
    cutter.cutAll(part);
    assertThat(unreadable).containsExactly(BAD);
    assertThat(columnIds())
        .containsExactlyInAnyOrder(1L, 3L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
  }

  @Test
  void whatTheRealEncoderFailsOnIsLeftOutToo() {
    List<TraceId> unreadable = new ArrayList<>();
    // A piece that reaches behind its record, as a defect elsewhere might make it.
    byte[] otlp = Spans.otlp(GOOD, 0, 1, 7);
    RecordHold hold = new RecordHold(budget, 0, 2);
    List<TraceColumns> columns =
        PieceEncoder.encode(
            List.of(
                new Pieces(BAD, List.of(new TracePiece(otlp, otlp.length - 2, 100, 1, hold))),
                new Pieces(GOOD, List.of(new TracePiece(otlp, 0, otlp.length, 2, hold)))),
            (id, cause) -> unreadable.add(id));
    assertThat(unreadable).containsExactly(BAD);
    assertThat(columns.stream().flatMap(c -> Spans.ids(c).stream())).containsExactly(7L);
  }
}
