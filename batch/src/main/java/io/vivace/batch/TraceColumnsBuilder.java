package io.vivace.batch;

import io.vivace.model.TraceId;

/// Turns spans into [TraceColumns]: OTLP bytes, rows of other columns, or both mixed. What is added
/// under one trace id becomes one row.
///
/// What one call adds for a trace is a *piece*. A trace of one piece keeps the order of its spans
/// and loses nothing. Of several pieces, a span whose (span id, kind) an earlier piece already has
/// is a duplicate and dropped; the rest is sorted by start time. In both cases equal resources, and
/// equal scopes within a resource, become one. Trace times, root, nested sets, child counts and
/// service statistics follow from the result.
///
/// Reads the given arrays during the call only. Confined to one thread.
public final class TraceColumnsBuilder {
  private Staging staging = new Staging();
  private OtlpDecoder decoder = new OtlpDecoder(staging);

  /// Adds a piece of the trace `id`: an OTLP `TracesData` message with spans of this trace only
  /// (their own trace ids are not looked at). A message without spans adds nothing.
  ///
  /// Throws [io.vivace.model.proto.MalformedProtoException] if the bytes are no such message, or if
  /// attribute values are nested deeper than 64 levels; nothing of the message is added then.
  public void add(TraceId id, byte[] otlp, int offset, int length) {
    decoder.decode(id, otlp, offset, length);
  }

  /// Adds every row of `source` as a piece.
  public void addAll(TraceColumns source) {
    if (source.count(Level.TRACE) > 0) {
      addRows(source, 0, source.count(Level.TRACE));
    }
  }

  /// Adds the rows `[from, to)` of `source`, each as a piece.
  public void addRows(TraceColumns source, int from, int to) {
    if (from < to) {
      staging.addRows(source, from, to, new IdMap(source.pool(), staging.strings));
    }
  }

  /// Adds the rows of `source` that are set in `traces`, each as a piece.
  public void addRows(TraceColumns source, Bitmap traces) {
    IdMap ids = new IdMap(source.pool(), staging.strings);
    int from = traces.next(0);
    while (from >= 0) {
      int to = from + 1;
      while (to < traces.length() && traces.get(to)) {
        to++;
      }
      staging.addRows(source, from, to, ids);
      from = traces.next(to);
    }
  }

  public boolean isEmpty() {
    return staging.pieces() == 0;
  }

  /// Spans added so far, duplicates included.
  public int spanCount() {
    return staging.spans();
  }

  /// Bytes of heap that the builder holds, approximately; building takes about as much again.
  public long sizeBytes() {
    return staging.sizeBytes();
  }

  /// Everything added since the last call, one row per trace id, ascending; the builder is empty
  /// afterwards and may be used again. Throws [IllegalStateException] if nothing was added.
  public TraceColumns build() {
    if (isEmpty()) {
      throw new IllegalStateException("no spans were added (expected: at least one)");
    }
    Staging done = staging;
    staging = new Staging();
    decoder = new OtlpDecoder(staging);
    return new ColumnGatherer(done).gather();
  }
}
