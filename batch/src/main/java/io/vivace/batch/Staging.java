package io.vivace.batch;

import io.vivace.model.TraceId;

/// Rows of all levels in the order in which they came, before they are put into the order of trace
/// ids. A piece is what one call brought of one trace; its rows are contiguous at every level.
final class Staging {
  final InternPool strings = new InternPool();

  // Pieces.
  final LongArray pieceHigh = new LongArray();
  final LongArray pieceLow = new LongArray();
  final LongArray pieceStart = new LongArray();
  final LongArray pieceEnd = new LongArray();
  final IntArray pieceRootService = new IntArray();
  final IntArray pieceRootName = new IntArray();

  /// Where the piece's derived span columns begin in the `derived…` arrays, -1 if they have to be
  /// computed.
  final IntArray pieceDerived = new IntArray();

  final IntArray pieceResources = new IntArray();

  // Resources.
  final IntArray serviceName = new IntArray();
  final IntArray resourceDropped = new IntArray();
  final AttributeStore resourceAttributes = new AttributeStore();
  final IntArray resourceScopes = new IntArray();

  // Scopes.
  final IntArray scopeName = new IntArray();
  final IntArray scopeVersion = new IntArray();
  final IntArray scopeDropped = new IntArray();
  final AttributeStore scopeAttributes = new AttributeStore();
  final IntArray scopeSpans = new IntArray();

  // Spans.
  final ByteStrings spanId = new ByteStrings();
  final ByteStrings parentSpanId = new ByteStrings();
  final IntArray spanName = new IntArray();
  final IntArray statusMessage = new IntArray();
  final IntArray spanTraceState = new IntArray();
  final IntArray kind = new IntArray();
  final IntArray status = new IntArray();
  final LongArray start = new LongArray();
  final LongArray duration = new LongArray();
  final IntArray spanDropped = new IntArray();
  final IntArray droppedEvents = new IntArray();
  final IntArray droppedLinks = new IntArray();
  final AttributeStore spanAttributes = new AttributeStore();
  final IntArray spanEvents = new IntArray();
  final IntArray spanLinks = new IntArray();

  // Derived columns of the spans of pieces that came as columns.
  final IntArray derivedLeft = new IntArray();
  final IntArray derivedRight = new IntArray();
  final IntArray derivedParent = new IntArray();
  final IntArray derivedChildren = new IntArray();

  // Events.
  final LongArray eventTime = new LongArray();
  final IntArray eventName = new IntArray();
  final IntArray eventDropped = new IntArray();
  final AttributeStore eventAttributes = new AttributeStore();

  // Links.
  final ByteStrings linkTraceId = new ByteStrings();
  final ByteStrings linkSpanId = new ByteStrings();
  final IntArray linkTraceState = new IntArray();
  final IntArray linkDropped = new IntArray();
  final AttributeStore linkAttributes = new AttributeStore();

  Staging() {
    pieceResources.add(0);
    resourceScopes.add(0);
    scopeSpans.add(0);
    spanEvents.add(0);
    spanLinks.add(0);
  }

  int pieces() {
    return pieceHigh.size;
  }

  int resources() {
    return serviceName.size;
  }

  int scopes() {
    return scopeName.size;
  }

  int spans() {
    return start.size;
  }

  int events() {
    return eventName.size;
  }

  int links() {
    return linkTraceState.size;
  }

  void endPiece(
      TraceId id, long startNanos, long endNanos, int rootService, int rootName, int derivedFrom) {
    endPiece(id.high(), id.low(), startNanos, endNanos, rootService, rootName, derivedFrom);
  }

  private void endPiece(
      long high,
      long low,
      long startNanos,
      long endNanos,
      int rootService,
      int rootName,
      int derivedFrom) {
    pieceHigh.add(high);
    pieceLow.add(low);
    pieceStart.add(startNanos);
    pieceEnd.add(endNanos);
    pieceRootService.add(rootService);
    pieceRootName.add(rootName);
    pieceDerived.add(derivedFrom);
    pieceResources.add(resources());
  }

