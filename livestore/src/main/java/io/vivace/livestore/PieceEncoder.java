package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns pieces of traces into columns. Stateless but for the one that hears of unreadable pieces.
final class PieceEncoder {
  /// Told of a piece that is no OTLP message and was left out.
  @FunctionalInterface
  interface UnreadableListener {
    void unreadable(TraceId traceId, MalformedProtoException cause);
  }

  /// All pieces of one trace, oldest first.
  record Pieces(TraceId traceId, List<TracePiece> pieces) {}

  private PieceEncoder() {}

  /// The columns of all pieces; null if there is no span in them.
  static @Nullable TraceColumns encode(List<Pieces> traces, UnreadableListener listener) {
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
