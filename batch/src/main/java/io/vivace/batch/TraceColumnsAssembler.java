package io.vivace.batch;

/// Puts [TraceColumns] together from finished columns, for readers of stored rows. Every level,
/// field and list must be set; arrays are taken over, not copied, and must be as long as their
/// level has rows (offsets: one more than the parent level). Nothing is derived or checked.
/// Confined to one thread.
public final class TraceColumnsAssembler {
  private final InternPool pool = new InternPool();
  private final MemoryColumns.Parts parts = new MemoryColumns.Parts(pool);

  /// The pool id of a string.
  public int intern(byte[] bytes, int offset, int length) {
    return pool.intern(bytes, offset, length);
  }

  /// The trace ids, ascending, and with them the number of traces.
  public void traceIds(long[] high, long[] low) {
    parts.counts[Level.TRACE.ordinal()] = high.length;
    parts.idsHigh = high;
    parts.idsLow = low;
  }

  /// @param offsets as in [SpanBatch#offsets]; the last one is the number of rows
  public void offsets(Level level, int[] offsets) {
    parts.counts[level.ordinal()] = offsets[offsets.length - 1];
    parts.offsets[level.ordinal()] = offsets;
  }

  public void longs(LongField field, long[] values) {
    parts.longs[field.ordinal()] = values;
  }

  public void ints(IntField field, int[] values) {
    parts.ints[field.ordinal()] = values;
  }

  /// @param ids from [#intern]
  public void strings(StringField field, int[] ids) {
    parts.strings[field.ordinal()] = ids;
  }

  public void bytes(BytesField field, BytesColumn values) {
    parts.bytes[field.ordinal()] = values;
  }

  /// @param list string values are ids from [#intern]
  public void attributes(Level owner, AttributeList list, int[] droppedCounts) {
    parts.attributes[owner.ordinal()] = list;
    parts.dropped[owner.ordinal()] = droppedCounts;
  }

  public void droppedEvents(int[] counts) {
    parts.droppedEvents = counts;
  }

  public void droppedLinks(int[] counts) {
    parts.droppedLinks = counts;
  }

  public void serviceStats(TraceColumns.ServiceStats stats) {
    parts.serviceStats = stats;
  }

  /// The columns; the assembler must not be used afterwards.
  public TraceColumns build() {
    pool.freeze();
    return new MemoryColumns(parts);
  }
}