  /// Forgets all rows behind the last whole piece.
  void rollback() {
    int resources = pieceResources.last();
    serviceName.size = resources;
    resourceDropped.size = resources;
    resourceAttributes.truncate(resources);
    resourceScopes.size = resources + 1;
    int scopes = resourceScopes.a[resources];
    scopeName.size = scopes;
    scopeVersion.size = scopes;
    scopeDropped.size = scopes;
    scopeAttributes.truncate(scopes);
    scopeSpans.size = scopes + 1;
    int spans = scopeSpans.a[scopes];
    spanId.truncate(spans);
    parentSpanId.truncate(spans);
    spanName.size = spans;
    statusMessage.size = spans;
    spanTraceState.size = spans;
    kind.size = spans;
    status.size = spans;
    start.size = spans;
    duration.size = spans;
    spanDropped.size = spans;
    droppedEvents.size = spans;
    droppedLinks.size = spans;
    spanAttributes.truncate(spans);
    spanEvents.size = spans + 1;
    spanLinks.size = spans + 1;
    int events = spanEvents.a[spans];
    eventTime.size = events;
    eventName.size = events;
    eventDropped.size = events;
    eventAttributes.truncate(events);
    int links = spanLinks.a[spans];
    linkTraceId.truncate(links);
    linkSpanId.truncate(links);
    linkTraceState.size = links;
    linkDropped.size = links;
    linkAttributes.truncate(links);
  }

  /// Appends the rows `[from, to)` of `source`, each as a piece.
  void addRows(TraceColumns source, int from, int to, IdMap ids) {
    int resourceFrom = source.offsets(Level.RESOURCE)[from];
    int resourceTo = source.offsets(Level.RESOURCE)[to];
    int scopeFrom = source.offsets(Level.SCOPE)[resourceFrom];
    int scopeTo = source.offsets(Level.SCOPE)[resourceTo];
    int spanFrom = source.offsets(Level.SPAN)[scopeFrom];
    int spanTo = source.offsets(Level.SPAN)[scopeTo];
    addPieces(source, from, to, ids, spanFrom);
    addResources(source, resourceFrom, resourceTo, ids);
    addScopes(source, scopeFrom, scopeTo, ids);
    addSpans(source, spanFrom, spanTo, ids);
    addEvents(
        source, source.offsets(Level.EVENT)[spanFrom], source.offsets(Level.EVENT)[spanTo], ids);
    addLinks(source, source.offsets(Level.LINK)[spanFrom], source.offsets(Level.LINK)[spanTo], ids);
  }

  private void addPieces(TraceColumns source, int from, int to, IdMap ids, int spanFrom) {
    int[] resourceOffsets = source.offsets(Level.RESOURCE);
    int[] scopeOffsets = source.offsets(Level.SCOPE);
    int[] spanOffsets = source.offsets(Level.SPAN);
    int resourceShift = resources() - resourceOffsets[from];
    int derivedShift = derivedLeft.size - spanFrom;
    long[] starts = source.longs(LongField.TRACE_START);
    long[] ends = source.longs(LongField.TRACE_END);
    int[] services = source.strings(StringField.ROOT_SERVICE_NAME).ids();
    int[] names = source.strings(StringField.ROOT_SPAN_NAME).ids();
    for (int t = from; t < to; t++) {
      int firstSpan = spanOffsets[scopeOffsets[resourceOffsets[t]]];
      endPiece(
          source.traceIdsHigh()[t],
          source.traceIdsLow()[t],
          starts[t],
          ends[t],
          ids.map(services[t]),
          ids.map(names[t]),
          firstSpan + derivedShift);
      pieceResources.a[pieceResources.size - 1] = resourceOffsets[t + 1] + resourceShift;
    }
  }

  private void addResources(TraceColumns source, int from, int to, IdMap ids) {
    addOffsets(source.offsets(Level.SCOPE), from, to, scopes(), resourceScopes);
    ids.mapAll(source.strings(StringField.SERVICE_NAME).ids(), from, to, serviceName);
    resourceDropped.addAll(source.droppedAttributes(Level.RESOURCE), from, to);
    resourceAttributes.addAll(source.attributes(Level.RESOURCE), from, to, ids);
  }

