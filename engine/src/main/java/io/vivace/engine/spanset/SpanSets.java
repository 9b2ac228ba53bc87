package io.vivace.engine.spanset;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.Levels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The span sets of all traces of a batch between two stages. They are disjoint. As long as every
/// trace has one without attributes, they are only a bitmap.
public final class SpanSets {
  private final SpanBatch batch;
  private final Bitmap spans;
  private @Nullable List<SpanSet> sets;

  private SpanSets(SpanBatch batch, Bitmap spans, @Nullable List<SpanSet> sets) {
    this.batch = batch;
    this.spans = spans;
    this.sets = sets;
  }

  /// Of each trace with a span in `spans`, one set.
  static SpanSets onePerTrace(SpanBatch batch, Bitmap spans) {
    return new SpanSets(batch, spans, null);
  }

  static SpanSets of(SpanBatch batch, List<SpanSet> sets) {
    Bitmap spans = new Bitmap(batch.count(Level.SPAN));
    for (SpanSet set : sets) {
      for (int span : set.spans()) {
        spans.set(span);
      }
    }
    return new SpanSets(batch, spans, sets);
  }

  /// All spans of all sets. Not to be changed.
  public Bitmap spans() {
    return spans;
  }

  public boolean isEmpty() {
    return spans.isEmpty();
  }

  /// The traces that have a set.
  public Bitmap traces() {
    return Levels.liftToTraces(batch, spans);
  }

  boolean isOnePerTrace() {
    return sets == null;
  }

  /// The sets, by trace in ascending order.
  public List<SpanSet> list() {
    if (sets == null) {
      sets = split();
    }
    return sets;
  }

  private List<SpanSet> split() {
    List<SpanSet> found = new ArrayList<>();
    int[] offsets = Levels.spanOffsetsOfTraces(batch);
    Bitmap traces = traces();
    for (int t = traces.next(0); t >= 0; t = traces.next(t + 1)) {
      found.add(
          new SpanSet(t, found.size(), members(spans, offsets[t], offsets[t + 1]), List.of()));
    }
    return found;
  }

  /// The members of `set` in `[from, to)`.
  static int[] members(Bitmap set, int from, int to) {
    int[] found = new int[Math.min(to - from, 16)];
    int n = 0;
    for (int i = set.next(from); i >= 0 && i < to; i = set.next(i + 1)) {
      if (n == found.length) {
        found = Arrays.copyOf(found, 2 * n);
      }
      found[n++] = i;
    }
    return n == found.length ? found : Arrays.copyOf(found, n);
  }

  /// Those of `spans` that are in `set`.
  static int[] members(Bitmap set, int[] spans) {
    int[] found = new int[spans.length];
    int n = 0;
    for (int span : spans) {
      if (set.get(span)) {
        found[n++] = span;
      }
    }
    return n == spans.length ? found : Arrays.copyOf(found, n);
  }

  /// The same sets with only those spans that are in `kept`; sets that become empty go.
  SpanSets restrict(Bitmap kept) {
    if (sets == null) {
      return onePerTrace(batch, kept);
    }
    List<SpanSet> left = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      SpanSet set = sets.get(i);
      int[] members = members(kept, set.spans());
      if (members.length > 0) {
        left.add(set.withSpans(i, members));
      }
    }
    return of(batch, left);
  }
}
