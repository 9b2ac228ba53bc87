package io.vivace.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The whole configuration of a process. Immutable.
///
/// @param target the role; only `all` exists
/// @param httpApiPrefix goes before the public API paths; empty for none
/// @param shutdownDelay pause between "not ready" and the end of the service
/// @param warnings what was read differently from how it was written, or looks like a mistake
/// @param withoutEffect keys that are known and mean nothing here
/// @param effective all keys with their values, for `/status/config`; secrets are masked
/// @param changed the keys that were set, likewise
/// @param defaults the defaults, likewise
public record VivaceConfig(
    String target,
    boolean multitenancyEnabled,
    String httpApiPrefix,
    Duration shutdownDelay,
    ServerConfig server,
    DistributorConfig distributor,
    LiveStoreSettings liveStore,
    QuerySettings query,
    StorageConfig storage,
    OverridesConfig overrides,
    List<Problem> warnings,
    List<Problem> withoutEffect,
    Map<String, Object> effective,
    Map<String, Object> changed,
    Map<String, Object> defaults) {}
