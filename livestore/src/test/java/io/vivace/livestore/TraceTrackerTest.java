package io.vivace.livestore;

import static io.vivace.limits.TraceAdmission.Decision.ADMITTED;
import static io.vivace.limits.TraceAdmission.Decision.LIVE_TRACES_EXCEEDED;
import static io.vivace.limits.TraceAdmission.Decision.TRACE_TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TraceTrackerTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final TenantId UNLIMITED = new TenantId("unlimited");
  private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

  private final ManualTime time = new ManualTime();

  private static TraceLimits limits(long maxBytes, long maxTraces) {
    return new TraceLimits() {
      @Override
      public long maxBytesPerTrace(TenantId tenant) {
        return tenant.equals(UNLIMITED) ? 0 : maxBytes;
      }

      @Override
      public long maxTracesPerUser(TenantId tenant) {
        return tenant.equals(UNLIMITED) ? 0 : maxTraces;
      }
    };
  }

  private TraceTracker tracker(long maxBytes, long maxTraces) {
    return new TraceTracker(limits(maxBytes, maxTraces), time, IDLE_NANOS, 1000);
  }

  private static TraceId trace(long id) {
    return new TraceId(0, id);
  }

  @Test
  void aTraceOverItsBytesIsRefusedUntilItWasSilent() {
    TraceTracker tracker = tracker(100, 0);
    assertThat(tracker.admit(TENANT, trace(1), 60)).isEqualTo(ADMITTED);
    assertThat(tracker.admit(TENANT, trace(1), 40)).isEqualTo(ADMITTED);
    assertThat(tracker.admit(TENANT, trace(1), 1)).isEqualTo(TRACE_TOO_LARGE);
    assertThat(tracker.admit(TENANT, trace(2), 60)).isEqualTo(ADMITTED);
    time.advance(Duration.ofSeconds(4));
    tracker.expire();
    assertThat(tracker.admit(TENANT, trace(1), 1)).isEqualTo(TRACE_TOO_LARGE);
    time.advance(Duration.ofSeconds(5));
    tracker.expire();
    assertThat(tracker.admit(TENANT, trace(1), 100)).isEqualTo(ADMITTED);
  }

  @Test
  void aNewTraceOverTheNumberOfTracesIsRefusedAndKnownOnesAreNot() {
    TraceTracker tracker = tracker(0, 2);
    assertThat(tracker.admit(TENANT, trace(1), 1)).isEqualTo(ADMITTED);
    assertThat(tracker.admit(TENANT, trace(2), 1)).isEqualTo(ADMITTED);
    assertThat(tracker.admit(TENANT, trace(3), 1)).isEqualTo(LIVE_TRACES_EXCEEDED);
    assertThat(tracker.admit(TENANT, trace(2), 1)).isEqualTo(ADMITTED);
    time.advance(Duration.ofSeconds(5));
    assertThat(tracker.admit(TENANT, trace(3), 1)).isEqualTo(ADMITTED);
  }

  @Test
  void whatCouldNotBeAppendedIsTakenBack() {
    TraceTracker tracker = tracker(100, 1);
    assertThat(tracker.admit(TENANT, trace(1), 100)).isEqualTo(ADMITTED);
    tracker.release(TENANT, trace(1), 100);
    assertThat(tracker.entryCount()).isZero();
    assertThat(tracker.admit(TENANT, trace(2), 100)).isEqualTo(ADMITTED);
  }

  @Test
  void nothingIsKeptWithoutLimitsAndNoMoreThanTheBoundWithThem() {
    TraceTracker tracker = tracker(100, 0);
    for (int i = 0; i < 5000; i++) {
      assertThat(tracker.admit(UNLIMITED, trace(i), 1000)).isEqualTo(ADMITTED);
    }
    assertThat(tracker.entryCount()).isZero();
    for (int i = 0; i < 5000; i++) {
      assertThat(tracker.admit(TENANT, trace(i), 10)).isEqualTo(ADMITTED);
    }
    assertThat(tracker.entryCount()).isEqualTo(1000);
    assertThat(tracker.admit(TENANT, trace(9999), 101)).isEqualTo(TRACE_TOO_LARGE);
  }
}
