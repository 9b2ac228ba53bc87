package io.vivace.ingest.otlp;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;

/// Walks an `ExportTraceServiceRequest` once, checks its whole structure and the ids, and notes
/// where every span, scope and resource lies. Nothing is copied except what must be rewritten:
/// messages with attributes over the length limit, and singular messages that occur more than once.
///
/// Reusable, confined to one thread. [#scan] must have returned normally before the results are
/// read.
public final class OtlpScanner {
  /// How deep attribute values may be nested in arrays and maps.
  public static final int MAX_VALUE_DEPTH = 64;

  private static final int LEGACY_SCOPE_SPANS_TAG = 1000 << 3 | WireReader.LENGTH;

  private static final byte[] NOTHING = {};

  private final WireReader in = new WireReader();
  private final SpanTable table = new SpanTable();
  private final AttributeTruncator truncator;

  private int base;
  private int maxAttributeBytes = Integer.MAX_VALUE;
  private boolean isOversize;
  private int spanCount;
  private IdProblem idProblem = IdProblem.NONE;

  public OtlpScanner() {
    truncator = new AttributeTruncator(table.side());
  }

  /// Scans one request.
  ///
  /// @param bytes shared; must not change while the results are in use
  /// @param maxAttributeBytes longest attribute key or string value, longer ones are cut; 0 = no
  ///   limit
  /// @throws io.vivace.model.proto.MalformedProtoException if it is not a request
  /// @throws RequestException if values are nested too deeply
  public void scan(byte[] bytes, int offset, int length, int maxAttributeBytes) {
    start(bytes, offset);
    this.maxAttributeBytes = maxAttributeBytes == 0 ? Integer.MAX_VALUE : maxAttributeBytes;
    int end = offset + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      if (tag == 0x0A) {
        int resourceSpansEnd = in.readLength(end) + in.position;
        scanResourceSpans(resourceSpansEnd);
      } else {
        in.skipUnknown(tag, 1, end, "ExportTraceServiceRequest");
      }
    }
    table.finish();
  }

  private void start(byte[] bytes, int offset) {
    in.bytes = bytes;
    in.position = offset;
    base = offset;
    spanCount = 0;
    idProblem = IdProblem.NONE;
    table.clear(bytes);
    truncator.clear();
  }

  /// Counts the spans of a request without looking into them.
  ///
  /// @throws io.vivace.model.proto.MalformedProtoException if the levels above the spans are
  ///   malformed
  public static int countSpans(byte[] bytes, int offset, int length) {
    WireReader reader = new WireReader();
    reader.bytes = bytes;
    reader.position = offset;
    int end = offset + length;
    int count = 0;
    while (reader.position < end) {
      int tag = reader.readTag(end);
      if (tag == 0x0A) {
        int resourceSpansEnd = reader.readLength(end) + reader.position;
        count += countInResourceSpans(reader, resourceSpansEnd);
      } else {
        reader.skipUnknown(tag, 1, end, "ExportTraceServiceRequest");
      }
    }
    return count;
  }

  private static int countInResourceSpans(WireReader reader, int end) {
    int count = 0;
    int legacyCount = 0;
    boolean hasScopeSpans = false;
    while (reader.position < end) {
      int tag = reader.readTag(end);
      if (tag == 0x12) {
        hasScopeSpans = true;
        int scopeSpansEnd = reader.readLength(end) + reader.position;
        count += countInScopeSpans(reader, scopeSpansEnd);
      } else if (tag == LEGACY_SCOPE_SPANS_TAG) {
        int scopeSpansEnd = reader.readLength(end) + reader.position;
        legacyCount += countInScopeSpans(reader, scopeSpansEnd);
      } else {
        reader.skip(tag, end);
      }
    }
    return hasScopeSpans ? count : legacyCount;
  }

  private static int countInScopeSpans(WireReader reader, int end) {
    int count = 0;
    while (reader.position < end) {
      int tag = reader.readTag(end);
      if (tag == 0x12) {
        count++;
      }
      reader.skip(tag, end);
    }
    return count;
  }

  /// All spans of the request, also those with bad ids.
  public int spanCount() {
    return spanCount;
  }

  /// The first bad id, or [IdProblem#NONE].
  public IdProblem idProblem() {
    return idProblem;
  }

  /// The spans grouped by trace; meaningful only without an [#idProblem].
  public SpanTable table() {
    return table;
  }

  /// Forgets the request, so that its bytes can be freed.
  public void release() {
    in.bytes = NOTHING;
    table.release();
  }

  /// What was cut.
  public AttributeTruncator truncator() {
    return truncator;
  }

  private void scanResourceSpans(int end) {
    int start = in.position;
    table.beginResource();
    boolean hasScopeSpans = false;
    boolean hasLegacyScopeSpans = false;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> scanResource(in.readLength(end));
        case 0x12 -> {
          hasScopeSpans = true;
          int scopeSpansEnd = in.readLength(end) + in.position;
          scanScopeSpans(scopeSpansEnd);
        }
        case 0x1A -> {
          int length = in.readLength(end);
          table.resourceSchemaUrl(in.position, length);
          in.position += length;
        }
        case LEGACY_SCOPE_SPANS_TAG -> {
          hasLegacyScopeSpans = true;
          in.skipLength(end);
        }
        default -> in.skipUnknown(tag, 3, end, "ResourceSpans");
      }
    }
    if (hasLegacyScopeSpans && !hasScopeSpans) {
      scanLegacyScopeSpans(start, end);
    }
    table.endResource();
  }

  // Senders older than 2022 put the spans there; who fills both means the newer field.
  private void scanLegacyScopeSpans(int start, int end) {
    in.position = start;
    while (in.position < end) {
      int tag = in.readTag(end);
      if (tag == LEGACY_SCOPE_SPANS_TAG) {
        int scopeSpansEnd = in.readLength(end) + in.position;
        scanScopeSpans(scopeSpansEnd);
      } else {
        in.skip(tag, end);
      }
    }
  }

  private void scanResource(int length) {
    int start = in.position;
    int end = start + length;
    isOversize = false;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> scanAttribute(in.readLength(end));
        case 0x10 -> in.readVarint(end);
        case 0x1A -> in.skipLength(end);
        default -> in.skipUnknown(tag, 3, end, "Resource");
      }
    }
    if (isOversize) {
      int from = truncator.rewriteResource(in.bytes, start, length, maxAttributeBytes);
      table.resource(~from, truncator.rewrittenLength());
    } else {
      table.resource(start, length);
    }
  }

  private void scanScopeSpans(int end) {
    table.beginScope();
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> scanScope(in.readLength(end));
        case 0x12 -> scanSpan(in.readLength(end));
        case 0x1A -> {
          int length = in.readLength(end);
          table.scopeSchemaUrl(in.position, length);
          in.position += length;
        }
        default -> in.skipUnknown(tag, 3, end, "ScopeSpans");
      }
    }
    table.endScope();
  }

  private void scanScope(int length) {
    int start = in.position;
    int end = start + length;
    isOversize = false;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A, 0x12 -> in.skipLength(end);
        case 0x1A -> scanAttribute(in.readLength(end));
        case 0x20 -> in.readVarint(end);
        default -> in.skipUnknown(tag, 4, end, "InstrumentationScope");
      }
    }
    if (isOversize) {
      int from = truncator.rewriteScope(in.bytes, start, length, maxAttributeBytes);
      table.scope(~from, truncator.rewrittenLength());
    } else {
      table.scope(start, length);
    }
  }

  private void scanSpan(int length) {
    int start = in.position;
    int end = start + length;
    long traceHigh = 0;
    long traceLow = 0;
    long spanId = 0;
    isOversize = false;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> {
          int idLength = readTraceIdLength(end);
          traceHigh = idLength == 0 ? 0 : in.longAt(in.position);
          traceLow = idLength == 0 ? 0 : in.longAt(in.position + 8);
          in.position += idLength;
        }
        case 0x12 -> {
          int idLength = readSpanIdLength(end);
          spanId = idLength == 0 ? 0 : in.longAt(in.position);
          in.position += idLength;
        }
        case 0x22 -> {
          int idLength = readSpanIdLength(end);
          in.position += idLength;
        }
        case 0x1A, 0x2A -> in.skipLength(end);
        case 0x30, 0x50, 0x60, 0x70 -> in.readVarint(end);
        case 0x39, 0x41 -> in.skipFixed(8, end);
        case 0x4A -> scanAttribute(in.readLength(end));
        case 0x5A -> scanEvent(in.readLength(end));
        case 0x6A -> scanLink(in.readLength(end));
        case 0x7A -> scanStatus(in.readLength(end));
        case 0x85 -> in.skipFixed(4, end);
        default -> in.skipUnknown(tag, 16, end, "Span");
      }
    }
    addSpan(start, length, traceHigh, traceLow, spanId);
  }

  private void addSpan(int start, int length, long traceHigh, long traceLow, long spanId) {
    spanCount++;
    if (idProblem != IdProblem.NONE) {
      return;
    }
    if ((traceHigh | traceLow) == 0) {
      idProblem = IdProblem.NO_TRACE_ID;
    } else if (spanId == 0) {
      idProblem = IdProblem.NO_SPAN_ID;
    } else if (isOversize) {
      int from = truncator.rewriteSpan(in.bytes, start, length, maxAttributeBytes);
      table.span(~from, truncator.rewrittenLength(), traceHigh, traceLow);
    } else {
      table.span(start, length, traceHigh, traceLow);
    }
  }

  private int readTraceIdLength(int end) {
    int length = in.readLength(end);
    if (length != 0 && length != 16) {
      throw in.malformed(
          "invalid length for TraceID: trace ids must be 128 bit, received "
              + 8L * length
              + " bits");
    }
    return length;
  }

  private int readSpanIdLength(int end) {
    int length = in.readLength(end);
    if (length != 0 && length != 8) {
      throw in.malformed(
          "invalid length for SpanID: span ids must be 64 bit, received " + 8L * length + " bits");
    }
    return length;
  }

  private void scanEvent(int length) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x09 -> in.skipFixed(8, end);
        case 0x12 -> in.skipLength(end);
        case 0x1A -> scanAttribute(in.readLength(end));
        case 0x20 -> in.readVarint(end);
        default -> in.skipUnknown(tag, 4, end, "Span.Event");
      }
    }
  }

  private void scanLink(int length) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> {
          int idLength = readTraceIdLength(end);
          in.position += idLength;
        }
        case 0x12 -> {
          int idLength = readSpanIdLength(end);
          in.position += idLength;
        }
        case 0x1A -> in.skipLength(end);
        case 0x22 -> scanAttribute(in.readLength(end));
        case 0x28 -> in.readVarint(end);
        case 0x35 -> in.skipFixed(4, end);
        default -> in.skipUnknown(tag, 6, end, "Span.Link");
      }
    }
  }

  private void scanStatus(int length) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        // The status code of the first drafts; nobody reads it any more.
        case 0x08, 0x18 -> in.readVarint(end);
        case 0x12 -> in.skipLength(end);
        default -> in.skipUnknown(tag, 3, end, "Status");
      }
    }
  }

  private void scanAttribute(int length) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> {
          int keyLength = in.readLength(end);
          isOversize |= keyLength > maxAttributeBytes;
          in.position += keyLength;
        }
        case 0x12 -> scanAttributeValue(in.readLength(end));
        case 0x18 -> in.readVarint(end);
        default -> in.skipUnknown(tag, 3, end, "KeyValue");
      }
    }
  }

  private void scanAttributeValue(int length) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      if (tag == 0x0A) {
        int stringLength = in.readLength(end);
        isOversize |= stringLength > maxAttributeBytes;
        in.position += stringLength;
      } else {
        scanValueField(tag, end, 1);
      }
    }
  }

  private void scanValue(int length, int depth) {
    if (depth > MAX_VALUE_DEPTH) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "attribute value nested deeper than "
              + MAX_VALUE_DEPTH
              + " levels at byte "
              + (in.position - base));
    }
    int end = in.position + length;
    while (in.position < end) {
      scanValueField(in.readTag(end), end, depth);
    }
  }

  private void scanValueField(int tag, int end, int depth) {
    switch (tag) {
      case 0x0A, 0x3A -> in.skipLength(end);
      case 0x10, 0x18, 0x40 -> in.readVarint(end);
      case 0x21 -> in.skipFixed(8, end);
      case 0x2A -> scanArray(in.readLength(end), depth);
      case 0x32 -> scanMap(in.readLength(end), depth);
      default -> in.skipUnknown(tag, 8, end, "AnyValue");
    }
  }

  private void scanArray(int length, int depth) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      if (tag == 0x0A) {
        scanValue(in.readLength(end), depth + 1);
      } else {
        in.skipUnknown(tag, 1, end, "ArrayValue");
      }
    }
  }

  private void scanMap(int length, int depth) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      if (tag == 0x0A) {
        scanMapEntry(in.readLength(end), depth);
      } else {
        in.skipUnknown(tag, 1, end, "KeyValueList");
      }
    }
  }

  private void scanMapEntry(int length, int depth) {
    int end = in.position + length;
    while (in.position < end) {
      int tag = in.readTag(end);
      switch (tag) {
        case 0x0A -> in.skipLength(end);
        case 0x12 -> scanValue(in.readLength(end), depth + 1);
        case 0x18 -> in.readVarint(end);
        default -> in.skipUnknown(tag, 3, end, "KeyValue");
      }
    }
  }
}
