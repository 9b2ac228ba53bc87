package io.vivace.model.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import io.vivace.model.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushRecordTest {
  @Test
  void tracesMeetTheirIdsWhereverTheyLie() {
    ProtoWriter out = new ProtoWriter();
    out.writeBytes(PushRecord.IDS_FIELD, new TraceId(0, 1).toBytes());
    out.writeBytes(PushRecord.TRACES_FIELD, new byte[] {10, 0});
    out.writeVarint(PushRecord.SKIP_METRICS_FIELD, 1);
    out.writeBytes(PushRecord.TRACES_FIELD, new byte[] {10, 0, 10, 0});
    out.writeBytes(PushRecord.IDS_FIELD, new TraceId(0, 2).toBytes());
    List<String> seen = new ArrayList<>();
    new PushRecord(out.toByteArray(), 2)
        .forEachTrace(
            (id, otlp, offset, length) -> seen.add(id.low() + ":" + otlp[offset] + ":" + length));
    assertThat(seen).containsExactly("1:10:2", "2:10:4");
  }

  @Test
  void aTraceWithoutAnIdIsMalformed() {
    ProtoWriter out = new ProtoWriter();
    out.writeBytes(PushRecord.TRACES_FIELD, new byte[] {10, 0});
    PushRecord record = new PushRecord(out.toByteArray(), 1);
    assertThatThrownBy(() -> record.forEachTrace((id, otlp, offset, length) -> {}))
        .isInstanceOf(MalformedProtoException.class)
        .hasMessageContaining("fewer ids than traces");
  }
}
