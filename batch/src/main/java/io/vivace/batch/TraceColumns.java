package io.vivace.batch;

/// Whole traces in memory as columns, with everything that a block stores of them: what live and
/// head data are, what the block writer reads, and what reading, joining and compacting rows of
/// blocks produces. Immutable and safe to share between threads once built.
///
/// One row per trace id, ascending. Derived columns (trace times, root names, service statistics,
/// nested sets, child counts) are filled in.
public interface TraceColumns extends SpanBatch {
  StringPool pool();

  /// The attributes of the rows of `owner` (RESOURCE, SCOPE, SPAN, EVENT, LINK) in stored order.
  /// For RESOURCE a string `service.name` is not among them but in [StringField#SERVICE_NAME].
  AttributeList attributes(Level owner);

  /// `dropped_attributes_count` of the rows of `owner` (RESOURCE, SCOPE, SPAN, EVENT, LINK).
  int[] droppedAttributes(Level owner);

  /// `dropped_events_count` of every span.
  int[] droppedEvents();

  /// `dropped_links_count` of every span.
  int[] droppedLinks();

  ServiceStats serviceStats();

  /// Bytes of heap that the columns hold, approximately.
  long sizeBytes();

  /// Per trace row `t`, entries `[offsets[t], offsets[t + 1])`: one per distinct service name of
  /// its resources (also the empty name), ascending by bytes; `names` are pool ids.
  record ServiceStats(int[] offsets, int[] names, int[] spanCounts, int[] errorCounts) {}
}
