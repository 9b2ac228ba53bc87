package io.vivace.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vivace.limits.TenantLimits.Ingestion;
import io.vivace.limits.TenantLimits.RateStrategy;
import io.vivace.model.ErrorCategory;
import io.vivace.model.TenantId;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final TenantId TENANT = new TenantId("t");
  private final AtomicLong nanos = new AtomicLong(42);

  @Test
  void bucketStartsFullAndRefillsWithTime() {
    RateLimiter limiter = limiter(100, 200, RateStrategy.LOCAL, 1);
    limiter.acquire(TENANT, 200);
    RateLimitedException refused =
        catchThrowableOfType(RateLimitedException.class, () -> limiter.acquire(TENANT, 1));
    assertThat(refused)
        .hasMessage(
            "RATE_LIMITED: ingestion rate limit (local: 100 bytes/s, global: 0 bytes/s, burst: 200"
                + " bytes) exceeded while adding 1 bytes for user t. consider increasing the limit"
                + " or reducing ingestion rate.");
    assertThat(refused.isWorthRepeating()).isTrue();
    assertThat(refused.category()).isEqualTo(ErrorCategory.RATE_LIMITED);

    nanos.addAndGet(500_000_000);
    limiter.acquire(TENANT, 50);
    assertThatThrownBy(() -> limiter.acquire(TENANT, 1)).isInstanceOf(RateLimitedException.class);
    nanos.addAndGet(3_600_000_000_000L);
    limiter.acquire(TENANT, 200);
    assertThatThrownBy(() -> limiter.acquire(TENANT, 1)).isInstanceOf(RateLimitedException.class);
  }

  @Test
  void refusedRequestTakesNothing() {
    RateLimiter limiter = limiter(100, 200, RateStrategy.LOCAL, 1);
    limiter.acquire(TENANT, 100);
    assertThatThrownBy(() -> limiter.acquire(TENANT, 150)).isInstanceOf(RateLimitedException.class);
    limiter.acquire(TENANT, 100);
  }

  @Test
  void requestOverBurstCanNeverPass() {
    RateLimiter limiter = limiter(100, 200, RateStrategy.LOCAL, 1);
    RateLimitedException refused =
        catchThrowableOfType(RateLimitedException.class, () -> limiter.acquire(TENANT, 300));
    assertThat(refused)
        .hasMessage(
            "RATE_LIMITED: batch size (300 bytes) exceeds ingestion limit (local: 100 bytes/s,"
                + " global: 0 bytes/s, burst: 200 bytes) while adding 300 bytes for user t. consider"
                + " reducing batch size or increasing rate limit.");
    assertThat(refused.isWorthRepeating()).isFalse();
  }

  @Test
  void globalRateIsDividedButNotTheBurst() {
    RateLimiter limiter = limiter(300, 200, RateStrategy.GLOBAL, 3);
    limiter.acquire(TENANT, 200);
    nanos.addAndGet(1_000_000_000);
    limiter.acquire(TENANT, 100);
    assertThatThrownBy(() -> limiter.acquire(TENANT, 1))
        .hasMessageContaining("(local: 100 bytes/s, global: 300 bytes/s, burst: 200 bytes)");
  }

  @Test
  void tenantsHaveTheirOwnBucketsAndLimits() throws Exception {
    TenantLimits defaults = limits(100, 100, RateStrategy.LOCAL);
    RuntimeOverrides overrides = new RuntimeOverrides(defaults);
    overrides.reload(() -> Map.of("big", limits(1000, 1000, RateStrategy.LOCAL)));
    RateLimiter limiter = new RateLimiter(overrides, nanos::get, () -> 1);
    limiter.acquire(TENANT, 100);
    limiter.acquire(new TenantId("big"), 1000);
    assertThatThrownBy(() -> limiter.acquire(TENANT, 1)).isInstanceOf(RateLimitedException.class);
  }

  @Test
  void zeroLimitLetsNothingThrough() {
    assertThatThrownBy(() -> limiter(0, 0, RateStrategy.LOCAL, 1).acquire(TENANT, 1))
        .isInstanceOf(RateLimitedException.class);
  }

  private RateLimiter limiter(long rate, long burst, RateStrategy strategy, int distributors) {
    return new RateLimiter(
        Overrides.fixed(limits(rate, burst, strategy)), nanos::get, () -> distributors);
  }

  private static TenantLimits limits(long rate, long burst, RateStrategy strategy) {
    return TenantLimits.DEFAULTS.withIngestion(
        Ingestion.DEFAULTS.withRate(rate, burst).withRateStrategy(strategy));
  }
}
