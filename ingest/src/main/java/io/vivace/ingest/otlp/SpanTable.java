package io.vivace.ingest.otlp;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoWriter;
import java.util.Arrays;

/// Where the spans, scopes and resources of one request lie, and which spans make up which trace. A
/// place is an offset into the request's bytes or, if negative, the complement of an offset into
/// the side buffer, which holds what had to be rewritten. Arrays only; nothing is allocated per
/// span. Scopes and resources without spans are not kept.
///
/// Reusable, confined to one thread.
public final class SpanTable {
  private static final byte[] NOTHING = {};
  private static final int ABSENT = -1;
  // Larger tables are not kept for the next request.
  private static final int MAX_KEPT_SPANS = 1 << 16;
  private static final int MAX_KEPT_SIDE_BYTES = 1 << 20;

  private final ProtoWriter side = new ProtoWriter();
  private final Message resource = new Message();
  private final Message scope = new Message();
  private final Places resources = new Places();
  private final Places scopes = new Places();

  private byte[] bytes = NOTHING;
  private int currentResource;
  private int currentScope;
  private int[] scopeResource = new int[16];

  private int spanCount;
  private int[] spanOffset = new int[256];
  private int[] spanLength = new int[256];
  private int[] spanScope = new int[256];
  private int[] spanTrace = new int[256];
  private int[] order = new int[256];

  private final TraceIndex traces = new TraceIndex();
  private int[] traceStart = new int[64];

  ProtoWriter side() {
    return side;
  }

  void clear(byte[] requestBytes) {
    bytes = requestBytes;
    side.clear();
    resources.count = 0;
    scopes.count = 0;
    spanCount = 0;
    traces.clear();
  }

  /// True if the table has grown beyond what is worth keeping for further requests.
  public boolean isLarge() {
    return spanOffset.length > MAX_KEPT_SPANS
        || traces.capacity() > MAX_KEPT_SPANS
        || scopeResource.length > MAX_KEPT_SPANS
        || side.array().length > MAX_KEPT_SIDE_BYTES
        || resource.capacity() > MAX_KEPT_SIDE_BYTES
        || scope.capacity() > MAX_KEPT_SIDE_BYTES;
  }

  void release() {
    clear(NOTHING);
  }

  void beginResource() {
    resource.clear();
    currentResource = ABSENT;
  }

  void resource(int offset, int length) {
    resource.body(offset, length);
  }

  void resourceSchemaUrl(int offset, int length) {
    resource.schemaUrl(offset, length);
  }

  void endResource() {
    if (currentResource != ABSENT) {
      resources.set(currentResource, resource);
    }
  }

  void beginScope() {
    scope.clear();
    currentScope = ABSENT;
  }

  void scope(int offset, int length) {
    scope.body(offset, length);
  }

  void scopeSchemaUrl(int offset, int length) {
    scope.schemaUrl(offset, length);
  }

  void endScope() {
    if (currentScope != ABSENT) {
      scopes.set(currentScope, scope);
    }
  }

  void span(int offset, int length, long traceHigh, long traceLow) {
    if (currentScope == ABSENT) {
      placeScope();
    }
    int span = spanCount++;
    if (span == spanOffset.length) {
      growSpans();
    }
    spanOffset[span] = offset;
    spanLength[span] = length;
    spanScope[span] = currentScope;
    spanTrace[span] = traces.add(traceHigh, traceLow);
  }

  private void placeScope() {
    if (currentResource == ABSENT) {
      currentResource = resources.add();
    }
    currentScope = scopes.add();
    if (currentScope == scopeResource.length) {
      scopeResource = Arrays.copyOf(scopeResource, 2 * currentScope);
    }
    scopeResource[currentScope] = currentResource;
  }

  private void growSpans() {
    int capacity = 2 * spanOffset.length;
    spanOffset = Arrays.copyOf(spanOffset, capacity);
    spanLength = Arrays.copyOf(spanLength, capacity);
    spanScope = Arrays.copyOf(spanScope, capacity);
    spanTrace = Arrays.copyOf(spanTrace, capacity);
    order = new int[capacity];
  }

  /// Sorts the spans by trace, keeping their order within a trace.
  void finish() {
    int traceCount = traces.count();
    if (traceStart.length <= traceCount) {
      traceStart = new int[Math.max(2 * traceStart.length, traceCount + 1)];
    }
    int start = 0;
    for (int trace = 0; trace < traceCount; trace++) {
      traceStart[trace] = start;
      start += traces.spans(trace);
    }
    traceStart[traceCount] = start;
    for (int span = 0; span < spanCount; span++) {
      order[traceStart[spanTrace[span]]++] = span;
    }
    // Each start has moved to the start of the next trace.
    System.arraycopy(traceStart, 0, traceStart, 1, traceCount);
    traceStart[0] = 0;
  }

