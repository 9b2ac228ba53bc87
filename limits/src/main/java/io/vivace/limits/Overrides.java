package io.vivace.limits;

import io.vivace.model.TenantId;

/// The limits that hold now. Thread-safe and cheap enough to be asked for every request; callers
/// keep no answer for long, because the runtime file may change.
public interface Overrides {
  /// The limits of one tenant.
  TenantLimits forTenant(TenantId tenant);

  /// The configured defaults. Some settings count only here, as their documentation says.
  TenantLimits defaults();

  /// The same limits for everybody, never changing.
  static Overrides fixed(TenantLimits limits) {
    return new RuntimeOverrides(limits);
  }
}
