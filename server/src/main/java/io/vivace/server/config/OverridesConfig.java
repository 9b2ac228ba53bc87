package io.vivace.server.config;

import io.vivace.limits.TenantLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `overrides.*`.
///
/// @param defaults the limits of tenants without an entry, and what an entry inherits
/// @param runtimeFile the file with the tenants' entries, or null if there is none
/// @param reloadPeriod how often the file is looked at
/// @param inherit whether an entry inherits from the defaults what it does not set
public record OverridesConfig(
    TenantLimits defaults,
    @Nullable RuntimeOverridesFile runtimeFile,
    Duration reloadPeriod,
    boolean inherit) {

  static OverridesConfig from(Section overrides, Schema.Section schema, boolean expandEnvironment) {
    TenantLimits defaults = LimitsReader.read(overrides.section("defaults"), TenantLimits.DEFAULTS);
    Duration period = overrides.duration("per_tenant_override_period");
    if (period.isZero()) {
      period = Duration.ofSeconds(10);
    }
    boolean inherit = overrides.bool("inherit");
    String path = overrides.string("per_tenant_override_config");
    TenantLimits base = inherit ? defaults : LimitsReader.ZERO;
    RuntimeOverridesFile file =
        path.isEmpty()
            ? null
            : new RuntimeOverridesFile(Path.of(path), schema, base, expandEnvironment);
    return new OverridesConfig(defaults, file, period, inherit);
  }
}
