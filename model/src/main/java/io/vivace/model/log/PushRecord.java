package io.vivace.model.log;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoCursor;

/// One tenant's spans of one push, grouped by trace: the value of a log record, the same bytes in
/// the local log and on Kafka (Tempo's `PushBytesRequest`: field 2 repeated bytes `traces`, each an
/// OTLP `TracesData`; field 3 repeated bytes `ids`, 16 bytes each, same order; field 5 bool
/// `skipMetricsGeneration`).
///
/// Owns its bytes; nobody may change them after construction. Immutable.
public final class PushRecord {
  public static final int TRACES_FIELD = 2;
  public static final int IDS_FIELD = 3;
  public static final int SKIP_METRICS_FIELD = 5;

  private final byte[] bytes;
  private final int spanCount;

  /// @param bytes the encoded message, owned by the record from now on
  /// @param spanCount spans in it, or -1 if not known (a record that was read back)
  public PushRecord(byte[] bytes, int spanCount) {
    this.bytes = bytes;
    this.spanCount = spanCount;
  }

  /// The encoded message. Not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  /// Spans in the record, or -1 if not known.
  public int spanCount() {
    return spanCount;
  }

  /// Calls `consumer` for every trace in order. Throws
  /// [io.vivace.model.proto.MalformedProtoException] if the bytes are not a record, before or after
  /// some calls.
  public void forEachTrace(TraceConsumer consumer) {
    ProtoCursor traces = new ProtoCursor(bytes, 0, bytes.length);
    ProtoCursor ids = new ProtoCursor(bytes, 0, bytes.length);
    while (traces.next()) {
      if (traces.field() != TRACES_FIELD || traces.wireType() != ProtoCursor.LENGTH) {
        traces.skip();
        continue;
      }
      int length = traces.readLength();
      TraceId id = nextId(ids);
      consumer.accept(id, bytes, traces.valueOffset(), length);
    }
  }

  private static TraceId nextId(ProtoCursor ids) {
    while (ids.next()) {
      if (ids.field() == IDS_FIELD && ids.wireType() == ProtoCursor.LENGTH) {
        int length = ids.readLength();
        return TraceId.from(ids.bytes(), ids.valueOffset(), length);
      }
      ids.skip();
    }
    throw ids.malformed("fewer ids than traces");
  }

  /// Receives one trace's OTLP bytes.
  @FunctionalInterface
  public interface TraceConsumer {
    /// @param otlp an array that holds an OTLP `TracesData` message at `[offset, offset + length)`;
    ///   shared, not to be changed; it may be kept
    void accept(TraceId id, byte[] otlp, int offset, int length);
  }
}
