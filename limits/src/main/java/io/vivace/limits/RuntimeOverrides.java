package io.vivace.limits;

import io.vivace.model.TenantId;
import java.util.Map;

/// The configured defaults under the entries of a runtime file which may be read again while the
/// process runs. An entry is complete: whoever reads the file decides what its missing keys
/// inherit.
///
/// Thread-safe: a reload replaces all entries at once.
public final class RuntimeOverrides implements Overrides {
  /// The entry that holds for tenants without one of their own.
  public static final String WILDCARD = "*";

  private final TenantLimits defaults;
  private volatile Map<String, TenantLimits> entries = Map.of();
  private volatile boolean isLastReloadGood = true;

  public RuntimeOverrides(TenantLimits defaults) {
    this.defaults = defaults;
  }

  @Override
  public TenantLimits forTenant(TenantId tenant) {
    Map<String, TenantLimits> current = entries;
    TenantLimits own = current.get(tenant.value());
    if (own != null) {
      return own;
    }
    TenantLimits wildcard = current.get(WILDCARD);
    return wildcard != null ? wildcard : defaults;
  }

  @Override
  public TenantLimits defaults() {
    return defaults;
  }

  /// The entries in force, by tenant or [#WILDCARD]; immutable.
  public Map<String, TenantLimits> entries() {
    return entries;
  }

  /// Reads the entries again. If that fails, the last good ones stay in force and the failure is
  /// thrown on, for the caller to log (or to end the start).
  public void reload(Source source) throws Exception {
    try {
      entries = Map.copyOf(source.read());
      isLastReloadGood = true;
    } catch (Exception e) {
      isLastReloadGood = false;
      throw e;
    }
  }

  /// False while the entries in force are older than the file because the file is bad.
  public boolean isLastReloadGood() {
    return isLastReloadGood;
  }

  /// Where the entries come from.
  @FunctionalInterface
  public interface Source {
    /// All entries by tenant or [#WILDCARD]; throws if they cannot be read or are invalid.
    Map<String, TenantLimits> read() throws Exception;
  }
}
