package io.vivace.batch;

import java.util.Arrays;

/// Decides which rows of a [Staging] a batch consists of and in which order: traces by id, equal
/// resources and scopes of a trace together, pieces of one trace combined without duplicates.
final class RowArranger {
  private final Staging in;

  // The result: row numbers of the staging, and where each parent's rows end.
  final IntArray pieceOfTrace = new IntArray();
  final IntArray traceResources = new IntArray();
  final IntArray resources = new IntArray();
  final IntArray resourceScopes = new IntArray();
  final IntArray scopes = new IntArray();
  final IntArray scopeSpans = new IntArray();
  final IntArray spans = new IntArray();

  /// Per trace, 1 if the row was put together from several pieces.
  final ByteArray combined = new ByteArray();

  // The rows of the trace at hand before grouping: resources, their scopes, their spans.
  private final IntArray rawResources = new IntArray();
  private final IntArray rawResourceEnds = new IntArray();
  private final IntArray rawScopes = new IntArray();
  private final IntArray rawScopeFrom = new IntArray();
  private final IntArray rawScopeTo = new IntArray();
  private final IntArray rawSpans = new IntArray();

  private final GroupTable table = new GroupTable();
  private final Chains resourceGroups = new Chains();
  private final Chains scopeGroups = new Chains();
  private final SpanSet seen;

  RowArranger(Staging in) {
    this.in = in;
    this.seen = new SpanSet(in);
  }

  void arrange() {
    traceResources.add(0);
    resourceScopes.add(0);
    scopeSpans.add(0);
    int count = in.pieces();
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    IndexSort.sort(order, 0, count, this::compareIds);
    int from = 0;
    while (from < count) {
      int to = from + 1;
      while (to < count && compareIds(order[from], order[to]) == 0) {
        to++;
      }
      pieceOfTrace.add(order[from]);
      combined.add((byte) (to - from > 1 ? 1 : 0));
      if (to - from > 1) {
        combine(order, from, to);
      } else if (in.pieceDerived.a[order[from]] >= 0) {
        copy(order[from]);
      } else {
        regroup(order[from]);
      }
      traceResources.add(resources.size);
      from = to;
    }
    this.order = order;
  }

  /// Pieces in the order of traces; those of one trace are neighbours in order of arrival.
  int[] order = {};

  private int compareIds(int pieceA, int pieceB) {
    int high = Long.compareUnsigned(in.pieceHigh.a[pieceA], in.pieceHigh.a[pieceB]);
    return high != 0 ? high : Long.compareUnsigned(in.pieceLow.a[pieceA], in.pieceLow.a[pieceB]);
  }

  /// A row that is as it should be already.
  private void copy(int piece) {
    int resourceTo = in.pieceResources.a[piece + 1];
    for (int r = in.pieceResources.a[piece]; r < resourceTo; r++) {
      resources.add(r);
      int scopeTo = in.resourceScopes.a[r + 1];
      for (int s = in.resourceScopes.a[r]; s < scopeTo; s++) {
        emitScope(s);
        addSpans(in.scopeSpans.a[s], in.scopeSpans.a[s + 1]);
        scopeSpans.add(spans.size);
      }
      resourceScopes.add(scopes.size);
    }
  }

  private void emitScope(int scope) {
    scopes.add(scope);
  }

  private void addSpans(int from, int to) {
    spans.ensure(to - from);
    for (int s = from; s < to; s++) {
      spans.a[spans.size++] = s;
    }
  }

  /// A row of one piece: equal resources and scopes are merged, spans keep their order.
  private void regroup(int piece) {
    int from = in.pieceResources.a[piece];
    int to = in.pieceResources.a[piece + 1];
    if (to - from == 1 && in.resourceScopes.a[to] - in.resourceScopes.a[from] == 1) {
      copy(piece);
      return;
    }
    clearRaw();
    for (int r = from; r < to; r++) {
      for (int s = in.resourceScopes.a[r]; s < in.resourceScopes.a[r + 1]; s++) {
        rawScopes.add(s);
        rawScopeFrom.add(rawSpans.size);
        appendRange(in.scopeSpans.a[s], in.scopeSpans.a[s + 1]);
        rawScopeTo.add(rawSpans.size);
      }
      rawResources.add(r);
      rawResourceEnds.add(rawScopes.size);
    }
    group();
  }

  private void appendRange(int from, int to) {
    for (int s = from; s < to; s++) {
      rawSpans.add(s);
    }
  }

  private void clearRaw() {
    rawResources.size = 0;
    rawResourceEnds.size = 0;
    rawScopes.size = 0;
    rawScopeFrom.size = 0;
    rawScopeTo.size = 0;
    rawSpans.size = 0;
  }

