package io.vivace.ingest.otlp;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.log.PushRecord;
import io.vivace.model.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Turns the spans of a request into log records: measures first, so that every record is allocated
/// once with its exact size and every span copied once.
///
/// Use: [#clear], [#measure] for each trace, [#plan] each trace that is to be kept, then
/// [#recordBytes] and [#build]. A trace that does not fit into a record is cut into fragments, each
/// with whole spans. Reusable, confined to one thread.
public final class RecordPlan {
  // Tag, length and 16 bytes of the id.
  private static final int ID_FIELD_SIZE = 18;
  private static final int SKIP_FIELD_SIZE = 2;

  private final int maxRecordBytes;
  private SpanTable table = new SpanTable();

  // Fragments of the traces to keep: span range in trace order, encoded length, and where the
  // lengths of their nested messages begin in `lengths`.
  private int fragmentCount;
  private int[] fragmentTrace = new int[64];
  private int[] fragmentStart = new int[64];
  private int[] fragmentEnd = new int[64];
  private int[] fragmentLength = new int[64];
  private int[] fragmentLengths = new int[64];

  private int[] lengths = new int[256];
  private int lengthCount;
  private int measuredFragments;
  private int measuredLengths;

  /// @param maxRecordBytes size that no record exceeds
  public RecordPlan(int maxRecordBytes) {
    this.maxRecordBytes = maxRecordBytes;
  }

  /// Starts over for the spans of a table.
  public void clear(SpanTable newTable) {
    table = newTable;
    fragmentCount = 0;
    lengthCount = 0;
  }

  /// True if the plan has grown beyond what is worth keeping for further requests.
  public boolean isLarge() {
    return lengths.length > 1 << 18 || fragmentTrace.length > 1 << 16;
  }

  /// Measures one trace and returns its encoded bytes. Until [#keep], the next call replaces it.
  ///
  /// @throws RequestException `INVALID_ARGUMENT` if one span alone does not fit into a record
  public long measure(int trace) {
    measuredFragments = fragmentCount;
    measuredLengths = lengthCount;
    int start = table.traceStart(trace);
    int end = table.traceStart(trace + 1);
    long total = 0;
    while (start < end) {
      int next = measureFragment(trace, start, end);
      total += fragmentLength[measuredFragments - 1];
      start = next;
    }
    return total;
  }

  /// Plans to write the trace that was measured last.
  public void keep() {
    fragmentCount = measuredFragments;
    lengthCount = measuredLengths;
  }

  private int measureFragment(int trace, int start, int end) {
    int fragment = measuredFragments++;
    ensureFragments(fragment);
    int maxFragmentBytes = maxRecordBytes - ID_FIELD_SIZE - SKIP_FIELD_SIZE - 6;
    fragmentTrace[fragment] = trace;
    fragmentStart[fragment] = start;
    fragmentLengths[fragment] = measuredLengths;
    long closed = 0;
    long resourceLength = 0;
    long scopeLength = 0;
    int resource = -1;
    int scope = -1;
    int resourceSlot = 0;
    int scopeSlot = 0;
    int index = start;
    for (; index < end; index++) {
      int span = table.spanAt(index);
      int spanSize = table.spanFieldSize(span);
      int nextScope = table.scopeOf(span);
      int nextResource = table.resourceOf(nextScope);
      long more = spanSize;
      // At most six bytes for tag and length of a nested message.
      if (nextScope != scope) {
        more += table.scopeHeaderSize(nextScope) + 6L;
      }
      if (nextResource != resource) {
        more += table.resourceHeaderSize(nextResource) + 6L;
      }
      if (closed + resourceLength + scopeLength + 12 + more > maxFragmentBytes) {
        if (index == start) {
          throw spanTooLarge(trace, more);
        }
        break;
      }
      if (nextScope != scope) {
        if (scope >= 0) {
          lengths[scopeSlot] = (int) scopeLength;
          resourceLength += nestedSize(scopeLength);
        }
        if (nextResource != resource) {
          if (resource >= 0) {
            lengths[resourceSlot] = (int) resourceLength;
            closed += nestedSize(resourceLength);
          }
          resource = nextResource;
          resourceSlot = addLength();
          resourceLength = table.resourceHeaderSize(resource);
        }
        scope = nextScope;
        scopeSlot = addLength();
        scopeLength = table.scopeHeaderSize(scope);
      }
      scopeLength += spanSize;
    }
    lengths[scopeSlot] = (int) scopeLength;
    resourceLength += nestedSize(scopeLength);
    lengths[resourceSlot] = (int) resourceLength;
    closed += nestedSize(resourceLength);
    fragmentEnd[fragment] = index;
    fragmentLength[fragment] = (int) closed;
    return index;
  }

