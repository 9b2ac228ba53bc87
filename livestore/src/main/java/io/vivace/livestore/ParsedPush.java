package io.vivace.livestore;

import io.vivace.model.TraceId;
import io.vivace.model.log.PushRecord;
import java.util.Arrays;

/// A push record with the places of its traces. Immutable after [#parse].
final class ParsedPush {
  /// Heap that a piece takes besides its bytes, with its share of maps and lists.
  static final long BYTES_PER_PIECE = 192;

  private static final long BYTES_PER_RECORD = 128;

  private final byte[] bytes;
  private TraceId[] traceIds = new TraceId[16];
  private int[] offsets = new int[16];
  private int[] lengths = new int[16];
  private int count;

  private ParsedPush(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Throws [io.vivace.model.proto.MalformedProtoException] if the bytes are no push record.
  static ParsedPush parse(PushRecord record) {
    ParsedPush push = new ParsedPush(record.bytes());
    record.forEachTrace(push::add);
    return push;
  }

  private void add(TraceId id, byte[] otlp, int offset, int length) {
    if (count == traceIds.length) {
      traceIds = Arrays.copyOf(traceIds, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    traceIds[count] = id;
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  byte[] bytes() {
    return bytes;
  }

  int pieceCount() {
    return count;
  }

  TraceId traceId(int piece) {
    return traceIds[piece];
  }

  int offset(int piece) {
    return offsets[piece];
  }

  int length(int piece) {
    return lengths[piece];
  }

  /// Heap bytes from the append until its pieces are columns.
  long costBytes() {
    return bytes.length + BYTES_PER_RECORD + count * BYTES_PER_PIECE;
  }
}
