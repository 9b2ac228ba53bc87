package io.vivace.batch;

/// Copies the rows of a [Staging] into their final order and derives what follows from it.
final class ColumnGatherer {
  private static final int STATUS_ERROR = 2;

  private final Staging in;
  private final RowArranger rows;
  private final MemoryColumns.Parts out;

  ColumnGatherer(Staging in) {
    this.in = in;
    this.rows = new RowArranger(in);
    this.out = new MemoryColumns.Parts(in.strings);
  }

  TraceColumns gather() {
    rows.arrange();
    gatherTraces();
    gatherResources();
    gatherScopes();
    gatherSpans();
    deriveSpans();
    deriveServiceStats();
    in.strings.freeze();
    return new MemoryColumns(out);
  }

  private void gatherTraces() {
    int count = rows.pieceOfTrace.size;
    out.counts[Level.TRACE.ordinal()] = count;
    out.idsHigh = new long[count];
    out.idsLow = new long[count];
    long[] starts = new long[count];
    long[] ends = new long[count];
    long[] durations = new long[count];
    int[] services = new int[count];
    int[] names = new int[count];
    int at = 0;
    for (int t = 0; t < count; t++) {
      int piece = rows.order[at];
      out.idsHigh[t] = in.pieceHigh.a[piece];
      out.idsLow[t] = in.pieceLow.a[piece];
      long start = in.pieceStart.a[piece];
      long end = in.pieceEnd.a[piece];
      int service = in.pieceRootService.a[piece];
      int name = in.pieceRootName.a[piece];
      int last = t + 1 < count ? at + 1 : rows.order.length;
      while (last < rows.order.length && sameTrace(piece, rows.order[last])) {
        last++;
      }
      for (at++; at < last; at++) {
        int other = rows.order[at];
        long otherStart = in.pieceStart.a[other];
        if (start == 0 || otherStart != 0 && Long.compareUnsigned(otherStart, start) < 0) {
          start = otherStart;
        }
        if (Long.compareUnsigned(in.pieceEnd.a[other], end) > 0) {
          end = in.pieceEnd.a[other];
        }
        service = service != 0 ? service : in.pieceRootService.a[other];
        name = name != 0 ? name : in.pieceRootName.a[other];
      }
      starts[t] = start;
      ends[t] = end;
      durations[t] = end - start;
      services[t] = service;
      names[t] = name;
    }
    out.longs[LongField.TRACE_START.ordinal()] = starts;
    out.longs[LongField.TRACE_END.ordinal()] = ends;
    out.longs[LongField.TRACE_DURATION.ordinal()] = durations;
    out.strings[StringField.ROOT_SERVICE_NAME.ordinal()] = services;
    out.strings[StringField.ROOT_SPAN_NAME.ordinal()] = names;
  }

  private boolean sameTrace(int pieceA, int pieceB) {
    return in.pieceHigh.a[pieceA] == in.pieceHigh.a[pieceB]
        && in.pieceLow.a[pieceA] == in.pieceLow.a[pieceB];
  }

  private void gatherResources() {
    int[] order = rows.resources.a;
    int count = rows.resources.size;
    set(Level.RESOURCE, count, rows.traceResources, in.resourceDropped, order);
    out.attributes[Level.RESOURCE.ordinal()] = in.resourceAttributes.gather(order, count);
    out.strings[StringField.SERVICE_NAME.ordinal()] = pick(in.serviceName, order, count);
  }

  private void gatherScopes() {
    int[] order = rows.scopes.a;
    int count = rows.scopes.size;
    set(Level.SCOPE, count, rows.resourceScopes, in.scopeDropped, order);
    out.attributes[Level.SCOPE.ordinal()] = in.scopeAttributes.gather(order, count);
    out.strings[StringField.SCOPE_NAME.ordinal()] = pick(in.scopeName, order, count);
    out.strings[StringField.SCOPE_VERSION.ordinal()] = pick(in.scopeVersion, order, count);
  }

