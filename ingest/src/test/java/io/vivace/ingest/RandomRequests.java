package io.vivace.ingest;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
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
import java.util.Random;

/// Random requests that use every field of OTLP.
public final class RandomRequests {
  private static final String[] TEXTS = {"", "a", "GET /", "ünïcödé", "𝄞 clef", "x".repeat(300)};
  private final Random random;

  public RandomRequests(long seed) {
    random = new Random(seed);
  }

  public ExportTraceServiceRequest request() {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    int traces = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
    for (int r = random.nextInt(4); r >= 0; r--) {
      request.addResourceSpans(resourceSpans(traces));
    }
    return request.build();
  }

  private ResourceSpans resourceSpans(int traces) {
    ResourceSpans.Builder builder = ResourceSpans.newBuilder();
    if (random.nextInt(5) > 0) {
      Resource.Builder resource =
          Resource.newBuilder().setDroppedAttributesCount(random.nextInt(3));
      for (int i = random.nextInt(4); i > 0; i--) {
        resource.addAttributes(attribute());
      }
      builder.setResource(resource);
    }
    if (random.nextBoolean()) {
      builder.setSchemaUrl("https://schema/" + random.nextInt(3));
    }
    for (int s = random.nextInt(4); s > 0; s--) {
      builder.addScopeSpans(scopeSpans(traces));
    }
    return builder.build();
  }

  private ScopeSpans scopeSpans(int traces) {
    ScopeSpans.Builder builder = ScopeSpans.newBuilder();
    if (random.nextInt(5) > 0) {
      InstrumentationScope.Builder scope =
          InstrumentationScope.newBuilder().setName(text()).setVersion("1." + random.nextInt(3));
      for (int i = random.nextInt(2); i > 0; i--) {
        scope.addAttributes(attribute());
      }
      builder.setScope(scope);
    }
    if (random.nextBoolean()) {
      builder.setSchemaUrl("https://scope-schema");
    }
    for (int i = random.nextInt(12); i > 0; i--) {
      builder.addSpans(span(traces));
    }
    return builder.build();
  }

  private Span span(int traces) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(traceId(random.nextInt(traces)))
            .setSpanId(spanId())
            .setName(text())
            .setKindValue(random.nextInt(6))
            .setStartTimeUnixNano(random.nextLong())
            .setEndTimeUnixNano(random.nextLong())
            .setDroppedAttributesCount(random.nextInt(2) * random.nextInt())
            .setDroppedEventsCount(random.nextInt(2))
            .setDroppedLinksCount(random.nextInt(2))
            .setFlags(random.nextInt(2) * random.nextInt());
    if (random.nextBoolean()) {
      span.setParentSpanId(spanId()).setTraceState("k=v");
    }
    if (random.nextBoolean()) {
      span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(3)).setMessage(text()));
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      span.addAttributes(attribute());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      span.addEvents(
          Span.Event.newBuilder()
              .setTimeUnixNano(random.nextLong())
              .setName(text())
              .addAttributes(attribute())
              .setDroppedAttributesCount(random.nextInt(2)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      span.addLinks(
          Span.Link.newBuilder()
              .setTraceId(traceId(random.nextInt(traces)))
              .setSpanId(spanId())
              .setTraceState(text())
              .addAttributes(attribute())
              .setFlags(random.nextInt()));
    }
    return span.build();
  }

  private ByteString traceId(int number) {
    byte[] id = new byte[16];
    new Random(number).nextBytes(id);
    return ByteString.copyFrom(id);
  }

  private ByteString spanId() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    id[0] |= 1;
    return ByteString.copyFrom(id);
  }

  private KeyValue attribute() {
    return KeyValue.newBuilder().setKey("key." + random.nextInt(9)).setValue(value(0)).build();
  }

  private AnyValue value(int depth) {
    AnyValue.Builder value = AnyValue.newBuilder();
    switch (random.nextInt(depth < 3 ? 8 : 6)) {
      case 0 -> value.setStringValue(text());
      case 1 -> value.setBoolValue(random.nextBoolean());
      case 2 -> value.setIntValue(random.nextLong());
      case 3 -> value.setDoubleValue(random.nextGaussian());
      case 4 -> value.setBytesValue(ByteString.copyFromUtf8(text()));
      case 6 -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
          array.addValues(value(depth + 1));
        }
        value.setArrayValue(array);
      }
      case 7 -> {
        KeyValueList.Builder map = KeyValueList.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
          map.addValues(KeyValue.newBuilder().setKey(text()).setValue(value(depth + 1)));
        }
        value.setKvlistValue(map);
      }
      default -> {}
    }
    return value.build();
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }
}