  /// Merges several pieces: a span that an earlier piece has is dropped, then spans, scopes and
  /// resources are sorted by start, then equal resources and scopes are merged.
  private void combine(int[] order, int from, int to) {
    clearRaw();
    seen.clear(countSpans(order, from, to));
    for (int p = from; p < to; p++) {
      collect(order[p], p == from);
    }
    sortRaw();
    group();
  }

  private int countSpans(int[] order, int from, int to) {
    int count = 0;
    for (int p = from; p < to; p++) {
      int piece = order[p];
      int firstScope = in.resourceScopes.a[in.pieceResources.a[piece]];
      int lastScope = in.resourceScopes.a[in.pieceResources.a[piece + 1]];
      count += in.scopeSpans.a[lastScope] - in.scopeSpans.a[firstScope];
    }
    return count;
  }

  private void collect(int piece, boolean base) {
    for (int r = in.pieceResources.a[piece]; r < in.pieceResources.a[piece + 1]; r++) {
      int firstScope = rawScopes.size;
      for (int s = in.resourceScopes.a[r]; s < in.resourceScopes.a[r + 1]; s++) {
        int first = rawSpans.size;
        for (int span = in.scopeSpans.a[s]; span < in.scopeSpans.a[s + 1]; span++) {
          if (seen.add(span, piece)) {
            rawSpans.add(span);
          }
        }
        if (rawSpans.size > first || base) {
          rawScopes.add(s);
          rawScopeFrom.add(first);
          rawScopeTo.add(rawSpans.size);
        }
      }
      if (rawScopes.size > firstScope || base) {
        rawResources.add(r);
        rawResourceEnds.add(rawScopes.size);
      }
    }
  }

  private int compareSpans(int spanA, int spanB) {
    int byStart = Long.compareUnsigned(in.start.a[spanA], in.start.a[spanB]);
    return byStart != 0 ? byStart : in.spanId.compare(spanA, spanB);
  }

  private void sortRaw() {
    int scopeCount = rawScopes.size;
    for (int p = 0; p < scopeCount; p++) {
      IndexSort.sort(rawSpans.a, rawScopeFrom.a[p], rawScopeTo.a[p], this::compareSpans);
    }
    int resourceCount = rawResources.size;
    int[] scopeOrder = identity(scopeCount);
    int first = 0;
    for (int k = 0; k < resourceCount; k++) {
      IndexSort.sort(scopeOrder, first, rawResourceEnds.a[k], this::compareRawScopes);
      first = rawResourceEnds.a[k];
    }
    int[] resourceOrder = identity(resourceCount);
    IndexSort.sort(
        resourceOrder,
        0,
        resourceCount,
        (a, b) -> compareFirst(firstScope(scopeOrder, a), firstScope(scopeOrder, b)));
    reorderRaw(resourceOrder, scopeOrder);
  }

  private int firstScope(int[] scopeOrder, int k) {
    int from = k == 0 ? 0 : rawResourceEnds.a[k - 1];
    return from == rawResourceEnds.a[k] ? -1 : scopeOrder[from];
  }

  private int compareRawScopes(int a, int b) {
    return compareFirst(a, b);
  }

  /// Compares by first span; a scope without spans (or -1) comes last.
  private int compareFirst(int scopeA, int scopeB) {
    boolean emptyA = scopeA < 0 || rawScopeFrom.a[scopeA] == rawScopeTo.a[scopeA];
    boolean emptyB = scopeB < 0 || rawScopeFrom.a[scopeB] == rawScopeTo.a[scopeB];
    if (emptyA || emptyB) {
      return Boolean.compare(emptyA, emptyB);
    }
    return compareSpans(rawSpans.a[rawScopeFrom.a[scopeA]], rawSpans.a[rawScopeFrom.a[scopeB]]);
  }

  private void reorderRaw(int[] resourceOrder, int[] scopeOrder) {
    int[] oldResources = rawResources.toArray();
    int[] oldEnds = rawResourceEnds.toArray();
    int[] oldScopes = rawScopes.toArray();
    int[] oldFrom = rawScopeFrom.toArray();
    int[] oldTo = rawScopeTo.toArray();
    int at = 0;
    for (int i = 0; i < resourceOrder.length; i++) {
      int k = resourceOrder[i];
      rawResources.a[i] = oldResources[k];
      for (int p = k == 0 ? 0 : oldEnds[k - 1]; p < oldEnds[k]; p++) {
        rawScopes.a[at] = oldScopes[scopeOrder[p]];
        rawScopeFrom.a[at] = oldFrom[scopeOrder[p]];
        rawScopeTo.a[at] = oldTo[scopeOrder[p]];
        at++;
      }
      rawResourceEnds.a[i] = at;
    }
  }

  private static int[] identity(int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }

