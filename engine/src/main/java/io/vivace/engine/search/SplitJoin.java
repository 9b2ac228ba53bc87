package io.vivace.engine.search;

import io.vivace.batch.Level;
import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceJoin;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.Reservation;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.List;

/// Reads the fragments of traces from several sources and joins them, as many traces at a time as
/// the memory of the query allows. Memory is reserved before fragments are read; if it does not
/// suffice for several traces they are tried in smaller portions, so that only a single trace that
/// is too large by itself fails a query. Confined to one thread.
public final class SplitJoin {
  private static final int MAX_TRACES = 1024;

  private final List<BatchSource> sources;
  private final QueryScope scope;

  /// What is done with joined traces.
  public interface Visitor {
    /// @return false to end
    boolean visit(TraceColumns joined);
  }

  /// @param sources those that the indices of split traces mean
  public SplitJoin(List<BatchSource> sources, QueryScope scope) {
    this.sources = sources;
    this.scope = scope;
  }

  /// Shows the traces `selected` (ascending indices into `splits`).
  ///
  /// @return false if the visitor ended it
  public boolean run(SplitTraces splits, int[] selected, Visitor visitor) {
    int portion = MAX_TRACES;
    int from = 0;
    while (from < selected.length) {
      scope.check();
      int to = Math.min(selected.length, from + portion);
      try (Portion parts = new Portion()) {
        if (!parts.read(splits, selected, from, to)) {
          portion = (to - from) / 2;
          continue;
        }
        if (!parts.visit(visitor)) {
          return false;
        }
      }
      from = to;
      portion = Math.min(MAX_TRACES, 2 * portion);
    }
    return true;
  }

  /// Indices of all traces.
  public static int[] all(SplitTraces splits) {
    int[] all = new int[splits.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return all;
  }

  private final class Portion implements AutoCloseable {
    private final List<TraceColumns> parts = new ArrayList<>();
    private final Reservation held = new Reservation(scope);

    /// False if there is not enough memory for several traces at once.
    boolean read(SplitTraces splits, int[] selected, int from, int to) {
      boolean isSingle = to - from == 1;
      try {
        List<List<TraceId>> wanted = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
          wanted.add(new ArrayList<>());
        }
        for (int i = from; i < to; i++) {
          for (int source : splits.sources(selected[i])) {
            wanted.get(source).add(splits.id(selected[i]));
          }
        }
        for (int i = 0; i < wanted.size(); i++) {
          if (!wanted.get(i).isEmpty()) {
            scope.check();
            read(sources.get(i), wanted.get(i));
            // Leaves room for what is done with the joined traces.
            if (!isSingle && held.bytes() > scope.maxBytes() / 2) {
              return false;
            }
          }
        }
        return true;
      } catch (RequestException refused) {
        if (isSingle || refused.category() != ErrorCategory.RESOURCE_EXHAUSTED) {
          throw refused;
        }
        return false;
      }
    }

    private void read(BatchSource source, List<TraceId> ids) {
      long before = held.bytes();
      // The joined columns take as much again.
      TraceColumns part = source.find(ids, bytes -> held.add(2 * bytes));
      held.raiseTo(before + 2 * part.sizeBytes());
      if (part.count(Level.TRACE) > 0) {
        parts.add(part);
      }
    }

    boolean visit(Visitor visitor) {
      return parts.isEmpty() || visitor.visit(TraceJoin.join(parts));
    }

    @Override
    public void close() {
      held.close();
    }
  }
}