  private void addScopes(TraceColumns source, int from, int to, IdMap ids) {
    addOffsets(source.offsets(Level.SPAN), from, to, spans(), scopeSpans);
    ids.mapAll(source.strings(StringField.SCOPE_NAME).ids(), from, to, scopeName);
    ids.mapAll(source.strings(StringField.SCOPE_VERSION).ids(), from, to, scopeVersion);
    scopeDropped.addAll(source.droppedAttributes(Level.SCOPE), from, to);
    scopeAttributes.addAll(source.attributes(Level.SCOPE), from, to, ids);
  }

  private void addSpans(TraceColumns source, int from, int to, IdMap ids) {
    addOffsets(source.offsets(Level.EVENT), from, to, events(), spanEvents);
    addOffsets(source.offsets(Level.LINK), from, to, links(), spanLinks);
    spanId.addAll(source.bytes(BytesField.SPAN_ID), from, to);
    parentSpanId.addAll(source.bytes(BytesField.PARENT_SPAN_ID), from, to);
    ids.mapAll(source.strings(StringField.SPAN_NAME).ids(), from, to, spanName);
    ids.mapAll(source.strings(StringField.SPAN_STATUS_MESSAGE).ids(), from, to, statusMessage);
    ids.mapAll(source.strings(StringField.SPAN_TRACE_STATE).ids(), from, to, spanTraceState);
    kind.addAll(source.ints(IntField.SPAN_KIND), from, to);
    status.addAll(source.ints(IntField.SPAN_STATUS), from, to);
    start.addAll(source.longs(LongField.SPAN_START), from, to);
    duration.addAll(source.longs(LongField.SPAN_DURATION), from, to);
    spanDropped.addAll(source.droppedAttributes(Level.SPAN), from, to);
    droppedEvents.addAll(source.droppedEvents(), from, to);
    droppedLinks.addAll(source.droppedLinks(), from, to);
    spanAttributes.addAll(source.attributes(Level.SPAN), from, to, ids);
    derivedLeft.addAll(source.ints(IntField.NESTED_SET_LEFT), from, to);
    derivedRight.addAll(source.ints(IntField.NESTED_SET_RIGHT), from, to);
    derivedParent.addAll(source.ints(IntField.NESTED_SET_PARENT), from, to);
    derivedChildren.addAll(source.ints(IntField.CHILD_COUNT), from, to);
  }

  private void addEvents(TraceColumns source, int from, int to, IdMap ids) {
    eventTime.addAll(source.longs(LongField.EVENT_TIME_SINCE_START), from, to);
    ids.mapAll(source.strings(StringField.EVENT_NAME).ids(), from, to, eventName);
    eventDropped.addAll(source.droppedAttributes(Level.EVENT), from, to);
    eventAttributes.addAll(source.attributes(Level.EVENT), from, to, ids);
  }

  private void addLinks(TraceColumns source, int from, int to, IdMap ids) {
    linkTraceId.addAll(source.bytes(BytesField.LINK_TRACE_ID), from, to);
    linkSpanId.addAll(source.bytes(BytesField.LINK_SPAN_ID), from, to);
    ids.mapAll(source.strings(StringField.LINK_TRACE_STATE).ids(), from, to, linkTraceState);
    linkDropped.addAll(source.droppedAttributes(Level.LINK), from, to);
    linkAttributes.addAll(source.attributes(Level.LINK), from, to, ids);
  }

  private static void addOffsets(int[] source, int from, int to, int base, IntArray target) {
    int shift = base - source[from];
    target.ensure(to - from);
    for (int i = from; i < to; i++) {
      target.a[target.size++] = source[i + 1] + shift;
    }
  }

  /// Bytes of the larger arrays and of the strings, approximately.
  long sizeBytes() {
    return strings.sizeBytes()
        + 8L * pieceHigh.a.length * 6
        + 12L * serviceName.a.length
        + resourceAttributes.sizeBytes()
        + 16L * scopeName.a.length
        + scopeAttributes.sizeBytes()
        + 68L * start.a.length
        + spanId.data.a.length
        + parentSpanId.data.a.length
        + spanAttributes.sizeBytes()
        + 16L * derivedLeft.a.length
        + 16L * eventTime.a.length
        + eventAttributes.sizeBytes()
        + 16L * linkDropped.a.length
        + linkTraceId.data.a.length
        + linkSpanId.data.a.length
        + linkAttributes.sizeBytes();
  }
}
