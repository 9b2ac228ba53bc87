package io.vivace.server.config;

import io.vivace.limits.RuntimeOverrides;
import io.vivace.limits.TenantLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The file with the limits of single tenants (`overrides.per_tenant_override_config`), both in the
/// grouped and in the older flat form. Thread-safe.
public final class RuntimeOverridesFile implements RuntimeOverrides.Source {
  private final Path path;
  private final Schema.Section schema;
  private final TenantLimits base;
  private final boolean expandEnvironment;

  RuntimeOverridesFile(
      Path path, Schema.Section schema, TenantLimits base, boolean expandEnvironment) {
    this.path = path;
    this.schema = schema;
    this.base = base;
    this.expandEnvironment = expandEnvironment;
  }

  public Path path() {
    return path;
  }

  /// All entries, complete with what they inherit; throws [ConfigException] with all errors of the
  /// file.
  @Override
  public Map<String, TenantLimits> read() throws IOException, ConfigException {
    return parse(Files.readString(path));
  }

  Map<String, TenantLimits> parse(String text) throws ConfigException {
    Problems problems = new Problems();
    Map<String, Problems.Location> locations = new HashMap<>();
    String expanded =
        expandEnvironment ? Environment.expand(text, System.getenv(), path.toString()) : text;
    Map<String, Object> values =
        new Binder(path.toString(), schema, problems, locations).bind(expanded, schema);
    Section tenants = new Section("", values, schema, problems, locations).section("overrides");
    Map<String, TenantLimits> entries = new LinkedHashMap<>();
    for (String tenant : List.copyOf(tenants.keys())) {
      entries.put(tenant, LimitsReader.read(tenants.section(tenant), base));
    }
    problems.throwIfErrors();
    return entries;
  }
}
