package io.vivace.livestore;

import io.vivace.livestore.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicInteger;

/// The bytes of one log record in the memory budget. The pieces of several traces share its array,
/// so its bytes are given back when the last of them has become columns. Thread-safe.
final class RecordHold {
  private final MemoryBudget budget;
  private final long bytes;
  private final AtomicInteger pieces;

  RecordHold(MemoryBudget budget, long bytes, int pieces) {
    this.budget = budget;
    this.bytes = bytes;
    this.pieces = new AtomicInteger(pieces);
    if (pieces == 0) {
      budget.release(bytes);
    }
  }

  /// One piece is not needed any more.
  void releasePiece() {
    if (pieces.decrementAndGet() == 0) {
      budget.release(bytes);
    }
  }
}
