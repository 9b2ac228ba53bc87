package io.vivace.engine.tags;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of one batch that belong to the spans that count: what they lie in and what lies in
/// them. Confined to one thread.
final class SelectedRows {
  private final SpanBatch batch;
  private final @Nullable Bitmap spans;
  private final Map<Level, Bitmap> byLevel = new EnumMap<>(Level.class);

  /// @param spans null for all
  SelectedRows(SpanBatch batch, @Nullable Bitmap spans) {
    this.batch = batch;
    this.spans = spans;
  }

  SpanBatch batch() {
    return batch;
  }

  /// The rows of `level`; null for all.
  @Nullable Bitmap at(Level level) {
    if (spans == null) {
      return null;
    }
    Bitmap known = byLevel.get(level);
    if (known == null) {
      known = level == Level.SPAN ? spans : find(level);
      byLevel.put(level, known);
    }
    return known;
  }

  private Bitmap find(Level level) {
    return switch (level) {
      case SPAN -> throw new IllegalArgumentException("level: SPAN (expected: another)");
      case SCOPE -> lift(Level.SPAN, level);
      case RESOURCE -> lift(Level.SCOPE, level);
      case TRACE -> lift(Level.RESOURCE, level);
      case EVENT, LINK -> lower(level);
    };
  }

  private Bitmap lift(Level child, Level level) {
    Bitmap children = at(child);
    Bitmap rows = new Bitmap(batch.count(level));
    if (children != null) {
      int[] parents = batch.parents(child);
      int[] offsets = batch.offsets(child);
      int row = children.next(0);
      while (row >= 0) {
        int parent = parents[row];
        rows.set(parent);
        row = children.next(offsets[parent + 1]);
      }
    }
    return rows;
  }

  private Bitmap lower(Level level) {
    Bitmap rows = new Bitmap(batch.count(level));
    int[] offsets = batch.offsets(level);
    if (spans != null) {
      for (int span = spans.next(0); span >= 0; span = spans.next(span + 1)) {
        rows.setRange(offsets[span], offsets[span + 1]);
      }
    }
    return rows;
  }
}
