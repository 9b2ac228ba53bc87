package io.vivace.server.http;

import io.vivace.limits.RuntimeOverrides;
import io.vivace.limits.TenantLimits;
import io.vivace.model.GoDuration;
import io.vivace.server.config.BuildInfo;
import io.vivace.server.config.VivaceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/// The texts of the `/status` pages. Thread-safe.
final class StatusPages {
  private final VivaceConfig config;
  private final RuntimeOverrides overrides;
  private final Readiness readiness;
  private final BuildInfo build;

  StatusPages(
      VivaceConfig config, RuntimeOverrides overrides, Readiness readiness, BuildInfo build) {
    this.config = config;
    this.overrides = overrides;
    this.readiness = readiness;
    this.build = build;
  }

  String version() {
    return build.text();
  }

  String services() {
    return "%-12s %-10s %s%n%-12s %-10s %s%n"
        .formatted(
            "SERVICE",
            "STATUS",
            "FAILURE",
            "all",
            readiness.state().name().toLowerCase(java.util.Locale.ROOT),
            "");
  }

  /// The configuration as YAML, or null if `mode` is not known.
  @Nullable String config(String mode) {
    Map<String, Object> shown =
        switch (mode) {
          case "" -> config.effective();
          case "diff" -> config.changed();
          case "defaults" -> config.defaults();
          default -> null;
        };
    return shown == null ? null : "---\n" + yaml(shown);
  }

  /// The tenants' entries of the runtime file.
  String runtimeConfig() {
    Map<String, Object> tenants = new LinkedHashMap<>();
    overrides.entries().forEach((tenant, limits) -> tenants.put(tenant, limits(limits)));
    return "---\n" + yaml(Map.of("overrides", tenants));
  }

  private static Map<String, Object> limits(TenantLimits limits) {
    Map<String, Object> ingestion = new LinkedHashMap<>();
    ingestion.put("rate_limit_bytes", limits.ingestion().rateLimitBytes());
    ingestion.put("burst_size_bytes", limits.ingestion().burstSizeBytes());
    ingestion.put("max_traces_per_user", limits.ingestion().maxTracesPerUser());
    ingestion.put("max_attribute_bytes", limits.ingestion().maxAttributeBytes());
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("ingestion", ingestion);
    shown.put("read", Map.of("max_search_duration", limits.read().maxSearchDuration()));
    shown.put("global", Map.of("max_bytes_per_trace", limits.global().maxBytesPerTrace()));
    return shown;
  }

  String all(String endpoints) {
    return "GET /status/version\n"
        + version()
        + "\nGET /status/services\n"
        + services()
        + "\nGET /status/endpoints\n"
        + endpoints
        + "\nGET /status/runtime_config\n"
        + runtimeConfig()
        + "\nGET /status/config\n"
        + config("")
        + "\n";
  }

  private static String yaml(Map<String, Object> values) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(plain(values));
  }

  /// Only types that YAML knows.
  private static Object plain(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, child) -> plain.put(String.valueOf(key), plain(child)));
        yield plain;
      }
      case List<?> list -> {
        List<Object> plain = new ArrayList<>();
        list.forEach(child -> plain.add(plain(child)));
        yield plain;
      }
      case Duration duration -> GoDuration.format(duration);
      default -> value;
    };
  }
}
