package io.vivace.server;

import io.vivace.limits.Overrides;
import io.vivace.livestore.TraceLimits;
import io.vivace.model.TenantId;
import io.vivace.query.TenantQueryLimits;
import java.time.Duration;

/// What the parts ask of a tenant's overrides.
final class TenantSettings implements TraceLimits, TenantQueryLimits {
  private final Overrides overrides;

  TenantSettings(Overrides overrides) {
    this.overrides = overrides;
  }

  @Override
  public long maxBytesPerTrace(TenantId tenant) {
    return overrides.forTenant(tenant).global().maxBytesPerTrace();
  }

  @Override
  public long maxTracesPerUser(TenantId tenant) {
    return overrides.forTenant(tenant).ingestion().maxTracesPerUser();
  }

  @Override
  public Duration maxSearchDuration(TenantId tenant) {
    return overrides.forTenant(tenant).read().maxSearchDuration();
  }

  @Override
  public long maxBytesPerTagValuesQuery(TenantId tenant) {
    return overrides.forTenant(tenant).read().maxBytesPerTagValuesQuery();
  }

  @Override
  public int maxBlocksPerTagValuesQuery(TenantId tenant) {
    return overrides.forTenant(tenant).read().maxBlocksPerTagValuesQuery();
  }

  @Override
  public int maxConditionGroupsPerTagQuery(TenantId tenant) {
    return overrides.forTenant(tenant).read().maxConditionGroupsPerTagQuery();
  }

  @Override
  public Duration maxMetricsDuration(TenantId tenant) {
    return overrides.forTenant(tenant).read().maxMetricsDuration();
  }
}
