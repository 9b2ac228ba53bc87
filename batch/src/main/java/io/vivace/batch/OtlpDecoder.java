package io.vivace.batch;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads OTLP `TracesData` messages into a [Staging].
final class OtlpDecoder {
  static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.UTF_8);
  private static final byte[] REF_TYPE = "opentracing.ref_type".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CHILD_OF = "child_of".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NONE = {};

  private final Staging out;
  private final InternPool strings;
  private final AnyValueJson json = new AnyValueJson();

  // One cursor for every kind of message that can be open at a time.
  private final ProtoCursor traces = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor resourceSpans = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor resource = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor scopeSpans = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor span = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor child = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor keyValue = new ProtoCursor(NONE, 0, 0);
  private final ProtoCursor array = new ProtoCursor(NONE, 0, 0);
  private final AnyValueCursor value = new AnyValueCursor();
  private final AnyValueCursor element = new AnyValueCursor();

  // Of the piece.
  private TraceId id = new TraceId(0, 0);
  private long pieceStart;
  private long pieceEnd;
  private int rootResource;
  private int rootName;
  private int rootService;

  // Of the open resource.
  private boolean resourceSeen;
  private boolean serviceNameSeen;
  private int firstServiceName;
  private int serviceName;
  private int resourceDropped;

  // Of the open scope.
  private int scopeName;
  private int scopeVersion;
  private int scopeDropped;

  OtlpDecoder(Staging out) {
    this.out = out;
    this.strings = out.strings;
  }

  /// Appends the spans of the message as a piece, or nothing if there are none or the bytes are
  /// malformed.
  void decode(TraceId traceId, byte[] otlp, int offset, int length) {
    id = traceId;
    pieceStart = 0;
    pieceEnd = 0;
    rootResource = -1;
    rootName = 0;
    rootService = 0;
    int firstSpan = out.spans();
    boolean whole = false;
    try {
      readTraces(otlp, offset, length);
      whole = out.spans() > firstSpan;
    } finally {
      if (!whole) {
        out.rollback();
      }
    }
    if (whole) {
      out.endPiece(id, pieceStart, pieceEnd, rootService, rootName, -1);
    }
  }

  private void readTraces(byte[] otlp, int offset, int length) {
    traces.reset(otlp, offset, length);
    while (traces.next()) {
      if (traces.field() == 1 && traces.wireType() == ProtoCursor.LENGTH) {
        int size = traces.readLength();
        readResourceSpans(otlp, traces.valueOffset(), size);
      } else {
        traces.skip();
      }
    }
  }

  private void readResourceSpans(byte[] bytes, int offset, int length) {
    resourceSeen = false;
    serviceNameSeen = false;
    firstServiceName = 0;
    serviceName = 0;
    resourceDropped = 0;
    int row = out.resources();
    resourceSpans.reset(bytes, offset, length);
    while (resourceSpans.next()) {
      int field = resourceSpans.field();
      if ((field == 1 || field == 2) && resourceSpans.wireType() == ProtoCursor.LENGTH) {
        int size = resourceSpans.readLength();
        if (field == 1) {
          readResource(bytes, resourceSpans.valueOffset(), size);
        } else {
          readScopeSpans(row, bytes, resourceSpans.valueOffset(), size);
        }
      } else {
        resourceSpans.skip();
      }
    }
    out.resourceAttributes.sortOpenRow(strings);
    out.resourceAttributes.endRow();
    out.serviceName.add(serviceName);
    out.resourceDropped.add(resourceDropped);
    out.resourceScopes.add(out.scopes());
    if (rootResource == row) {
      rootService = firstServiceName;
      if (!resourceSeen) {
        rootName = 0;
      }
    }
  }

  private void readResource(byte[] bytes, int offset, int length) {
    resourceSeen = true;
    resource.reset(bytes, offset, length);
    while (resource.next()) {
      switch (resource.field()) {
        case 1 -> {
          if (resource.is(ProtoCursor.LENGTH)) {
            int size = resource.readLength();
            readResourceAttribute(bytes, resource.valueOffset(), size);
          }
        }
        case 2 -> {
          if (resource.is(ProtoCursor.VARINT)) {
            resourceDropped = (int) resource.readVarint();
          }
        }
        default -> resource.skip();
      }
    }
  }

  private void readResourceAttribute(byte[] bytes, int offset, int length) {
    readKeyValue(bytes, offset, length);
    if (keyLength == SERVICE_NAME.length
        && Arrays.equals(
            bytes, keyOffset, keyOffset + keyLength, SERVICE_NAME, 0, SERVICE_NAME.length)) {
      boolean isString = value.kind == AnyValueCursor.STRING;
      int name = isString ? strings.intern(bytes, value.offset, value.length) : 0;
      if (!serviceNameSeen) {
        serviceNameSeen = true;
        firstServiceName = name;
      }
      if (isString) {
        serviceName = name;
        return;
      }
    }
    addAttribute(out.resourceAttributes, bytes);
  }

  private void readScopeSpans(int resourceRow, byte[] bytes, int offset, int length) {
    scopeName = 0;
    scopeVersion = 0;
    scopeDropped = 0;
    scopeSpans.reset(bytes, offset, length);
    while (scopeSpans.next()) {
      int field = scopeSpans.field();
      if ((field == 1 || field == 2) && scopeSpans.wireType() == ProtoCursor.LENGTH) {
        int size = scopeSpans.readLength();
        if (field == 1) {
          readScope(bytes, scopeSpans.valueOffset(), size);
        } else {
          readSpan(resourceRow, bytes, scopeSpans.valueOffset(), size);
        }
      } else {
        scopeSpans.skip();
      }
    }
    out.scopeAttributes.sortOpenRow(strings);
    out.scopeAttributes.endRow();
    out.scopeName.add(scopeName);
    out.scopeVersion.add(scopeVersion);
    out.scopeDropped.add(scopeDropped);
    out.scopeSpans.add(out.spans());
  }

  private void readScope(byte[] bytes, int offset, int length) {
    child.reset(bytes, offset, length);
    while (child.next()) {
      switch (child.field()) {
        case 1 -> scopeName = readString(child, scopeName);
        case 2 -> scopeVersion = readString(child, scopeVersion);
        case 3 -> readAttribute(child, out.scopeAttributes);
        case 4 -> {
          if (child.is(ProtoCursor.VARINT)) {
            scopeDropped = (int) child.readVarint();
          }
        }
        default -> child.skip();
      }
    }
  }

  private int readString(ProtoCursor cursor, int otherwise) {
    if (!cursor.is(ProtoCursor.LENGTH)) {
      return otherwise;
    }
    int length = cursor.readLength();
    return length == 0 ? 0 : strings.intern(cursor.bytes(), cursor.valueOffset(), length);
  }

  private void readAttribute(ProtoCursor cursor, AttributeStore store) {
    if (cursor.is(ProtoCursor.LENGTH)) {
      int length = cursor.readLength();
      readKeyValue(cursor.bytes(), cursor.valueOffset(), length);
      addAttribute(store, cursor.bytes());
    }
  }

  private void readSpan(int resourceRow, byte[] bytes, int offset, int length) {
    int spanIdFrom = 0;
    int spanIdTo = 0;
    int parentFrom = 0;
    int parentTo = 0;
    int traceState = 0;
    int name = 0;
    int kind = 0;
    long start = 0;
    long end = 0;
    int dropped = 0;
    int droppedEvents = 0;
    int droppedLinks = 0;
    statusMessage = 0;
    statusCode = 0;
    int firstEvent = out.events();
    int firstLink = out.links();
    span.reset(bytes, offset, length);
    while (span.next()) {
      switch (span.field()) {
        case 2 -> {
          if (span.is(ProtoCursor.LENGTH)) {
            int size = span.readLength();
            spanIdFrom = span.valueOffset();
            spanIdTo = spanIdFrom + size;
          }
        }
        case 3 -> traceState = readString(span, traceState);
        case 4 -> {
          if (span.is(ProtoCursor.LENGTH)) {
            int size = span.readLength();
            parentFrom = span.valueOffset();
            parentTo = parentFrom + size;
          }
        }
        case 5 -> name = readString(span, name);
        case 6 -> kind = readInt(span, kind);
        case 7 -> start = readTime(span, start);
        case 8 -> end = readTime(span, end);
        case 9 -> readAttribute(span, out.spanAttributes);
        case 10 -> dropped = readInt(span, dropped);
        case 11 -> {
          if (span.is(ProtoCursor.LENGTH)) {
            int size = span.readLength();
            readEvent(bytes, span.valueOffset(), size);
          }
        }
        case 12 -> droppedEvents = readInt(span, droppedEvents);
        case 13 -> {
          if (span.is(ProtoCursor.LENGTH)) {
            int size = span.readLength();
            readLink(bytes, span.valueOffset(), size);
          }
        }
        case 14 -> droppedLinks = readInt(span, droppedLinks);
        case 15 -> {
          if (span.is(ProtoCursor.LENGTH)) {
            int size = span.readLength();
            readStatus(bytes, span.valueOffset(), size);
          }
        }
        default -> span.skip();
      }
    }
    for (int e = firstEvent; e < out.events(); e++) {
      out.eventTime.a[e] -= start;
    }
    out.spanId.add(bytes, spanIdFrom, spanIdTo);
    out.parentSpanId.add(bytes, parentFrom, parentTo);
    out.spanName.add(name);
    out.statusMessage.add(statusMessage);
    out.spanTraceState.add(traceState);
    out.kind.add(kind);
    out.status.add(statusCode);
    out.start.add(start);
    out.duration.add(end - start);
    out.spanDropped.add(dropped);
    out.droppedEvents.add(droppedEvents);
    out.droppedLinks.add(droppedLinks);
    out.spanAttributes.endRow();
    out.spanEvents.add(out.events());
    out.spanLinks.add(out.links());
    if (pieceStart == 0 || Long.compareUnsigned(start, pieceStart) < 0) {
      pieceStart = start;
    }
    if (Long.compareUnsigned(end, pieceEnd) > 0) {
      pieceEnd = end;
    }
    if (parentFrom == parentTo && !isChildByLink(firstLink)) {
      rootResource = resourceRow;
      rootName = name;
    }
  }

  private static int readInt(ProtoCursor cursor, int otherwise) {
    return cursor.is(ProtoCursor.VARINT) ? (int) cursor.readVarint() : otherwise;
  }

  private static long readTime(ProtoCursor cursor, long otherwise) {
    return cursor.is(ProtoCursor.FIXED64) ? cursor.readFixed64() : otherwise;
  }

  private int statusMessage;
  private int statusCode;

  private void readStatus(byte[] bytes, int offset, int length) {
    child.reset(bytes, offset, length);
    while (child.next()) {
      switch (child.field()) {
        case 2 -> statusMessage = readString(child, statusMessage);
        case 3 -> statusCode = readInt(child, statusCode);
        default -> child.skip();
      }
    }
  }

  private void readEvent(byte[] bytes, int offset, int length) {
    long time = 0;
    int name = 0;
    int dropped = 0;
    child.reset(bytes, offset, length);
    while (child.next()) {
      switch (child.field()) {
        case 1 -> time = readTime(child, time);
        case 2 -> name = readString(child, name);
        case 3 -> readAttribute(child, out.eventAttributes);
        case 4 -> dropped = readInt(child, dropped);
        default -> child.skip();
      }
    }
    out.eventAttributes.endRow();
    out.eventTime.add(time);
    out.eventName.add(name);
    out.eventDropped.add(dropped);
  }

  private void readLink(byte[] bytes, int offset, int length) {
    int traceFrom = 0;
    int traceTo = 0;
    int spanFrom = 0;
    int spanTo = 0;
    int traceState = 0;
    int dropped = 0;
    child.reset(bytes, offset, length);
    while (child.next()) {
      switch (child.field()) {
        case 1 -> {
          if (child.is(ProtoCursor.LENGTH)) {
            int size = child.readLength();
            traceFrom = child.valueOffset();
            traceTo = traceFrom + size;
          }
        }
        case 2 -> {
          if (child.is(ProtoCursor.LENGTH)) {
            int size = child.readLength();
            spanFrom = child.valueOffset();
            spanTo = spanFrom + size;
          }
        }
        case 3 -> traceState = readString(child, traceState);
        case 4 -> readAttribute(child, out.linkAttributes);
        case 5 -> dropped = readInt(child, dropped);
        default -> child.skip();
      }
    }
    out.linkAttributes.endRow();
    out.linkTraceId.add(bytes, traceFrom, traceTo);
    out.linkSpanId.add(bytes, spanFrom, spanTo);
    out.linkTraceState.add(traceState);
    out.linkDropped.add(dropped);
  }

  /// True if a link of the span behind `firstLink` names its own trace as what it is a child of.
  private boolean isChildByLink(int firstLink) {
    for (int link = firstLink; link < out.links(); link++) {
      ByteStrings ids = out.linkTraceId;
      if (TraceId.from(ids.data.a, ids.start(link), ids.length(link)).equals(id)
          && hasChildOf(link)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasChildOf(int link) {
    AttributeStore store = out.linkAttributes;
    for (int e = store.offsets.a[link]; e < store.offsets.a[link + 1]; e++) {
      if (store.types.a[e] == AttributeType.STRING.code()
          && strings.matches(store.keys.a[e], REF_TYPE, 0, REF_TYPE.length)
          && strings.matches(
              (int) store.values.a[store.starts.a[e]], CHILD_OF, 0, CHILD_OF.length)) {
        return true;
      }
    }
    return false;
  }

  private int keyOffset;
  private int keyLength;
  private int valueOffset;
  private int valueLength;

  /// Leaves the key's bounds in fields and the parsed value in [#value].
  private void readKeyValue(byte[] bytes, int offset, int length) {
    keyOffset = 0;
    keyLength = 0;
    valueOffset = 0;
    valueLength = 0;
    keyValue.reset(bytes, offset, length);
    while (keyValue.next()) {
      int field = keyValue.field();
      if ((field == 1 || field == 2) && keyValue.wireType() == ProtoCursor.LENGTH) {
        int size = keyValue.readLength();
        if (field == 1) {
          keyOffset = keyValue.valueOffset();
          keyLength = size;
        } else {
          valueOffset = keyValue.valueOffset();
          valueLength = size;
        }
      } else {
        keyValue.skip();
      }
    }
    value.read(bytes, valueOffset, valueLength);
  }

  private void addAttribute(AttributeStore store, byte[] bytes) {
    int key = key(store, bytes);
    switch (value.kind) {
      case AnyValueCursor.STRING ->
          store.add(key, AttributeType.STRING, strings.intern(bytes, value.offset, value.length));
      case AnyValueCursor.BOOLEAN -> store.add(key, AttributeType.BOOLEAN, value.bits);
      case AnyValueCursor.LONG -> store.add(key, AttributeType.LONG, value.bits);
      case AnyValueCursor.DOUBLE -> store.add(key, AttributeType.DOUBLE, value.bits);
      case AnyValueCursor.ARRAY -> addArray(store, key, bytes);
      default -> addUnsupported(store, key, bytes);
    }
  }

  /// The id of the key. Rows tend to have the keys of the row before in the same order, and to
  /// compare is cheaper than to look up.
  private int key(AttributeStore store, byte[] bytes) {
    int openRow = store.offsets.size - 1;
    if (openRow > 0) {
      int firstEntry = store.offsets.a[openRow];
      int guess = store.offsets.a[openRow - 1] + store.keys.size - firstEntry;
      if (guess < firstEntry && strings.matches(store.keys.a[guess], bytes, keyOffset, keyLength)) {
        return store.keys.a[guess];
      }
    }
    return strings.intern(bytes, keyOffset, keyLength);
  }

  private void addArray(AttributeStore store, int key, byte[] bytes) {
    int firstValue = store.values.size;
    int kind = -1;
    array.reset(bytes, value.offset, value.length);
    while (array.next()) {
      if (array.field() != 1 || array.wireType() != ProtoCursor.LENGTH) {
        array.skip();
        continue;
      }
      int size = array.readLength();
      element.read(bytes, array.valueOffset(), size);
      boolean scalar =
          switch (element.kind) {
            case AnyValueCursor.STRING,
                AnyValueCursor.BOOLEAN,
                AnyValueCursor.LONG,
                AnyValueCursor.DOUBLE ->
                true;
            default -> false;
          };
      if (!scalar || kind >= 0 && kind != element.kind) {
        store.values.size = firstValue;
        addUnsupported(store, key, bytes);
        return;
      }
      kind = element.kind;
      store.values.add(
          kind == AnyValueCursor.STRING
              ? strings.intern(bytes, element.offset, element.length)
              : element.bits);
    }
    store.endEntry(
        key,
        switch (kind) {
          case AnyValueCursor.STRING -> AttributeType.STRING_ARRAY;
          case AnyValueCursor.BOOLEAN -> AttributeType.BOOLEAN_ARRAY;
          case AnyValueCursor.LONG -> AttributeType.LONG_ARRAY;
          case AnyValueCursor.DOUBLE -> AttributeType.DOUBLE_ARRAY;
          default -> AttributeType.EMPTY_ARRAY;
        });
  }

  private void addUnsupported(AttributeStore store, int key, byte[] bytes) {
    ByteArray text = json.encode(bytes, valueOffset, valueLength);
    store.add(key, AttributeType.UNSUPPORTED, strings.intern(text.a, 0, text.size));
  }
}