  public int spanCount() {
    return spanCount;
  }

  public int traceCount() {
    return traces.count();
  }

  public TraceId traceId(int trace) {
    return traces.id(trace);
  }

  /// First index, in trace order, of the trace's spans; those of trace `t` end at the start of `t +
  /// 1`.
  public int traceStart(int trace) {
    return traceStart[trace];
  }

  /// The span at an index in trace order.
  int spanAt(int index) {
    return order[index];
  }

  int scopeOf(int span) {
    return spanScope[span];
  }

  int resourceOf(int scopeIndex) {
    return scopeResource[scopeIndex];
  }

  /// Encoded size of the span as field 2 of its scope.
  int spanFieldSize(int span) {
    return fieldSize(spanLength[span]);
  }

  /// Encoded size of everything but the spans in the scope.
  int scopeHeaderSize(int scopeIndex) {
    return scopes.headerSize(scopeIndex);
  }

  /// Encoded size of everything but the scopes in the resource.
  int resourceHeaderSize(int resourceIndex) {
    return resources.headerSize(resourceIndex);
  }

  void writeSpan(ProtoWriter out, int span) {
    writeField(out, 2, spanOffset[span], spanLength[span]);
  }

  void writeScopeHeader(ProtoWriter out, int scopeIndex) {
    writeHeader(out, scopes, scopeIndex);
  }

  void writeResourceHeader(ProtoWriter out, int resourceIndex) {
    writeHeader(out, resources, resourceIndex);
  }

  // Before the spans or scopes: protobuf allows any order, and field 3 may well come before 2.
  private void writeHeader(ProtoWriter out, Places places, int index) {
    if (places.bodyLength[index] != ABSENT) {
      writeField(out, 1, places.bodyOffset[index], places.bodyLength[index]);
    }
    if (places.schemaLength[index] != ABSENT) {
      writeField(out, 3, places.schemaOffset[index], places.schemaLength[index]);
    }
  }

  private void writeField(ProtoWriter out, int field, int offset, int length) {
    if (offset >= 0) {
      out.writeBytes(field, bytes, offset, length);
    } else {
      out.writeBytes(field, side.array(), ~offset, length);
    }
  }

  static int fieldSize(int length) {
    return 1 + ProtoWriter.varintSize(length) + length;
  }

  /// The resource or scope that is being scanned. It should occur once; if it occurs more often,
  /// the messages are merged, which is what the concatenation of their bytes means.
  private final class Message {
    private final ProtoWriter merged = new ProtoWriter(16);
    private boolean isMerged;
    int bodyOffset;
    int bodyLength;
    int schemaOffset;
    int schemaLength;

    void clear() {
      merged.clear();
      isMerged = false;
      bodyLength = ABSENT;
      schemaLength = ABSENT;
    }

    int capacity() {
      return merged.array().length;
    }

    void body(int offset, int length) {
      if (bodyLength == ABSENT) {
        bodyOffset = offset;
        bodyLength = length;
        return;
      }
      if (!isMerged) {
        append(bodyOffset, bodyLength);
        isMerged = true;
      }
      append(offset, length);
    }

    private void append(int offset, int length) {
      if (offset >= 0) {
        merged.writeRaw(bytes, offset, length);
      } else {
        merged.writeRaw(side.array(), ~offset, length);
      }
    }

    void schemaUrl(int offset, int length) {
      schemaOffset = offset;
      schemaLength = length;
    }

    /// Moves what was merged to the side buffer.
    void settle() {
      if (isMerged) {
        bodyOffset = ~side.size();
        bodyLength = merged.size();
        side.writeRaw(merged.array(), 0, merged.size());
        isMerged = false;
      }
    }
  }

  private static final class Places {
    int count;
    int[] bodyOffset = new int[16];
    int[] bodyLength = new int[16];
    int[] schemaOffset = new int[16];
    int[] schemaLength = new int[16];

    int add() {
      if (count == bodyOffset.length) {
        bodyOffset = Arrays.copyOf(bodyOffset, 2 * count);
        bodyLength = Arrays.copyOf(bodyLength, 2 * count);
        schemaOffset = Arrays.copyOf(schemaOffset, 2 * count);
        schemaLength = Arrays.copyOf(schemaLength, 2 * count);
      }
      return count++;
    }

    void set(int index, Message message) {
      message.settle();
      bodyOffset[index] = message.bodyOffset;
      bodyLength[index] = message.bodyLength;
      schemaOffset[index] = message.schemaOffset;
      schemaLength[index] = message.schemaLength;
    }

    int headerSize(int index) {
      int size = bodyLength[index] == ABSENT ? 0 : fieldSize(bodyLength[index]);
      return schemaLength[index] == ABSENT ? size : size + fieldSize(schemaLength[index]);
    }
  }
}
