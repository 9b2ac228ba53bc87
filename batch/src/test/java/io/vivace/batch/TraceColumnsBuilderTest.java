package io.vivace.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import io.vivace.model.proto.ProtoWriter;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.testkit.otlp.RandomTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TraceColumnsBuilderTest {
  @Test
  void rowsEqualThoseOfTheOracle() {
    for (int seed = 0; seed < 150; seed++) {
      Map<TraceId, List<TracesData>> pieces = pieces(seed, false);
      List<JsonObject> expected = new ArrayList<>();
      pieces.forEach((id, list) -> expected.add(NaiveRow.of(id, list)));
      assertThat(rows(build(pieces))).as("seed %d", seed).isEqualTo(texts(expected));
    }
  }

  @Test
  void joiningSourcesEqualsAddingPieces() {
    for (int seed = 0; seed < 80; seed++) {
      Map<TraceId, List<TracesData>> pieces = pieces(seed, true);
      List<TraceColumns> sources = new ArrayList<>();
      for (int number = 0; number < 3; number++) {
        TraceColumnsBuilder builder = new TraceColumnsBuilder();
        for (Map.Entry<TraceId, List<TracesData>> entry : pieces.entrySet()) {
          if (number < entry.getValue().size()) {
            add(builder, entry.getKey(), entry.getValue().get(number));
          }
        }
        if (!builder.isEmpty()) {
          sources.add(builder.build());
        }
      }
      List<String> expected = rows(build(pieces));
      assertThat(rows(TraceJoin.join(sources))).as("seed %d", seed).isEqualTo(expected);
      List<String> merged = new ArrayList<>();
      TraceJoin.merge(sources, 10, batch -> merged.addAll(rows(batch)));
      assertThat(merged).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void gatherCopiesTheChosenRows() {
    TraceColumns columns = build(pieces(7, false));
    List<String> all = rows(columns);
    for (int mask = 1; mask < 1 << all.size(); mask++) {
      Bitmap chosen = new Bitmap(all.size());
      List<String> expected = new ArrayList<>();
      for (int t = 0; t < all.size(); t++) {
        if ((mask >> t & 1) != 0) {
          chosen.set(t);
          expected.add(all.get(t));
        }
      }
      assertThat(rows(columns.gather(chosen))).isEqualTo(expected);
    }
  }

  @Test
  void encodedRowsDecodeToTheSameRows() {
    OtlpEncoder encoder = new OtlpEncoder();
    for (int seed = 0; seed < 80; seed++) {
      TraceColumns columns = build(pieces(seed, false));
      TraceColumnsBuilder builder = new TraceColumnsBuilder();
      for (int t = 0; t < columns.count(Level.TRACE); t++) {
        byte[] otlp = encoder.encode(columns, t);
        builder.add(id(columns, t), otlp, 0, otlp.length);
      }
      // A stored row remembers root names that the first piece gave; a decoded one has none but
      // the last root's.
      assertThat(withoutRoots(builder.build())).isEqualTo(withoutRoots(columns));
    }
  }

  @Test
  void damagedBytesAreRefusedAndLeaveTheRestAlone() {
    Random random = new Random(1);
    RandomTraces traces = new RandomTraces(5);
    OtlpTrace before = OtlpTrace.trace(new TraceId(0, 1));
    before.service("a").span("one", 1, 1).attr("k", "v");
    OtlpTrace after = OtlpTrace.trace(new TraceId(-1, 1));
    after.service("b").span("two", 1, 1).attr("l", List.of("x", "y"));
    TracesData[] nasty = new TracesData[50];
    RandomMessages messages = new RandomMessages(3, false);
    for (int i = 0; i < nasty.length; i++) {
      nasty[i] = messages.message(new TraceId(5, 5));
    }
    int refused = 0;
    List<String> expected = null;
    for (int round = 0; round < 4_000; round++) {
      byte[] otlp =
          round % 2 == 0
              ? traces.next(2).toTracesData()
              : nasty[round / 2 % nasty.length].toByteArray();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        otlp[random.nextInt(otlp.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(otlp.length) : otlp.length;
      TraceColumnsBuilder builder = new TraceColumnsBuilder();
      builder.add(before.id(), before.toTracesData(), 0, before.toTracesData().length);
      try {
        builder.add(new TraceId(5, 5), otlp, 0, length);
      } catch (MalformedProtoException e) {
        refused++;
      }
      builder.add(after.id(), after.toTracesData(), 0, after.toTracesData().length);
      TraceColumns columns = builder.build();
      List<String> rows = rows(columns);
      List<String> kept = List.of(rows.getFirst(), rows.getLast());
      if (expected == null) {
        expected = kept;
      }
      assertThat(kept).isEqualTo(expected);
      for (int t = 0; t < columns.count(Level.TRACE); t++) {
        assertThat(new OtlpEncoder().encode(columns, t)).isNotEmpty();
      }
    }
    assertThat(refused).isBetween(400, 3_800);
  }

  @Test
  void valuesNestedTooDeeplyAreRefused() {
    assertThat(nested(60).count(Level.SPAN)).isEqualTo(1);
    assertThatThrownBy(() -> nested(200))
        .isInstanceOf(MalformedProtoException.class)
        .hasMessageContaining("64");
  }

  private static TraceColumns nested(int depth) {
    byte[] value = {0x10, 1};
    for (int i = 0; i < depth; i++) {
      value = field(5, field(1, value));
    }
    ProtoWriter keyValue = new ProtoWriter();
    keyValue.writeBytes(1, new byte[] {'k'});
    keyValue.writeBytes(2, value);
    byte[] span = field(9, keyValue.toByteArray());
    byte[] otlp = field(1, field(2, field(2, span)));
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    builder.add(new TraceId(1, 1), otlp, 0, otlp.length);
    return builder.build();
  }

  private static byte[] field(int number, byte[] content) {
    ProtoWriter out = new ProtoWriter();
    out.writeBytes(number, content);
    return out.toByteArray();
  }

  @Test
  void attributeColumnsHaveEveryValueOfAKey() {
    OtlpTrace trace = OtlpTrace.trace("1");
    trace
        .resource()
        .attr("service.name", 5)
        .span("a", 1, 1)
        .attr("k", "x")
        .attr("k", "second")
        .child("b", 1, 1)
        .attr("other", 1)
        .child("c", 1, 1)
        .attr("k", List.of(7L));
    OtlpSpan last = trace.service("cart").span("d", 1, 1);
    last.attr("k", List.of("p", "q")).attr("bytes", new byte[] {1});
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    byte[] otlp = trace.toTracesData();
    builder.add(trace.id(), otlp, 0, otlp.length);
    TraceColumns columns = builder.build();

    AttributeColumn k = columns.attribute(Level.SPAN, "k");
    assertThat(k.size()).isEqualTo(3);
    assertThat(k.rows()).startsWith(0, 2, 3);
    assertThat(k.types())
        .startsWith(
            AttributeType.STRING.code(),
            AttributeType.LONG.code(),
            AttributeType.STRING_ARRAY.code());
    assertThat(k.dictionary().string((int) k.values()[k.starts()[0]])).isEqualTo("x");
    assertThat(k.values()[k.starts()[1]]).isEqualTo(7);
    assertThat(k.starts()[3] - k.starts()[2]).isEqualTo(2);

    AttributeColumn service = columns.attribute(Level.RESOURCE, "service.name");
    assertThat(service.size()).isEqualTo(2);
    assertThat(service.types()).startsWith(AttributeType.LONG.code(), AttributeType.STRING.code());
    assertThat(columns.attribute(Level.SPAN, "bytes").starts()).startsWith(0, 0);
    assertThat(columns.attribute(Level.SPAN, "absent").isEmpty()).isTrue();
    assertThat(columns.attributeKeys(Level.SPAN)).containsExactly("bytes", "k", "other");
    assertThat(columns.attributeKeys(Level.RESOURCE)).containsExactly("service.name");
    assertThat(columns.parents(Level.SPAN)).containsExactly(0, 0, 0, 1);
    assertThat(columns.parents(Level.RESOURCE)).containsExactly(0, 0);
  }

  @Test
  void oneHugeTraceInManyPieces() {
    int count = 200_000;
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    TraceId id = new TraceId(1, 2);
    for (int from = 0; from < count; from += 100) {
      OtlpTrace piece = OtlpTrace.trace(id);
      var resource = piece.service("loop");
      for (int i = from; i < from + 100; i++) {
        OtlpSpan span = resource.span("step", 1_000 + i, 5).id(i + 1);
        if (i > 0) {
          span.parent(i);
        }
      }
      byte[] otlp = piece.toTracesData();
      builder.add(id, otlp, 0, otlp.length);
      if (from % 1_000 == 0) {
        builder.add(id, otlp, 0, otlp.length);
      }
    }
    TraceColumns columns = builder.build();
    assertThat(columns.count(Level.TRACE)).isEqualTo(1);
    assertThat(columns.count(Level.RESOURCE)).isEqualTo(1);
    assertThat(columns.count(Level.SPAN)).isEqualTo(count);
    assertThat(columns.ints(IntField.NESTED_SET_LEFT)[count - 1]).isEqualTo(count);
    assertThat(columns.ints(IntField.NESTED_SET_RIGHT)[0]).isEqualTo(2 * count);
  }

  @Test
  void sharedIdsAreRepairedAndDuplicatesDroppedAcrossParts() throws Exception {
    OtlpTrace first = OtlpTrace.trace("abc");
    OtlpSpan client = first.service("a").span("call", 10, 5).id(1).kind(OtlpSpan.CLIENT);
    client.child("inner", 11, 1).id(9);
    OtlpTrace second = OtlpTrace.trace("abc");
    second.service("b").span("serve", 5, 4).id(1).kind(OtlpSpan.SERVER).parent(77);
    second.service("c").span("again", 10, 5).id(1).kind(OtlpSpan.CLIENT);
    byte[] otlp = TraceAssembler.assemble(List.of(columns(first), columns(second)), first.id());
    TracesData trace = TracesData.parseFrom(otlp);
    assertThat(trace.getResourceSpansCount()).isEqualTo(2);
    var server = trace.getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(server.getName()).isEqualTo("serve");
    assertThat(server.getSpanId().byteAt(7)).isEqualTo((byte) 2);
    assertThat(server.getParentSpanId().byteAt(7)).isEqualTo((byte) 1);
    var spans = trace.getResourceSpans(1).getScopeSpans(0).getSpansList();
    assertThat(spans.get(0).getSpanId().byteAt(7)).isEqualTo((byte) 1);
    assertThat(spans.get(1).getParentSpanId().byteAt(7)).isEqualTo((byte) 2);
    assertThat(TraceAssembler.assemble(List.of(columns(first)), new TraceId(9, 9))).isNull();
  }

  @Test
  void numbersAreWrittenAsTheOtherSideWritesThem() {
    assertThat(AnyValueJson.number(1)).isEqualTo("1");
    assertThat(AnyValueJson.number(-0.0)).isEqualTo("-0");
    assertThat(AnyValueJson.number(1e20)).isEqualTo("100000000000000000000");
    assertThat(AnyValueJson.number(1e21)).isEqualTo("1e+21");
    assertThat(AnyValueJson.number(1.5e-7)).isEqualTo("1.5e-7");
    assertThat(AnyValueJson.number(0.000001)).isEqualTo("0.000001");
    assertThat(AnyValueJson.number(Double.NaN)).isEqualTo("\"NaN\"");
    assertThat(AnyValueJson.number(Double.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
  }

  private static TraceColumns columns(OtlpTrace trace) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    byte[] otlp = trace.toTracesData();
    builder.add(trace.id(), otlp, 0, otlp.length);
    return builder.build();
  }

  /// Up to six traces in up to three pieces each.
  private static Map<TraceId, List<TracesData>> pieces(long seed, boolean distinctGroups) {
    Random random = new Random(seed);
    RandomMessages messages = new RandomMessages(seed, distinctGroups);
    Map<TraceId, List<TracesData>> pieces = new TreeMap<>();
    for (int t = 1 + random.nextInt(6); t > 0; t--) {
      TraceId id = new TraceId(random.nextLong(), random.nextLong());
      List<TracesData> list = new ArrayList<>();
      for (int p = 1 + random.nextInt(3); p > 0; p--) {
        list.add(messages.message(id));
      }
      pieces.put(id, list);
    }
    return pieces;
  }

  /// Adds the first pieces of all traces, then the second ones, ….
  private static TraceColumns build(Map<TraceId, List<TracesData>> pieces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (int number = 0; number < 3; number++) {
      for (TraceId id : ((TreeMap<TraceId, List<TracesData>>) pieces).descendingKeySet()) {
        if (number < pieces.get(id).size()) {
          add(builder, id, pieces.get(id).get(number));
        }
      }
    }
    return builder.build();
  }

  private static void add(TraceColumnsBuilder builder, TraceId id, TracesData message) {
    byte[] otlp = message.toByteArray();
    byte[] shifted = new byte[otlp.length + 6];
    System.arraycopy(otlp, 0, shifted, 3, otlp.length);
    builder.add(id, shifted, 3, otlp.length);
  }

  private static TraceId id(TraceColumns columns, int trace) {
    return new TraceId(columns.traceIdsHigh()[trace], columns.traceIdsLow()[trace]);
  }

  private static List<String> rows(TraceColumns columns) {
    RowDump dump = new RowDump(columns);
    List<JsonObject> rows = new ArrayList<>();
    for (int t = 0; t < columns.count(Level.TRACE); t++) {
      rows.add(dump.row(t));
    }
    return texts(rows);
  }

  private static List<String> withoutRoots(TraceColumns columns) {
    RowDump dump = new RowDump(columns);
    List<JsonObject> rows = new ArrayList<>();
    for (int t = 0; t < columns.count(Level.TRACE); t++) {
      JsonObject row = dump.row(t);
      row.remove("RootSpanName");
      row.remove("RootServiceName");
      // The same holds for a start that a zero reset, and for times of dropped duplicates.
      row.remove("StartTimeUnixNano");
      row.remove("EndTimeUnixNano");
      row.remove("DurationNano");
      rows.add(row);
    }
    return texts(rows);
  }

  private static List<String> texts(List<JsonObject> rows) {
    return rows.stream().map(JsonObject::toString).toList();
  }
}
