package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// The rows that an expression is evaluated for: spans, or spans each paired with one of their
/// events or links. Rows of one kind per level: row `i` belongs to span `at(SPAN)[i]`, to resource
/// `at(RESOURCE)[i]`, and so on.
public final class Rows {
  private final SpanBatch batch;
  private final int size;
  private final boolean isWholeSpanLevel;
  private final Map<Level, int[]> byLevel = new EnumMap<>(Level.class);

  private Rows(SpanBatch batch, int size, boolean isWholeSpanLevel) {
    this.batch = batch;
    this.size = size;
    this.isWholeSpanLevel = isWholeSpanLevel;
  }

  /// Every span of the batch; row numbers are span numbers.
  public static Rows allSpans(SpanBatch batch) {
    return new Rows(batch, batch.count(Level.SPAN), true);
  }

  /// These spans, in this order.
  public static Rows ofSpans(SpanBatch batch, int[] spans) {
    Rows rows = new Rows(batch, spans.length, false);
    rows.byLevel.put(Level.SPAN, spans);
    return rows;
  }

  /// Spans with events and links; -1 stands for none.
  static Rows expanded(SpanBatch batch, int[] spans, int[] events, int[] links) {
    Rows rows = ofSpans(batch, spans);
    rows.byLevel.put(Level.EVENT, events);
    rows.byLevel.put(Level.LINK, links);
    return rows;
  }

  public SpanBatch batch() {
    return batch;
  }

  public int size() {
    return size;
  }

  /// True if rows are paired with single events or links.
  boolean has(Level level) {
    return level.compareTo(Level.SPAN) <= 0 || byLevel.containsKey(level);
  }

  /// The row of `level` that each row belongs to; -1 if none.
  int[] at(Level level) {
    int[] known = byLevel.get(level);
    if (known != null) {
      return known;
    }
    int[] computed =
        switch (level) {
          case SPAN -> identity(size);
          case SCOPE -> compose(batch.parents(Level.SPAN), Level.SPAN);
          case RESOURCE -> compose(batch.parents(Level.SCOPE), Level.SCOPE);
          case TRACE -> compose(batch.parents(Level.RESOURCE), Level.RESOURCE);
          case EVENT, LINK -> throw new IllegalStateException("rows have no single " + level);
        };
    byLevel.put(level, computed);
    return computed;
  }

  private static int[] identity(int size) {
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      rows[i] = i;
    }
    return rows;
  }

  private int[] compose(int[] parents, Level child) {
    if (isWholeSpanLevel && child == Level.SPAN) {
      return parents;
    }
    int[] children = at(child);
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      rows[i] = parents[children[i]];
    }
    return rows;
  }

  /// The rows whose row of `level` is in `set`.
  Bitmap lower(Bitmap set, Level level) {
    if (isWholeSpanLevel) {
      return Levels.lowerToSpans(batch, set, level);
    }
    int[] rows = at(level);
    Bitmap lowered = new Bitmap(size);
    for (int i = 0; i < size; i++) {
      if (rows[i] >= 0 && set.get(rows[i])) {
        lowered.set(i);
      }
    }
    return lowered;
  }

  /// The rows at these positions.
  Rows select(int[] positions) {
    if (isWholeSpanLevel) {
      return ofSpans(batch, positions);
    }
    Rows selected = new Rows(batch, positions.length, false);
    selected.byLevel.put(Level.SPAN, pick(at(Level.SPAN), positions));
    for (Level level : new Level[] {Level.EVENT, Level.LINK}) {
      int[] known = byLevel.get(level);
      if (known != null) {
        selected.byLevel.put(level, pick(known, positions));
      }
    }
    return selected;
  }

  private static int[] pick(int[] source, int[] positions) {
    int[] picked = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      picked[i] = source[positions[i]];
    }
    return picked;
  }

  /// The members of `set`, ascending.
  public static int[] positions(Bitmap set) {
    int[] positions = new int[set.cardinality()];
    int n = 0;
    for (int i = set.next(0); i >= 0; i = set.next(i + 1)) {
      positions[n++] = i;
    }
    return n == positions.length ? positions : Arrays.copyOf(positions, n);
  }
}
