package io.vivace.limits;

import io.vivace.limits.TenantLimits.RateStrategy;
import io.vivace.model.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// The ingestion rate limit: one token bucket of bytes per tenant that starts full. A request needs
/// its whole size at once; nothing is borrowed and nothing waits. Thread-safe.
public final class RateLimiter {
  private static final int TENANTS_BEFORE_SWEEP = 10_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Overrides overrides;
  private final LongSupplier nanoClock;
  private final IntSupplier healthyDistributors;
  private final ConcurrentHashMap<TenantId, Bucket> buckets = new ConcurrentHashMap<>();

  /// @param nanoClock a monotonic clock, as [System#nanoTime]
  /// @param healthyDistributors processes that share a global rate, at least 1 counting this one
  public RateLimiter(Overrides overrides, LongSupplier nanoClock, IntSupplier healthyDistributors) {
    this.overrides = overrides;
    this.nanoClock = nanoClock;
    this.healthyDistributors = healthyDistributors;
  }

  /// Takes `sizeBytes` from the tenant's bucket or throws [RateLimitedException].
  public void acquire(TenantId tenant, long sizeBytes) {
    TenantLimits.Ingestion limits = overrides.forTenant(tenant).ingestion();
    boolean isGlobal = overrides.defaults().ingestion().rateStrategy() == RateStrategy.GLOBAL;
    long rateBytes =
        isGlobal
            ? limits.rateLimitBytes() / Math.max(1, healthyDistributors.getAsInt())
            : limits.rateLimitBytes();
    long burstBytes = limits.burstSizeBytes();
    Bucket bucket = bucket(tenant, burstBytes);
    if (!bucket.take(sizeBytes, rateBytes, burstBytes, nanoClock.getAsLong())) {
      throw refusal(
          tenant, sizeBytes, rateBytes, isGlobal ? limits.rateLimitBytes() : 0, burstBytes);
    }
  }

  private Bucket bucket(TenantId tenant, long burstBytes) {
    Bucket known = buckets.get(tenant);
    if (known != null) {
      return known;
    }
    if (buckets.size() >= TENANTS_BEFORE_SWEEP) {
      sweep();
    }
    return buckets.computeIfAbsent(tenant, t -> new Bucket(burstBytes, nanoClock.getAsLong()));
  }

  // A bucket that has filled up again says nothing that a new one would not say.
  private void sweep() {
    long now = nanoClock.getAsLong();
    buckets.forEach((tenant, bucket) -> {
      TenantLimits.Ingestion limits = overrides.forTenant(tenant).ingestion();
      if (bucket.isFull(limits.rateLimitBytes(), limits.burstSizeBytes(), now)) {
        buckets.remove(tenant, bucket);
      }
    });
  }

  private static RateLimitedException refusal(
      TenantId tenant, long sizeBytes, long localBytes, long globalBytes, long burstBytes) {
    String limits =
        "(local: "
            + localBytes
            + " bytes/s, global: "
            + globalBytes
            + " bytes/s, burst: "
            + burstBytes
            + " bytes)";
    if (sizeBytes > localBytes && sizeBytes > burstBytes) {
      return new RateLimitedException(
          "RATE_LIMITED: batch size ("
              + sizeBytes
              + " bytes) exceeds ingestion limit "
              + limits
              + " while adding "
              + sizeBytes
              + " bytes for user "
              + tenant
              + ". consider reducing batch size or increasing rate limit.",
          false);
    }
    return new RateLimitedException(
        "RATE_LIMITED: ingestion rate limit "
            + limits
            + " exceeded while adding "
            + sizeBytes
            + " bytes for user "
            + tenant
            + ". consider increasing the limit or reducing ingestion rate.",
        sizeBytes <= burstBytes);
  }

  private static final class Bucket {
    private double tokens;
    private long filledAtNanos;

    Bucket(double tokens, long nowNanos) {
      this.tokens = tokens;
      this.filledAtNanos = nowNanos;
    }

    synchronized boolean take(long size, long ratePerSecond, long burst, long nowNanos) {
      refill(ratePerSecond, burst, nowNanos);
      if (size > tokens) {
        return false;
      }
      tokens -= size;
      return true;
    }

    synchronized boolean isFull(long ratePerSecond, long burst, long nowNanos) {
      refill(ratePerSecond, burst, nowNanos);
      return tokens >= burst;
    }

    private void refill(long ratePerSecond, long burst, long nowNanos) {
      long elapsedNanos = nowNanos - filledAtNanos;
      if (elapsedNanos > 0) {
        tokens += elapsedNanos / NANOS_PER_SECOND * ratePerSecond;
        filledAtNanos = nowNanos;
      }
      tokens = Math.min(tokens, burst);
    }
  }
}