  /// Emits the raw rows, equal resources and within them equal scopes merged into the first.
  private void group() {
    int count = rawResources.size;
    resourceGroups.clear(count);
    table.clear(count);
    for (int k = 0; k < count; k++) {
      int resource = rawResources.a[k];
      int group = table.find(resourceHash(resource));
      while (group >= 0 && !equalResources(rawResources.a[resourceGroups.head(group)], resource)) {
        group = table.next();
      }
      if (group < 0) {
        table.put(resourceGroups.open(k));
      } else {
        resourceGroups.append(group, k);
      }
    }
    int groups = resourceGroups.count();
    for (int g = 0; g < groups; g++) {
      emitResource(g);
    }
  }

  private void emitResource(int group) {
    resources.add(rawResources.a[resourceGroups.head(group)]);
    int count = 0;
    for (int k = resourceGroups.head(group); k >= 0; k = resourceGroups.next(k)) {
      count += rawResourceEnds.a[k] - rawResourceFrom(k);
    }
    scopeGroups.clear(rawScopes.size);
    table.clear(count);
    for (int k = resourceGroups.head(group); k >= 0; k = resourceGroups.next(k)) {
      for (int p = rawResourceFrom(k); p < rawResourceEnds.a[k]; p++) {
        int scope = rawScopes.a[p];
        int found = table.find(scopeHash(scope));
        while (found >= 0 && !equalScopes(rawScopes.a[scopeGroups.head(found)], scope)) {
          found = table.next();
        }
        if (found < 0) {
          table.put(scopeGroups.open(p));
        } else {
          scopeGroups.append(found, p);
        }
      }
    }
    for (int g = 0; g < scopeGroups.count(); g++) {
      emitScope(rawScopes.a[scopeGroups.head(g)]);
      for (int p = scopeGroups.head(g); p >= 0; p = scopeGroups.next(p)) {
        spans.addAll(rawSpans.a, rawScopeFrom.a[p], rawScopeTo.a[p]);
      }
      scopeSpans.add(spans.size);
    }
    resourceScopes.add(scopes.size);
  }

  private int rawResourceFrom(int k) {
    return k == 0 ? 0 : rawResourceEnds.a[k - 1];
  }

  private int resourceHash(int resource) {
    return in.serviceName.a[resource] * 31 + in.resourceAttributes.hash(resource);
  }

  private boolean equalResources(int a, int b) {
    return in.serviceName.a[a] == in.serviceName.a[b] && in.resourceAttributes.equal(a, b);
  }

  private int scopeHash(int scope) {
    return (in.scopeName.a[scope] * 31 + in.scopeVersion.a[scope]) * 31
        + in.scopeAttributes.hash(scope);
  }

  private boolean equalScopes(int a, int b) {
    return in.scopeName.a[a] == in.scopeName.a[b]
        && in.scopeVersion.a[a] == in.scopeVersion.a[b]
        && in.scopeAttributes.equal(a, b);
  }

  /// Lists of members, one for each group, members in order of arrival.
  private static final class Chains {
    private int[] heads = new int[32];
    private int[] tails = new int[32];
    private int[] nexts = new int[32];
    private int count;

    void clear(int members) {
      count = 0;
      if (nexts.length < members) {
        int length = Math.max(members, nexts.length * 2);
        heads = new int[length];
        tails = new int[length];
        nexts = new int[length];
      }
    }

    int open(int member) {
      heads[count] = member;
      tails[count] = member;
      nexts[member] = -1;
      return count++;
    }

    void append(int group, int member) {
      nexts[tails[group]] = member;
      nexts[member] = -1;
      tails[group] = member;
    }

    int head(int group) {
      return heads[group];
    }

    int next(int member) {
      return nexts[member];
    }

    int count() {
      return count;
    }
  }

  /// The spans of a trace by (span id, kind), with the piece that brought each first.
  private static final class SpanSet {
    private int[] slots = new int[64];
    private int[] pieceOfSlot = new int[64];
    private int mask;
    private final Staging in;

    SpanSet(Staging in) {
      this.in = in;
    }

    void clear(int count) {
      int capacity = Integer.highestOneBit(Math.max(8, count * 2 - 1)) << 1;
      if (slots.length < capacity) {
        slots = new int[capacity];
        pieceOfSlot = new int[capacity];
      }
      Arrays.fill(slots, 0, capacity, -1);
      mask = capacity - 1;
    }

    /// False if an earlier piece has the same span.
    boolean add(int span, int piece) {
      int kind = in.kind.a[span];
      long hash = (in.spanId.key(span) * 31 + kind) * 0x9e3779b97f4a7c15L;
      int slot = (int) (hash >>> 32) & mask;
      while (slots[slot] >= 0) {
        int other = slots[slot];
        if (in.kind.a[other] == kind && in.spanId.equal(other, span)) {
          return pieceOfSlot[slot] == piece;
        }
        slot = slot + 1 & mask;
      }
      slots[slot] = span;
      pieceOfSlot[slot] = piece;
      return true;
    }
  }
}
