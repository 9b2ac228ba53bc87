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

/// The columns of one tenant's open traces, for queries. Confined to whoever holds the tenant's
/// snapshot lock.
///
/// Implementation note. A refresh encodes only traces that changed since the last one; rows of
/// traces that did not change are kept, rows of others are left out by copying the rest. So there
/// are a few batches, disjoint by trace id; when they become many they are joined. A trace is
/// unchanged if its newest piece and its number of pieces are the same: pieces only ever come at
/// the end and go to heads, so equal ends and equal counts mean equal pieces.
final class LiveBatches {
  private static final int MAX_BATCHES = 4;

  /// Bytes that become one batch, so that a large tenant does not need twice the memory at once.
  private static final long PORTION_BYTES = 8L << 20;

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
    encode(changed, kept, listener);
    replace(kept.size() > MAX_BATCHES ? joinSmall(kept) : kept);
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
      Generation generation,
      Map<TraceId, List<TracePiece>> open,
      Map<TraceId, List<TracePiece>> changed) {
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

  private static void encode(
      Map<TraceId, List<TracePiece>> changed,
      List<Generation> target,
      UnreadableListener listener) {
    List<Pieces> traces = new ArrayList<>();
    Map<TraceId, Version> versions = new HashMap<>();
    long bytes = 0;
    for (Map.Entry<TraceId, List<TracePiece>> entry : changed.entrySet()) {
      traces.add(new Pieces(entry.getKey(), entry.getValue()));
      versions.put(entry.getKey(), Version.of(entry.getValue()));
      for (TracePiece piece : entry.getValue()) {
        bytes += piece.length();
      }
      if (bytes >= PORTION_BYTES) {
        encodePortion(traces, versions, target, listener);
        traces = new ArrayList<>();
        versions = new HashMap<>();
        bytes = 0;
      }
    }
    encodePortion(traces, versions, target, listener);
  }

  private static void encodePortion(
      List<Pieces> traces,
      Map<TraceId, Version> versions,
      List<Generation> target,
      UnreadableListener listener) {
    for (TraceColumns columns : PieceEncoder.encode(traces, listener)) {
      target.add(new Generation(new ColumnsSource("live", columns), versions));
    }
  }

  /// Joins the small batches; large ones stay, since copying them costs more than one batch more.
  private static List<Generation> joinSmall(List<Generation> all) {
    List<Generation> small = new ArrayList<>();
    List<Generation> result = new ArrayList<>();
    for (Generation generation : all) {
      (generation.source().sizeBytes() < PORTION_BYTES / 2 ? small : result).add(generation);
    }
    if (!small.isEmpty()) {
      result.add(small.size() == 1 ? small.getFirst() : join(small));
    }
    return result;
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