  private void set(Level level, int count, IntArray offsets, IntArray dropped, int[] order) {
    out.counts[level.ordinal()] = count;
    out.offsets[level.ordinal()] = offsets.toArray();
    out.dropped[level.ordinal()] = pick(dropped, order, count);
  }

  private void gatherSpans() {
    int[] order = rows.spans.a;
    int count = rows.spans.size;
    set(Level.SPAN, count, rows.scopeSpans, in.spanDropped, order);
    out.attributes[Level.SPAN.ordinal()] = in.spanAttributes.gather(order, count);
    out.bytes[BytesField.SPAN_ID.ordinal()] = in.spanId.gather(order, count);
    out.bytes[BytesField.PARENT_SPAN_ID.ordinal()] = in.parentSpanId.gather(order, count);
    out.strings[StringField.SPAN_NAME.ordinal()] = pick(in.spanName, order, count);
    out.strings[StringField.SPAN_STATUS_MESSAGE.ordinal()] = pick(in.statusMessage, order, count);
    out.strings[StringField.SPAN_TRACE_STATE.ordinal()] = pick(in.spanTraceState, order, count);
    out.ints[IntField.SPAN_KIND.ordinal()] = pick(in.kind, order, count);
    out.ints[IntField.SPAN_STATUS.ordinal()] = pick(in.status, order, count);
    out.longs[LongField.SPAN_START.ordinal()] = pick(in.start, order, count);
    out.longs[LongField.SPAN_DURATION.ordinal()] = pick(in.duration, order, count);
    out.droppedEvents = pick(in.droppedEvents, order, count);
    out.droppedLinks = pick(in.droppedLinks, order, count);
    gatherEvents(order, count);
    gatherLinks(order, count);
  }

  private void gatherEvents(int[] spans, int spanCount) {
    IntArray ends = new IntArray(spanCount + 1);
    IntArray events = new IntArray();
    below(spans, spanCount, in.spanEvents.a, ends, events);
    int[] order = events.a;
    int count = events.size;
    set(Level.EVENT, count, ends, in.eventDropped, order);
    out.attributes[Level.EVENT.ordinal()] = in.eventAttributes.gather(order, count);
    out.longs[LongField.EVENT_TIME_SINCE_START.ordinal()] = pick(in.eventTime, order, count);
    out.strings[StringField.EVENT_NAME.ordinal()] = pick(in.eventName, order, count);
  }

  private void gatherLinks(int[] spans, int spanCount) {
    IntArray ends = new IntArray(spanCount + 1);
    IntArray links = new IntArray();
    below(spans, spanCount, in.spanLinks.a, ends, links);
    int[] order = links.a;
    int count = links.size;
    set(Level.LINK, count, ends, in.linkDropped, order);
    out.attributes[Level.LINK.ordinal()] = in.linkAttributes.gather(order, count);
    out.bytes[BytesField.LINK_TRACE_ID.ordinal()] = in.linkTraceId.gather(order, count);
    out.bytes[BytesField.LINK_SPAN_ID.ordinal()] = in.linkSpanId.gather(order, count);
    out.strings[StringField.LINK_TRACE_STATE.ordinal()] = pick(in.linkTraceState, order, count);
  }

  private static void below(
      int[] spans, int spanCount, int[] offsets, IntArray ends, IntArray rows) {
    ends.add(0);
    for (int i = 0; i < spanCount; i++) {
      for (int row = offsets[spans[i]]; row < offsets[spans[i] + 1]; row++) {
        rows.add(row);
      }
      ends.add(rows.size);
    }
  }

  private static int[] pick(IntArray source, int[] order, int count) {
    int[] from = source.a;
    int[] to = new int[count];
    for (int i = 0; i < count; i++) {
      to[i] = from[order[i]];
    }
    return to;
  }

