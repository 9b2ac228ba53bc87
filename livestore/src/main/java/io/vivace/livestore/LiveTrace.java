package io.vivace.livestore;

import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.List;

/// A trace that is not in columns yet. Guarded by its tenant's lock.
final class LiveTrace {
  final TraceId id;
  final long firstNanos;
  final List<TracePiece> pieces = new ArrayList<>(2);
  long lastNanos;
  long bytes;

  LiveTrace(TraceId id, long nowNanos) {
    this.id = id;
    this.firstNanos = nowNanos;
    this.lastNanos = nowNanos;
  }

  /// Older pieces come back.
  void putBack(List<TracePiece> older) {
    pieces.addAll(0, older);
    for (TracePiece piece : older) {
      bytes += piece.length();
    }
  }

  void add(TracePiece piece, long nowNanos) {
    pieces.add(piece);
    bytes += piece.length();
    lastNanos = nowNanos;
  }
}
