package io.vivace.livestore;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.engine.BatchSource;
import io.vivace.livestore.PieceEncoder.Pieces;
import io.vivace.livestore.PieceEncoder.UnreadableListener;
import io.vivace.livestore.memory.MemoryBudget;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The columns of one tenant's open traces, for queries. Confined to whoever holds the tenant's snapshot lock.
///
/// Implementation note. A refresh encodes only traces that changed since the last one; rows of traces that did not
/// change are kept, rows of others are left out by copying the rest. So there are a few batches, disjoint by trace id;
/// when they become many they are joined. A trace is unchanged if its newest piece and its number of pieces are the
/// same: pieces only ever come at the end and go to heads, so equal ends and equal counts mean equal pieces.
final class LiveBatches {
  private static final int MAX_BATCHES = 4;

  private final MemoryBudget budget;
  private List<Generation> generations = new ArrayList<>();

  LiveBatches(MemoryBudget budget) {
    this.budget = budget;
  }

  private record Version(long newestSerial, int pieceCount) {
    static Version of(List<TracePiece> pieces) {
      long newest = -1;
      for (TracePiece piece : pieces) {
        newest = Math.max(newest, piece.serial());
      }
      return new Version(newest, pieces.size());
    }
  }

  private record Generation(ColumnsSource source, Map<TraceId, Version> versions) {}

  /// Sources that hold exactly the spans of `open`.
  ///
  /// @param open pieces per trace, oldest first
  List<BatchSource> refresh(Map<TraceId, List<TracePiece>> open, UnreadableListener listener) {
    Map<TraceId, List<TracePiece>> changed = new HashMap<>(open);
    List<Generation> kept = new ArrayList<>();
    for (Generation generation : generations) {
      Generation rest = unchanged(generation, open, changed);
      if (rest != null) {
        kept.add(rest);
      }
    }
    Generation fresh = encode(changed, listener);
    if (fresh != null) {
      kept.add(fresh);
    }
    replace(kept.size() > MAX_BATCHES ? List.of(join(kept)) : kept);
    List<BatchSource> sources = new ArrayList<>();
    for (Generation generation : generations) {
      sources.add(generation.source());
    }
    return sources;
  }

  /// Forgets everything.
  void clear() {
    replace(List.of());
  }

  boolean isEmpty() {
    return generations.isEmpty();
  }

  private static @Nullable Generation unchanged(
      Generation generation, Map<TraceId, List<TracePiece>> open, Map<TraceId, List<TracePiece>> changed) {
    TraceColumns columns = generation.source().columns();
    int count = columns.count(Level.TRACE);
    long[] high = columns.traceIdsHigh();
    long[] low = columns.traceIdsLow();
    Bitmap same = new Bitmap(count);
    Map<TraceId, Version> versions = new HashMap<>();
    for (int row = 0; row < count; row++) {
      TraceId id = new TraceId(high[row], low[row]);
      Version version = generation.versions().get(id);
      List<TracePiece> pieces = open.get(id);
      if (version != null && pieces != null && version.equals(Version.of(pieces))) {
        same.set(row);
        versions.put(id, version);
        changed.remove(id);
      }
    }
    if (versions.isEmpty()) {
      return null;
    }
    return versions.size() == count
        ? generation
        : new Generation(new ColumnsSource("live", columns.gather(same)), versions);
  }

  private static @Nullable Generation encode(
      Map<TraceId, List<TracePiece>> changed, UnreadableListener listener) {
    List<Pieces> traces = new ArrayList<>();
    Map<TraceId, Version> versions = new HashMap<>();
    for (Map.Entry<TraceId, List<TracePiece>> entry : changed.entrySet()) {
      traces.add(new Pieces(entry.getKey(), entry.getValue()));
      versions.put(entry.getKey(), Version.of(entry.getValue()));
    }
    TraceColumns columns = PieceEncoder.encode(traces, listener);
    return columns == null ? null : new Generation(new ColumnsSource("live", columns), versions);
  }

  private static Generation join(List<Generation> parts) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    Map<TraceId, Version> versions = new HashMap<>();
    for (Generation part : parts) {
      builder.addAll(part.source().columns());
      versions.putAll(part.versions());
    }
    return new Generation(new ColumnsSource("live", builder.build()), versions);
  }

  private void replace(List<Generation> now) {
    for (Generation generation : now) {
      budget.acquire(generation.source().sizeBytes());
    }
    for (Generation generation : generations) {
      budget.release(generation.source().sizeBytes());
    }
    generations = new ArrayList<>(now);
  }
}
