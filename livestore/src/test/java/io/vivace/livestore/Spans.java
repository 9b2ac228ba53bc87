package io.vivace.livestore;

import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.model.TraceId;
import io.vivace.model.log.PushRecord;
import io.vivace.model.proto.ProtoWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/// Makes pushes of spans that are told apart by their span ids, and reads the ids back.
final class Spans {
  private Spans() {}

  /// An OTLP `TracesData` with one span per id.
  static byte[] otlp(TraceId traceId, int paddingBytes, long startEpochNanos, long... spanIds) {
    ProtoWriter writer = new ProtoWriter();
    int resourceSpans = writer.beginMessage(1);
    int scopeSpans = writer.beginMessage(2);
    for (long spanId : spanIds) {
      int span = writer.beginMessage(2);
      writer.writeBytes(1, traceId.toBytes());
      writer.writeBytes(2, ByteBuffer.allocate(8).putLong(spanId).array());
      writer.writeBytes(5, ("span " + "x".repeat(paddingBytes)).getBytes(StandardCharsets.UTF_8));
      writer.writeFixed64(7, startEpochNanos);
      writer.writeFixed64(8, startEpochNanos + 1000);
      writer.endMessage(span);
    }
    writer.endMessage(scopeSpans);
    writer.endMessage(resourceSpans);
    return writer.toByteArray();
  }

  /// A push of several traces.
  static PushRecord push(Map<TraceId, byte[]> traces) {
    ProtoWriter writer = new ProtoWriter();
    for (byte[] otlp : traces.values()) {
      writer.writeBytes(PushRecord.TRACES_FIELD, otlp);
    }
    for (TraceId id : traces.keySet()) {
      writer.writeBytes(PushRecord.IDS_FIELD, id.toBytes());
    }
    return new PushRecord(writer.toByteArray(), -1);
  }

  /// A push of one trace.
  static PushRecord push(TraceId traceId, long... spanIds) {
    return push(traceId, 0, spanIds);
  }

  static PushRecord push(TraceId traceId, int paddingBytes, long... spanIds) {
    Map<TraceId, byte[]> traces = new LinkedHashMap<>();
    traces.put(traceId, otlp(traceId, paddingBytes, 1_000_000_000L, spanIds));
    return push(traces);
  }

  /// The span ids of a batch, in no particular order, repeated as often as they occur.
  static List<Long> ids(SpanBatch batch) {
    List<Long> ids = new ArrayList<>();
    forEachId(batch, ids::add);
    return ids;
  }

  static void forEachId(SpanBatch batch, LongConsumer consumer) {
    BytesColumn column = batch.bytes(BytesField.SPAN_ID);
    for (int row = 0; row < batch.count(Level.SPAN); row++) {
      consumer.accept(ByteBuffer.wrap(column.data(), column.offsets()[row], 8).getLong());
    }
  }
}