  private static long[] pick(LongArray source, int[] order, int count) {
    long[] from = source.a;
    long[] to = new long[count];
    for (int i = 0; i < count; i++) {
      to[i] = from[order[i]];
    }
    return to;
  }

  private void deriveSpans() {
    int count = rows.spans.size;
    int[] left = new int[count];
    int[] right = new int[count];
    int[] parent = new int[count];
    int[] children = new int[count];
    NestedSets sets = new NestedSets();
    for (int t = 0; t < rows.pieceOfTrace.size; t++) {
      int from = firstSpan(t);
      int length = firstSpan(t + 1) - from;
      int derived = in.pieceDerived.a[rows.pieceOfTrace.a[t]];
      if (derived >= 0 && rows.combined.a[t] == 0) {
        System.arraycopy(in.derivedLeft.a, derived, left, from, length);
        System.arraycopy(in.derivedRight.a, derived, right, from, length);
        System.arraycopy(in.derivedParent.a, derived, parent, from, length);
        System.arraycopy(in.derivedChildren.a, derived, children, from, length);
      } else {
        number(sets, from, length, left, right, parent, children);
      }
    }
    out.ints[IntField.NESTED_SET_LEFT.ordinal()] = left;
    out.ints[IntField.NESTED_SET_RIGHT.ordinal()] = right;
    out.ints[IntField.NESTED_SET_PARENT.ordinal()] = parent;
    out.ints[IntField.CHILD_COUNT.ordinal()] = children;
  }

  private int firstSpan(int trace) {
    return rows.scopeSpans.a[rows.resourceScopes.a[rows.traceResources.a[trace]]];
  }

  private void number(
      NestedSets sets,
      int from,
      int length,
      int[] left,
      int[] right,
      int[] parent,
      int[] children) {
    sets.ensure(length);
    for (int i = 0; i < length; i++) {
      int row = rows.spans.a[from + i];
      sets.keys[i] = in.spanId.key(row);
      sets.parentKeys[i] = in.parentSpanId.key(row);
      sets.roots[i] = in.parentSpanId.length(row) == 0;
      sets.kinds[i] = in.kind.a[row];
    }
    sets.assign(length, left, right, parent, children, from);
  }

  private void deriveServiceStats() {
    int traces = rows.pieceOfTrace.size;
    int[] offsets = new int[traces + 1];
    IntArray names = new IntArray();
    IntArray spanCounts = new IntArray();
    IntArray errorCounts = new IntArray();
    int[] services = out.strings[StringField.SERVICE_NAME.ordinal()];
    IntArray order = new IntArray();
    for (int t = 0; t < traces; t++) {
      order.size = 0;
      for (int r = rows.traceResources.a[t]; r < rows.traceResources.a[t + 1]; r++) {
        order.add(r);
      }
      IndexSort.sort(
          order.a, 0, order.size, (a, b) -> in.strings.compare(services[a], services[b]));
      int last = -1;
      for (int i = 0; i < order.size; i++) {
        int resource = order.a[i];
        if (services[resource] != last) {
          last = services[resource];
          names.add(last);
          spanCounts.add(0);
          errorCounts.add(0);
        }
        int from = rows.scopeSpans.a[rows.resourceScopes.a[resource]];
        int to = rows.scopeSpans.a[rows.resourceScopes.a[resource + 1]];
        spanCounts.a[spanCounts.size - 1] += to - from;
        errorCounts.a[errorCounts.size - 1] += errors(from, to);
      }
      offsets[t + 1] = names.size;
    }
    out.serviceStats =
        new TraceColumns.ServiceStats(
            offsets, names.toArray(), spanCounts.toArray(), errorCounts.toArray());
  }

  private int errors(int from, int to) {
    int[] status = out.ints[IntField.SPAN_STATUS.ordinal()];
    int count = 0;
    for (int i = from; i < to; i++) {
      count += status[i] == STATUS_ERROR ? 1 : 0;
    }
    return count;
  }
}