  private RequestException spanTooLarge(int trace, long sizeBytes) {
    return new RequestException(
        ErrorCategory.INVALID_ARGUMENT,
        "span of trace "
            + table.traceId(trace)
            + " with its resource has "
            + sizeBytes
            + " bytes (expected: at most "
            + maxRecordBytes
            + " bytes per record)");
  }

  private static long nestedSize(long length) {
    return 1 + ProtoWriter.varintSize(length) + length;
  }

  private int addLength() {
    if (measuredLengths == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * lengths.length);
    }
    return measuredLengths++;
  }

  private void ensureFragments(int fragment) {
    if (fragment == fragmentTrace.length) {
      int capacity = 2 * fragment;
      fragmentTrace = Arrays.copyOf(fragmentTrace, capacity);
      fragmentStart = Arrays.copyOf(fragmentStart, capacity);
      fragmentEnd = Arrays.copyOf(fragmentEnd, capacity);
      fragmentLength = Arrays.copyOf(fragmentLength, capacity);
      fragmentLengths = Arrays.copyOf(fragmentLengths, capacity);
    }
  }

  /// Bytes that [#build] will allocate; at most a few more because of the flag of each record.
  public long recordBytes() {
    long total = 0;
    for (int fragment = 0; fragment < fragmentCount; fragment++) {
      total += fragmentRecordSize(fragment);
    }
    return total + SKIP_FIELD_SIZE * (1 + total / Math.max(1, maxRecordBytes / 2));
  }

  private long fragmentRecordSize(int fragment) {
    return nestedSize(fragmentLength[fragment]) + ID_FIELD_SIZE;
  }

  /// Builds the records of the traces that were kept, in their order; none if there are none.
  public List<PushRecord> build(boolean skipsMetrics) {
    List<PushRecord> records = new ArrayList<>(1);
    int first = 0;
    while (first < fragmentCount) {
      long size = skipsMetrics ? SKIP_FIELD_SIZE : 0;
      int last = first;
      while (last < fragmentCount
          && (last == first || size + fragmentRecordSize(last) <= maxRecordBytes)) {
        size += fragmentRecordSize(last);
        last++;
      }
      records.add(buildRecord(first, last, (int) size, skipsMetrics));
      first = last;
    }
    return records;
  }

  private PushRecord buildRecord(int first, int last, int size, boolean skipsMetrics) {
    ProtoWriter out = new ProtoWriter(size);
    int spans = 0;
    for (int fragment = first; fragment < last; fragment++) {
      out.writeTag(PushRecord.TRACES_FIELD, WireReader.LENGTH);
      out.writeVarint(fragmentLength[fragment]);
      writeFragment(out, fragment);
      spans += fragmentEnd[fragment] - fragmentStart[fragment];
    }
    byte[] id = new byte[16];
    for (int fragment = first; fragment < last; fragment++) {
      table.traceId(fragmentTrace[fragment]).write(id, 0);
      out.writeBytes(PushRecord.IDS_FIELD, id);
    }
    if (skipsMetrics) {
      out.writeVarint(PushRecord.SKIP_METRICS_FIELD, 1);
    }
    byte[] bytes = out.size() == out.array().length ? out.array() : out.toByteArray();
    return new PushRecord(bytes, spans);
  }

  private void writeFragment(ProtoWriter out, int fragment) {
    int nextLength = fragmentLengths[fragment];
    int resource = -1;
    int scope = -1;
    for (int index = fragmentStart[fragment]; index < fragmentEnd[fragment]; index++) {
      int span = table.spanAt(index);
      int spanScope = table.scopeOf(span);
      if (spanScope != scope) {
        int spanResource = table.resourceOf(spanScope);
        if (spanResource != resource) {
          resource = spanResource;
          out.writeTag(1, WireReader.LENGTH);
          out.writeVarint(lengths[nextLength++]);
          table.writeResourceHeader(out, resource);
        }
        scope = spanScope;
        out.writeTag(2, WireReader.LENGTH);
        out.writeVarint(lengths[nextLength++]);
        table.writeScopeHeader(out, scope);
      }
      table.writeSpan(out, span);
    }
  }
}
