package io.vivace.engine.search;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// The trace ids that occur in more than one source, ascending, with the sources of each. Found by
/// merging the id columns of all sources. Immutable once built.
public final class SplitTraces {
  private static final int CHECK_EVERY = 1 << 14;

  /// Both halves of the id, and the sources with their array.
  private static final int BYTES_PER_TRACE = 48;

  private long[] high = new long[16];
  private long[] low = new long[16];
  private final List<int[]> sourcesOf = new ArrayList<>();
  private int size;
  private long reservedBytes;

  private SplitTraces() {}

  /// No traces at all.
  public static SplitTraces none() {
    return new SplitTraces();
  }

  /// Reads the ids of all sources. The memory of the result is reserved; [#release] gives it back.
  public static SplitTraces find(List<BatchSource> sources, QueryScope scope) {
    SplitTraces found = new SplitTraces();
    if (sources.size() < 2) {
      return found;
    }
    long cursorBytes = 0;
    for (BatchSource source : sources) {
      cursorBytes += 16 * source.traceCount() / Math.max(1, source.batchCount());
    }
    scope.reserve(cursorBytes);
    try {
      found.addAll(sources, scope);
      return found;
    } catch (RuntimeException e) {
      found.release(scope);
      throw e;
    } finally {
      scope.release(cursorBytes);
    }
  }

  /// Gives back the memory that was reserved for this; it must not be used any more.
  public void release(QueryScope scope) {
    scope.release(reservedBytes);
    reservedBytes = 0;
  }

  private void addAll(List<BatchSource> sources, QueryScope scope) {
    PriorityQueue<Cursor> cursors = new PriorityQueue<>(sources.size());
    for (int i = 0; i < sources.size(); i++) {
      Cursor cursor = new Cursor(sources.get(i), i);
      if (cursor.next()) {
        cursors.add(cursor);
      }
    }
    int[] holders = new int[sources.size()];
    int steps = 0;
    while (cursors.size() > 1) {
      if (++steps % CHECK_EVERY == 0) {
        scope.check();
      }
      Cursor least = cursors.remove();
      long idHigh = least.high;
      long idLow = least.low;
      int count = 0;
      holders[count++] = least.source;
      advance(least, cursors);
      while (!cursors.isEmpty() && cursors.element().isAt(idHigh, idLow)) {
        Cursor other = cursors.remove();
        holders[count++] = other.source;
        advance(other, cursors);
      }
      if (count > 1) {
        Arrays.sort(holders, 0, count);
        add(idHigh, idLow, Arrays.copyOf(holders, count), scope);
      }
    }
  }

  private static void advance(Cursor cursor, PriorityQueue<Cursor> cursors) {
    if (cursor.next()) {
      cursors.add(cursor);
    }
  }

  private void add(long idHigh, long idLow, int[] sources, QueryScope scope) {
    if (size == high.length) {
      scope.reserve((long) BYTES_PER_TRACE * size);
      reservedBytes += (long) BYTES_PER_TRACE * size;
      high = Arrays.copyOf(high, 2 * size);
      low = Arrays.copyOf(low, 2 * size);
    }
    high[size] = idHigh;
    low[size++] = idLow;
    sourcesOf.add(sources);
  }

  public int size() {
    return size;
  }

  public TraceId id(int i) {
    return new TraceId(high[i], low[i]);
  }

  /// Indices of the sources that have a part of trace `i`, ascending.
  public int[] sources(int i) {
    return sourcesOf.get(i);
  }

  /// Removes the traces of `batch` that are split from `own`, the rows of its traces.
  ///
  /// @param from what the call for the batch before returned, 0 for the first of a source
  /// @return where the next batch of the source goes on
  public int clear(SpanBatch batch, int from, Bitmap own) {
    long[] highs = batch.traceIdsHigh();
    long[] lows = batch.traceIdsLow();
    int at = from;
    for (int t = 0; t < own.length() && at < size; t++) {
      at = seek(at, highs[t], lows[t]);
      if (isAt(at, highs[t], lows[t])) {
        own.clear(t);
      }
    }
    return at;
  }

  /// The first index whose id is not before this one; `from` must not be behind it.
  public int seek(int from, long idHigh, long idLow) {
    int at = from;
    int end = size;
    while (at < end) {
      int middle = (at + end) >>> 1;
      if (compare(high[middle], low[middle], idHigh, idLow) < 0) {
        at = middle + 1;
      } else {
        end = middle;
      }
    }
    return at;
  }

  public boolean isAt(int i, long idHigh, long idLow) {
    return i < size && high[i] == idHigh && low[i] == idLow;
  }

  static int compare(long leftHigh, long leftLow, long rightHigh, long rightLow) {
    int byHigh = Long.compareUnsigned(leftHigh, rightHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(leftLow, rightLow);
  }

  /// The ids of one source in order.
  private static final class Cursor implements Comparable<Cursor> {
    private final BatchSource batches;
    private final int source;
    private long high;
    private long low;
    private long[] highs = {};
    private long[] lows = {};
    private int rows;
    private int row;
    private int nextBatch;

    Cursor(BatchSource batches, int source) {
      this.batches = batches;
      this.source = source;
    }

    boolean next() {
      while (row == rows) {
        if (nextBatch == batches.batchCount()) {
          return false;
        }
        SpanBatch batch = batches.batch(nextBatch++);
        highs = batch.traceIdsHigh();
        lows = batch.traceIdsLow();
        rows = batch.count(Level.TRACE);
        row = 0;
      }
      high = highs[row];
      low = lows[row++];
      return true;
    }

    boolean isAt(long idHigh, long idLow) {
      return high == idHigh && low == idLow;
    }

    @Override
    public int compareTo(Cursor other) {
      return SplitTraces.compare(high, low, other.high, other.low);
    }
  }
}
