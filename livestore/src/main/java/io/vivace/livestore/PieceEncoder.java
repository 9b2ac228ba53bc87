package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns pieces of traces into columns. Stateless but for the one that hears of unreadable pieces.
final class PieceEncoder {
  /// Told of a piece that was left out: it is no OTLP message, or it alone makes the encoder fail.
  @FunctionalInterface
  interface UnreadableListener {
    void unreadable(TraceId traceId, Throwable cause);
  }

  /// Makes columns of pieces, or null if there is no span in them; what it throws is not about the
  /// memory or the disk.
  @FunctionalInterface
  interface Encoder {
    @Nullable TraceColumns encode(List<Pieces> traces, UnreadableListener listener);
  }

  /// All pieces of one trace, oldest first.
  record Pieces(TraceId traceId, List<TracePiece> pieces) {}

  private PieceEncoder() {}

  /// The columns of all pieces; none if there is no span in them, and as a rule one.
  static List<TraceColumns> encode(List<Pieces> traces, UnreadableListener listener) {
    return encode(traces, listener, PieceEncoder::encodeTogether);
  }

  /// As [#encode(List, UnreadableListener)]. Where `encoder` fails, halves are tried alone, down to
  /// the single piece, so that one bad piece costs nothing but itself.
  static List<TraceColumns> encode(
      List<Pieces> traces, UnreadableListener listener, Encoder encoder) {
    List<TraceColumns> columns = new ArrayList<>(1);
    encode(traces, listener, encoder, columns);
    return columns;
  }

  private static void encode(
      List<Pieces> traces,
      UnreadableListener listener,
      Encoder encoder,
      List<TraceColumns> target) {
    List<Runnable> unreadable = new ArrayList<>();
    try {
      TraceColumns columns =
          encoder.encode(
              traces, (id, cause) -> unreadable.add(() -> listener.unreadable(id, cause)));
      if (columns != null) {
        target.add(columns);
      }
    } catch (RuntimeException | StackOverflowError e) {
      encodeHalves(traces, e, listener, encoder, target);
      return;
    }
    unreadable.forEach(Runnable::run);
  }

  private static void encodeHalves(
      List<Pieces> traces,
      Throwable cause,
      UnreadableListener listener,
      Encoder encoder,
      List<TraceColumns> target) {
    if (traces.size() > 1) {
      int middle = traces.size() / 2;
      encode(traces.subList(0, middle), listener, encoder, target);
      encode(traces.subList(middle, traces.size()), listener, encoder, target);
      return;
    }
    if (traces.isEmpty()) {
      return;
    }
    Pieces trace = traces.getFirst();
    int count = trace.pieces().size();
    if (count <= 1) {
      listener.unreadable(trace.traceId(), cause);
      return;
    }
    int middle = count / 2;
    encode(
        List.of(new Pieces(trace.traceId(), trace.pieces().subList(0, middle))),
        listener,
        encoder,
        target);
    encode(
        List.of(new Pieces(trace.traceId(), trace.pieces().subList(middle, count))),
        listener,
        encoder,
        target);
  }

  private static @Nullable TraceColumns encodeTogether(
      List<Pieces> traces, UnreadableListener listener) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (Pieces trace : traces) {
      for (TracePiece piece : trace.pieces()) {
        try {
          builder.add(trace.traceId(), piece.bytes(), piece.offset(), piece.length());
        } catch (MalformedProtoException e) {
          listener.unreadable(trace.traceId(), e);
        }
      }
    }
    return builder.isEmpty() ? null : builder.build();
  }
}
