package io.vivace.engine;

import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.util.List;
import java.util.function.LongConsumer;

/// Something that holds traces, or fragments of them: the live batch, a head, or a block. Within
/// one source a trace id occurs in one row only; across sources it may occur in several.
///
/// Thread-safe; every call of [#batch] returns a new view for one thread (or a shared immutable
/// one). I/O failures are thrown as [java.io.UncheckedIOException].
public interface BatchSource {
  /// For messages and statistics: `live`, `head-3`, or the block id.
  String name();

  /// A range that encloses the start and end times of all traces, up to the slack rule for spans
  /// dated far outside.
  TimeRange timeRange();

  long traceCount();

  /// How many batches there are; they are disjoint, in ascending order of trace id, and together
  /// hold every row.
  int batchCount();

  SpanBatch batch(int index);

  /// Bytes that a full read would touch, for statistics; heap bytes for data in memory.
  long sizeBytes();

  /// The rows of these traces, as far as this source has them; one row per trace.
  ///
  /// @param traceIds ascending, without duplicates
  TraceColumns find(List<TraceId> traceIds);

  /// As [#find], for callers that account for memory.
  ///
  /// @param beforeReading is told about how many bytes the answer (or a part of it, when called
  ///   several times) will take before it is read; what it throws ends the call
  default TraceColumns find(List<TraceId> traceIds, LongConsumer beforeReading) {
    if (traceCount() > 0) {
      beforeReading.accept((long) ((double) sizeBytes() / traceCount() * traceIds.size()));
    }
    return find(traceIds);
  }

  /// True if a row of this trace **may** be here (bloom filter or exact). Cheap compared with
  /// [#find].
  boolean mayContain(TraceId traceId);
}
