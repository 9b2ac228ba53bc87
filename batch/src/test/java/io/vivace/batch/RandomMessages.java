package io.vivace.batch;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import io.vivace.model.TraceId;
import java.util.Random;

/// Messages that are legal and nasty: few distinct ids, so that there are duplicates, orphans,
/// cycles, shared ids and several roots; every type of attribute; equal and nearly equal resources.
final class RandomMessages {
  private final Random random;
  private final boolean distinctGroups;

  /// @param distinctGroups no two resources, and no two scopes of a resource, are equal
  RandomMessages(long seed, boolean distinctGroups) {
    this.random = new Random(seed);
    this.distinctGroups = distinctGroups;
  }

  TracesData message(TraceId id) {
    TracesData.Builder message = TracesData.newBuilder();
    int resources = 1 + random.nextInt(4);
    for (int r = 0; r < resources; r++) {
      ResourceSpans.Builder group = ResourceSpans.newBuilder();
      if (distinctGroups || random.nextInt(8) > 0) {
        group.setResource(resource(r));
      }
      int scopes = 1 + random.nextInt(3);
      for (int s = 0; s < scopes; s++) {
        ScopeSpans.Builder spans = ScopeSpans.newBuilder().setSchemaUrl("dropped");
        InstrumentationScope.Builder scope =
            InstrumentationScope.newBuilder()
                .setVersion(pick("", "1"))
                .setDroppedAttributesCount(random.nextInt(2));
        scope.setName(distinctGroups ? "scope" + s : pick("", "a", "b"));
        for (int a = random.nextInt(3); a > 0; a--) {
          scope.addAttributes(attribute(pick("z", "y"), 1));
        }
        if (distinctGroups || random.nextBoolean()) {
          spans.setScope(scope);
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          spans.addSpans(span(id));
        }
        group.addScopeSpans(spans);
      }
      message.addResourceSpans(group);
    }
    return message.build();
  }

  private Resource resource(int number) {
    Resource.Builder resource = Resource.newBuilder().setDroppedAttributesCount(random.nextInt(2));
    if (distinctGroups) {
      resource.addAttributes(string("number", "r" + number));
    }
    for (int a = random.nextInt(4); a > 0; a--) {
      resource.addAttributes(attribute(pick("b", "a", "service.name"), 1));
    }
    if (random.nextBoolean()) {
      resource.addAttributes(string("service.name", pick("cart", "db", "")));
    }
    return resource.build();
  }

  private Span span(TraceId id) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFrom(id.toBytes()))
            .setSpanId(spanId())
            .setName(pick("", "GET /", "SELECT"))
            .setKindValue(random.nextInt(7))
            .setTraceState(pick("", "k=v"))
            .setFlags(1)
            .setStartTimeUnixNano(random.nextInt(10) == 0 ? 0 : 1_000_000L + random.nextInt(50))
            .setEndTimeUnixNano(1_000_000L + random.nextInt(100))
            .setDroppedAttributesCount(random.nextInt(2))
            .setDroppedEventsCount(random.nextInt(2))
            .setDroppedLinksCount(random.nextInt(2));
    if (random.nextInt(4) > 0) {
      span.setParentSpanId(spanId());
    }
    for (int a = random.nextInt(6); a > 0; a--) {
      span.addAttributes(attribute(pick("k", "l", "m", ""), 0));
    }
    for (int e = random.nextInt(3) - 1; e > 0; e--) {
      span.addEvents(
          Span.Event.newBuilder()
              .setTimeUnixNano(1_000_000L + random.nextInt(100))
              .setName(pick("", "exception"))
              .setDroppedAttributesCount(random.nextInt(2))
              .addAttributes(attribute("e", 0)));
    }
    for (int k = random.nextInt(4) - 2; k > 0; k--) {
      Span.Link.Builder link =
          Span.Link.newBuilder()
              .setTraceId(
                  random.nextBoolean()
                      ? ByteString.copyFrom(id.toBytes())
                      : ByteString.copyFromUtf8("other"))
              .setSpanId(spanId())
              .setTraceState(pick("", "x"))
              .addAttributes(attribute("l", 0));
      if (random.nextBoolean()) {
        link.addAttributes(string("opentracing.ref_type", pick("child_of", "follows_from")));
      }
      span.addLinks(link);
    }
    if (random.nextBoolean()) {
      span.setStatus(
          Status.newBuilder().setCodeValue(random.nextInt(4)).setMessage(pick("", "boom")));
    }
    return span.build();
  }

  private ByteString spanId() {
    int length = random.nextInt(20) == 0 ? 3 : 8;
    byte[] id = new byte[length];
    id[length - 1] = (byte) (1 + random.nextInt(12));
    return ByteString.copyFrom(id);
  }

  private static KeyValue string(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private KeyValue attribute(String key, int depth) {
    KeyValue.Builder attribute = KeyValue.newBuilder().setKey(key);
    return random.nextInt(20) == 0
        ? attribute.setValue(AnyValue.getDefaultInstance()).build()
        : attribute.setValue(value(depth)).build();
  }

  private AnyValue value(int depth) {
    AnyValue.Builder value = AnyValue.newBuilder();
    switch (random.nextInt(depth > 2 ? 5 : 8)) {
      case 0 -> value.setStringValue(pick("", "one", "two", "<é\u2028\"\\\n>"));
      case 1 -> value.setIntValue(random.nextBoolean() ? random.nextInt(3) : random.nextLong());
      case 2 -> value.setDoubleValue(random.nextInt(8) / 8.0 + 0.0625);
      case 3 -> value.setBoolValue(random.nextBoolean());
      case 4 -> value.setBytesValue(ByteString.copyFromUtf8(pick("", "bytes")));
      case 5 -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        AnyValue first = value(depth + 1);
        for (int i = random.nextInt(4); i > 0; i--) {
          array.addValues(random.nextInt(4) == 0 ? value(depth + 1) : first);
        }
        value.setArrayValue(array);
      }
      case 6 -> {
        KeyValueList.Builder list = KeyValueList.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.addValues(attribute(pick("n", ""), depth + 1));
        }
        value.setKvlistValue(list);
      }
      default -> {}
    }
    return value.build();
  }

  private String pick(String... values) {
    return values[random.nextInt(values.length)];
  }
}
