package io.vivace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vivace.limits.RateLimitedException;
import io.vivace.limits.TenantLimits;
import io.vivace.limits.TraceAdmission;
import io.vivace.limits.TraceAdmission.Decision;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.model.proto.MalformedProtoException;
import io.vivace.model.proto.ProtoCursor;
import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistributorTest {
  private static final String TENANT = "single-tenant";

  @Test
  void regroupingEqualsTheObjectModel() {
    Fixture fixture =
        new Fixture(
            Fixture.unlimitedRate(),
            TraceAdmission.UNLIMITED,
            DistributorConfig.DEFAULTS,
            1L << 30);
    RandomRequests random = new RandomRequests(1);
    int spans = 0;
    for (int i = 0; i < 400; i++) {
      ExportTraceServiceRequest request = random.request();
      fixture.log.clear();
      PushResult result = fixture.push(request.toByteArray(), i % 2 == 0);
      assertThat(Regrouping.actual(fixture.log.appended())).isEqualTo(Regrouping.expected(request));
      assertThat(result.acceptedSpans()).isEqualTo(Regrouping.spans(fixture.log.appended()));
      spans += result.acceptedSpans();
    }
    assertThat(spans).isGreaterThan(4_000);
    assertThat(fixture.budget.usedBytes()).isZero();
    assertThat(fixture.metric("tempo_distributor_spans_received", "tenant", TENANT))
        .isEqualTo(spans);
  }

  @Test
  void largePushIsSplitIntoRecordsThatKeepTheFlag() {
    Fixture fixture =
        new Fixture(
            Fixture.unlimitedRate(),
            TraceAdmission.UNLIMITED,
            new DistributorConfig(0, 4096),
            1L << 30);
    RandomRequests random = new RandomRequests(2);
    int records = 0;
    for (int i = 0; i < 200; i++) {
      ExportTraceServiceRequest request = random.request();
      fixture.log.clear();
      fixture.push(request.toByteArray(), true);
      assertThat(Regrouping.actual(fixture.log.appended())).isEqualTo(Regrouping.expected(request));
      for (RecordingLog.Appended appended : fixture.log.appended()) {
        assertThat(appended.record().bytes().length).isLessThanOrEqualTo(4096);
        assertThat(skipsMetrics(appended.record().bytes())).isTrue();
        records++;
      }
    }
    assertThat(records).isGreaterThan(500);
  }

  private static boolean skipsMetrics(byte[] record) {
    ProtoCursor cursor = new ProtoCursor(record, 0, record.length);
    while (cursor.next()) {
      if (cursor.field() == 5) {
        return cursor.readVarint() == 1;
      }
      cursor.skip();
    }
    return false;
  }

  @Test
  void spanThatFitsIntoNoRecordIsRefusedForGood() {
    Fixture fixture =
        new Fixture(
            Fixture.unlimitedRate(),
            TraceAdmission.UNLIMITED,
            new DistributorConfig(0, 4096),
            1L << 30);
    byte[] request = request(span(1).setName("n".repeat(5000)));
    RequestException refused = refused(fixture, request);
    assertThat(refused.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(refused).hasMessageContaining("expected: at most 4096 bytes per record");
    assertThat(fixture.log.appended()).isEmpty();
  }

  @Test
  void everyFieldOrderAndRepeatedMessageMerges() {
    Fixture fixture = new Fixture();
    Resource first = Resource.newBuilder().addAttributes(string("a", "1")).build();
    Resource second =
        Resource.newBuilder().addAttributes(string("b", "2")).setDroppedAttributesCount(7).build();
    InstrumentationScope scope1 = InstrumentationScope.newBuilder().setName("x").build();
    InstrumentationScope scope2 = InstrumentationScope.newBuilder().setVersion("v").build();
    ProtoWriter scopeSpans = new ProtoWriter();
    scopeSpans.writeBytes(3, "s1".getBytes(StandardCharsets.UTF_8));
    scopeSpans.writeBytes(1, scope1.toByteArray());
    scopeSpans.writeBytes(2, span(1).build().toByteArray());
    scopeSpans.writeBytes(1, scope2.toByteArray());
    scopeSpans.writeBytes(3, "s2".getBytes(StandardCharsets.UTF_8));
    ProtoWriter resourceSpans = new ProtoWriter();
    resourceSpans.writeBytes(2, scopeSpans.toByteArray());
    resourceSpans.writeBytes(1, first.toByteArray());
    resourceSpans.writeVarint(77, 5);
    resourceSpans.writeBytes(1, second.toByteArray());
    ProtoWriter request = new ProtoWriter();
    request.writeBytes(1, resourceSpans.toByteArray());

    fixture.push(request.toByteArray());

    ResourceSpans expected =
        ResourceSpans.newBuilder()
            .setResource(first.toBuilder().mergeFrom(second))
            .addScopeSpans(
                ScopeSpans.newBuilder()
                    .setScope(scope1.toBuilder().mergeFrom(scope2))
                    .addSpans(span(1))
                    .setSchemaUrl("s2"))
            .build();
    assertThat(Regrouping.actual(fixture.log.appended()).values())
        .containsExactly(List.of(expected));
  }

  @Test
  void legacyFieldCountsOnlyWithoutTheNewOne() {
    Fixture fixture = new Fixture();
    byte[] legacy = ScopeSpans.newBuilder().addSpans(span(1)).build().toByteArray();
    ProtoWriter resourceSpans = new ProtoWriter();
    resourceSpans.writeBytes(1000, legacy);
    ProtoWriter request = new ProtoWriter();
    request.writeBytes(1, resourceSpans.toByteArray());
    assertThat(fixture.push(request.toByteArray()).acceptedSpans()).isEqualTo(1);

    resourceSpans.writeBytes(2, ScopeSpans.newBuilder().addSpans(span(2)).build().toByteArray());
    request.clear();
    request.writeBytes(1, resourceSpans.toByteArray());
    fixture.log.clear();
    assertThat(fixture.push(request.toByteArray()).acceptedSpans()).isEqualTo(1);
    assertThat(Regrouping.actual(fixture.log.appended()).values().iterator().next().getFirst())
        .isEqualTo(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span(2)))
                .build());
  }

  @Test
  void badIdsRefuseTheWholeRequest() {
    Fixture fixture = new Fixture();
    assertRefused(
        fixture,
        span(1).setTraceId(ByteString.EMPTY),
        "trace ids must be 128 bit, received 0 bits");
    assertRefused(
        fixture,
        span(1).setTraceId(ByteString.copyFrom(new byte[16])),
        "trace ids must be 128 bit, received 0 bits");
    assertRefused(
        fixture,
        span(1).setSpanId(ByteString.EMPTY),
        "span ids must be 64 bit and not all zero, received 0 bits");
    assertRefused(
        fixture,
        span(1).setSpanId(ByteString.copyFrom(new byte[8])),
        "span ids must be 64 bit and not all zero, received 0 bits");
    assertThat(discarded(fixture, "invalid_trace_id")).isEqualTo(4);
    assertThat(discarded(fixture, "invalid_span_id")).isEqualTo(4);
    assertThat(fixture.metric("tempo_distributor_spans_received", "tenant", TENANT)).isEqualTo(8);

    byte[] shortId = request(span(3), span(1).setTraceId(ByteString.copyFrom(new byte[8])));
    assertThatThrownBy(() -> fixture.push(shortId))
        .isInstanceOf(MalformedProtoException.class)
        .hasMessageContaining("invalid length for TraceID")
        .hasMessageContaining("trace ids must be 128 bit, received 64 bits");
    byte[] longId = request(span(3), span(1).setSpanId(ByteString.copyFrom(new byte[9])));
    assertThatThrownBy(() -> fixture.push(longId))
        .isInstanceOf(MalformedProtoException.class)
        .hasMessageContaining("invalid length for SpanID");
    byte[] badParent = request(span(1).setParentSpanId(ByteString.copyFrom(new byte[3])));
    assertThatThrownBy(() -> fixture.push(badParent)).isInstanceOf(MalformedProtoException.class);
    assertThat(fixture.log.appended()).isEmpty();
  }

  private static void assertRefused(Fixture fixture, Span.Builder bad, String message) {
    RequestException refused = refused(fixture, request(span(7), bad));
    assertThat(refused).hasMessage(message);
    assertThat(refused.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(refused).isNotInstanceOf(MalformedProtoException.class);
  }

  @Test
  void longKeysAndStringsAreCutAtCodePoints() {
    TenantLimits limits =
        TenantLimits.DEFAULTS.withIngestion(
            TenantLimits.Ingestion.DEFAULTS.withMaxAttributeBytes(10));
    Fixture fixture =
        new Fixture(limits, TraceAdmission.UNLIMITED, DistributorConfig.DEFAULTS, 1L << 30);
    KeyValue tooLong = string("0123456789abc", "12345678ü"); // the ü is bytes 8 and 9: fits
    KeyValue cut = string("0123456789", "12345678ü");
    KeyValue splitting = string("k", "123456789ü");
    KeyValue splitCut = string("k", "123456789");
    KeyValue clef = string("k", "1234567𝄞");
    KeyValue clefCut = string("k", "1234567");
    KeyValue untouched =
        KeyValue.newBuilder()
            .setKey("b")
            .setValue(AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[50])))
            .build();
    ResourceSpans before =
        withAttributes(List.of(tooLong), List.of(splitting), List.of(clef, untouched));
    ResourceSpans after =
        withAttributes(List.of(cut), List.of(splitCut), List.of(clefCut, untouched));
    fixture.push(
        ExportTraceServiceRequest.newBuilder().addResourceSpans(before).build().toByteArray());
    assertThat(Regrouping.actual(fixture.log.appended()).values()).containsExactly(List.of(after));
    assertThat(truncated(fixture, "resource")).isEqualTo(1);
    assertThat(truncated(fixture, "scope")).isEqualTo(1);
    assertThat(truncated(fixture, "span")).isEqualTo(1);
    assertThat(truncated(fixture, "event")).isEqualTo(1);
    assertThat(truncated(fixture, "link")).isEqualTo(1);
  }

  private static ResourceSpans withAttributes(
      List<KeyValue> resource, List<KeyValue> scope, List<KeyValue> span) {
    return ResourceSpans.newBuilder()
        .setResource(Resource.newBuilder().addAllAttributes(resource).setDroppedAttributesCount(3))
        .addScopeSpans(
            ScopeSpans.newBuilder()
                .setScope(
                    InstrumentationScope.newBuilder()
                        .setName("a name that is longer than ten")
                        .addAllAttributes(scope))
                .addSpans(
                    span(1)
                        .setName("a name that is longer than ten")
                        .addAllAttributes(span)
                        .addEvents(
                            Span.Event.newBuilder()
                                .setName("an event that is long")
                                .addAllAttributes(span))
                        .addLinks(
                            Span.Link.newBuilder()
                                .setTraceState("a state that is long")
                                .addAllAttributes(span))))
        .build();
  }

  private static double truncated(Fixture fixture, String scope) {
    return fixture.metric(
        "tempo_distributor_attributes_truncated", "tenant", TENANT, "scope", scope);
  }

  @Test
  void tracesOverALimitAreRefusedAlone() {
    TraceAdmission admission =
        (tenant, id, bytes) ->
            switch ((int) (id.low() & 3)) {
              case 1 -> Decision.TRACE_TOO_LARGE;
              case 2 -> Decision.LIVE_TRACES_EXCEEDED;
              default -> Decision.ADMITTED;
            };
    Fixture fixture =
        new Fixture(TenantLimits.DEFAULTS, admission, DistributorConfig.DEFAULTS, 1L << 30);
    PushResult result = fixture.push(request(span(1), span(2), span(3), span(5), span(3)));
    assertThat(result.acceptedSpans()).isEqualTo(2);
    assertThat(result.rejectedSpans()).isEqualTo(3);
    assertThat(result.rejectionReason())
        .startsWith("TRACE_TOO_LARGE: trace 00000000000000010000000000000001");
    assertThat(Regrouping.spans(fixture.log.appended())).isEqualTo(2);
    assertThat(discarded(fixture, "trace_too_large")).isEqualTo(2);
    assertThat(discarded(fixture, "live_traces_exceeded")).isEqualTo(1);

    fixture.log.clear();
    PushResult none = fixture.push(request(span(2)));
    assertThat(none.acceptedSpans()).isZero();
    assertThat(none.rejectedSpans()).isEqualTo(1);
    assertThat(fixture.log.appended()).isEmpty();
  }

  @Test
  void whatARefusedRequestWasAdmittedIsTakenBack() {
    Map<TraceId, Long> counted = new HashMap<>();
    TraceAdmission admission =
        new TraceAdmission() {
          @Override
          public Decision admit(TenantId tenant, TraceId traceId, long sizeBytes) {
            if (traceId.low() == 2) {
              return Decision.TRACE_TOO_LARGE;
            }
            counted.merge(traceId, sizeBytes, Long::sum);
            return Decision.ADMITTED;
          }

          @Override
          public void withdraw(TenantId tenant, TraceId traceId, long sizeBytes) {
            counted.computeIfPresent(
                traceId, (id, bytes) -> bytes == sizeBytes ? null : bytes - sizeBytes);
          }
        };
    Fixture fixture =
        new Fixture(Fixture.unlimitedRate(), admission, new DistributorConfig(2048, 4096), 10_000);
    // The memory for the records is refused after the traces were admitted.
    fixture.budget.reserve(9_990);
    assertThat(refused(fixture, request(span(1), span(2), span(3))).category())
        .isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
    assertThat(counted).isEmpty();
    fixture.budget.release(9_990);

    // The last trace has a span that fits into no record.
    assertThat(
            refused(fixture, request(span(1), span(2), span(3).setName("x".repeat(5000))))
                .category())
        .isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(counted).isEmpty();
    assertThat(fixture.budget.usedBytes()).isZero();

    assertThat(fixture.push(request(span(1), span(2), span(3))).acceptedSpans()).isEqualTo(2);
    assertThat(counted).hasSize(2);
  }

  @Test
  void rateIsAskedBeforeAnythingElse() {
    TenantLimits limits =
        TenantLimits.DEFAULTS.withIngestion(TenantLimits.Ingestion.DEFAULTS.withRate(1, 100));
    Fixture fixture =
        new Fixture(limits, TraceAdmission.UNLIMITED, DistributorConfig.DEFAULTS, 1L << 30);
    byte[] request = request(span(1).setName("x".repeat(20)));
    assertThat(request.length).isBetween(51, 100);
    fixture.push(request);
    assertThatThrownBy(() -> fixture.push(request)).isInstanceOf(RateLimitedException.class);
    assertThat(discarded(fixture, "rate_limited")).isEqualTo(1);
    assertThat(fixture.metric("tempo_distributor_ingress_bytes", "tenant", TENANT))
        .isEqualTo(2 * request.length);
    assertThat(fixture.metric("tempo_distributor_bytes_received", "tenant", TENANT))
        .isEqualTo(request.length);
    byte[] noSpans =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().setSchemaUrl("x".repeat(100)))
            .build()
            .toByteArray();
    assertThat(fixture.push(noSpans)).isEqualTo(PushResult.EMPTY);
    fixture.nanos.addAndGet(100_000_000_000L);
    fixture.push(request);
  }

  @Test
  void logFailureReachesTheSender() {
    Fixture fixture = new Fixture();
    fixture.log.failWith(new RequestException(ErrorCategory.UNAVAILABLE, "closing"));
    RequestException refused = refused(fixture, request(span(1)));
    assertThat(refused).hasMessage("closing");
    assertThat(refused.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(fixture.budget.usedBytes()).isZero();
  }

  @Test
  void memoryOverTheBudgetIsARetryableRefusal() {
    Fixture fixture =
        new Fixture(
            Fixture.unlimitedRate(), TraceAdmission.UNLIMITED, DistributorConfig.DEFAULTS, 10_000);
    fixture.budget.reserve(9_990);
    assertThat(refused(fixture, request(span(1))).category())
        .isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
    fixture.budget.release(9_990);
    assertThat(fixture.push(request(span(1))).acceptedSpans()).isEqualTo(1);

    // One resource that each of many traces repeats must not multiply without bound.
    ResourceSpans.Builder resource =
        ResourceSpans.newBuilder()
            .setResource(Resource.newBuilder().addAttributes(string("k", "v".repeat(1500))));
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 1; i < 20; i++) {
      scope.addSpans(span(i));
    }
    byte[] amplified =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(resource.addScopeSpans(scope))
            .build()
            .toByteArray();
    assertThat(amplified.length).isLessThan(5000);
    assertThat(refused(fixture, amplified).category()).isEqualTo(ErrorCategory.TOO_LARGE);
    assertThat(fixture.budget.usedBytes()).isZero();
  }

  @Test
  void nestingIsBounded() {
    AnyValue value = AnyValue.newBuilder().setIntValue(1).build();
    for (int depth = 1; depth < 64; depth++) {
      value =
          AnyValue.newBuilder()
              .setArrayValue(
                  io.opentelemetry.proto.common.v1.ArrayValue.newBuilder().addValues(value))
              .build();
    }
    Fixture fixture = new Fixture();
    KeyValue allowed = KeyValue.newBuilder().setKey("k").setValue(value).build();
    fixture.push(request(span(1).addAttributes(allowed)));
    AnyValue deeper =
        AnyValue.newBuilder()
            .setArrayValue(
                io.opentelemetry.proto.common.v1.ArrayValue.newBuilder().addValues(value))
            .build();
    byte[] tooDeep =
        request(span(1).addAttributes(KeyValue.newBuilder().setKey("k").setValue(deeper)));
    assertThat(refused(fixture, tooDeep)).hasMessageContaining("nested deeper than 64 levels");
  }

  @Test
  void damagedRequestsOnlyGiveRequestExceptions() {
    Fixture fixture =
        new Fixture(
            Fixture.unlimitedRate(),
            TraceAdmission.UNLIMITED,
            new DistributorConfig(20, 4096),
            1L << 26);
    RandomRequests requests = new RandomRequests(3);
    Random random = new Random(4);
    int refusedCount = 0;
    int acceptedCount = 0;
    for (int i = 0; i < 200; i++) {
      byte[] good = requests.request().toByteArray();
      for (int j = 0; j < 40 && good.length > 0; j++) {
        byte[] damaged = damage(good, random);
        fixture.log.clear();
        try {
          fixture.push(damaged);
          Regrouping.actual(fixture.log.appended());
          acceptedCount++;
        } catch (RequestException e) {
          assertThat(e.category())
              .as(e::toString)
              .isIn(ErrorCategory.INVALID_ARGUMENT, ErrorCategory.TOO_LARGE);
          refusedCount++;
        } catch (AssertionError e) {
          // The parser of the model is stricter about text; everything else must agree.
          if (!String.valueOf(e.getMessage()).contains("UTF-8")) {
            throw e;
          }
        }
      }
    }
    assertThat(refusedCount).isGreaterThan(1000);
    assertThat(acceptedCount).isGreaterThan(1000);
    assertThat(fixture.budget.usedBytes()).isZero();
  }

  private static byte[] damage(byte[] good, Random random) {
    byte[] damaged = good.clone();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] = (byte) random.nextInt();
        case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> damaged = java.util.Arrays.copyOf(damaged, 1 + at);
        default -> {
          int from = random.nextInt(damaged.length);
          int length = Math.min(random.nextInt(40), damaged.length - Math.max(at, from));
          System.arraycopy(damaged, from, damaged, at, length);
        }
      }
    }
    return damaged;
  }

  private static RequestException refused(Fixture fixture, byte[] request) {
    return catchThrowableOfType(RequestException.class, () -> fixture.push(request));
  }

  private static double discarded(Fixture fixture, String reason) {
    return fixture.metric("tempo_discarded_spans", "reason", reason, "tenant", TENANT);
  }

  private static KeyValue string(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static Span.Builder span(int trace) {
    byte[] id = new byte[16];
    id[7] = 1;
    id[15] = (byte) trace;
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(id))
        .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) trace}));
  }

  static byte[] request(Span.Builder... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build()
        .toByteArray();
  }
}
