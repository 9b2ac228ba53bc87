package io.vivace.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The command line, in Go's style: `-flag=value` or `-flag value` with one or two dashes; a
/// boolean flag stands alone or has `=value`.
///
/// @param configFile `-config.file`, or null
/// @param expandEnvironment `-config.expand-env`
/// @param verify `-config.verify`
/// @param showVersion `-version`
/// @param showHelp `-h`, `-help`
/// @param checkHealth `-health`
/// @param healthUrl `-health.url`
/// @param demo `-demo`: run the demonstration shop too
/// @param settings keys of the configuration that flags set
/// @param ignored flags that are known and mean nothing here
public record CommandLine(
    @Nullable Path configFile,
    boolean expandEnvironment,
    boolean verify,
    boolean showVersion,
    boolean showHelp,
    boolean checkHealth,
    String healthUrl,
    boolean demo,
    Map<String, String> settings,
    List<String> ignored) {

  private static final String DEFAULT_HEALTH_URL = "http://localhost:3200/ready";

  private static final Set<String> OWN_BOOLEANS =
      Set.of("config.expand-env", "config.verify", "version", "h", "help", "health", "demo");

  /// Boolean flags that set a key, or that are ignored.
  private static final Set<String> OTHER_BOOLEANS =
      Set.of(
          "multitenancy.enabled",
          "auth.enabled",
          "query-frontend.mcp-server.enabled",
          "config.enable-legacy-overrides",
          "enable-go-runtime-metrics",
          "span-profiling",
          "generator.leave-consumer-group-on-shutdown",
          "generator.skip-stale-backlog-on-startup");

  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("target", "target"),
          Map.entry("multitenancy.enabled", "multitenancy_enabled"),
          Map.entry("auth.enabled", "multitenancy_enabled"),
          Map.entry("http-api-prefix", "http_api_prefix"),
          Map.entry("shutdown-delay", "shutdown_delay"),
          Map.entry("server.http-listen-address", "server.http_listen_address"),
          Map.entry("server.http-listen-port", "server.http_listen_port"),
          Map.entry("server.grpc-listen-port", "server.grpc_listen_port"),
          Map.entry("log.level", "server.log_level"),
          Map.entry("log.format", "server.log_format"),
          Map.entry("server.path-prefix", "server.http_path_prefix"),
          Map.entry("config.per-user-override-config", "overrides.per_tenant_override_config"),
          Map.entry("config.per-user-override-period", "overrides.per_tenant_override_period"),
          Map.entry(
              "distributor.rate-limit-strategy", "overrides.defaults.ingestion.rate_strategy"),
          Map.entry(
              "distributor.ingestion-rate-limit-bytes",
              "overrides.defaults.ingestion.rate_limit_bytes"),
          Map.entry(
              "distributor.ingestion-burst-size-bytes",
              "overrides.defaults.ingestion.burst_size_bytes"),
          Map.entry(
              "ingester.max-traces-per-user", "overrides.defaults.ingestion.max_traces_per_user"),
          Map.entry(
              "ingester.max-global-traces-per-user",
              "overrides.defaults.ingestion.max_global_traces_per_user"),
          Map.entry(
              "ingester.max-bytes-per-trace", "overrides.defaults.global.max_bytes_per_trace"),
          Map.entry(
              "querier.max-bytes-per-tag-values-query",
              "overrides.defaults.read.max_bytes_per_tag_values_query"),
          Map.entry(
              "querier.max-blocks-per-tag-values-query",
              "overrides.defaults.read.max_blocks_per_tag_values_query"),
          Map.entry(
              "querier.max-condition-groups-per-tag-query",
              "overrides.defaults.read.max_condition_groups_per_tag_query"),
          Map.entry("query-frontend.mcp-server.enabled", "query_frontend.mcp_server.enabled"),
          Map.entry("storage.trace.backend", "storage.trace.backend"),
          Map.entry("storage.trace.local.path", "storage.trace.local.path"),
          Map.entry("storage.trace.wal.path", "storage.trace.wal.path"));

  /// Flags that need other roles, or Go; accepted, so that old command lines keep working.
  private static final List<String> IGNORED_PREFIXES =
      List.of(
          "memberlist.",
          "mem-ballast-size-mbs",
          "mutex-profile-fraction",
          "block-profile-threshold",
          "enable-go-runtime-metrics",
          "span-profiling",
          "querier.frontend-address",
          "config.enable-legacy-overrides",
          "live-store.",
          "generator.",
          "metrics-generator.",
          "storage.trace.",
          "backend-scheduler.",
          "backend-worker.");

  public CommandLine {
    settings = Map.copyOf(settings);
    ignored = List.copyOf(ignored);
  }

  /// Throws [IllegalArgumentException] with a text for the user if a flag is unknown, lacks its
  /// value, or an argument is left over.
  public static CommandLine parse(String... arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("-") || argument.equals("-") || argument.equals("--")) {
        throw new IllegalArgumentException("unexpected argument: " + argument);
      }
      String body = argument.startsWith("--") ? argument.substring(2) : argument.substring(1);
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      if (!isKnown(name)) {
        throw new IllegalArgumentException("flag provided but not defined: -" + name);
      }
      if (equals >= 0) {
        values.put(name, body.substring(equals + 1));
      } else if (isBoolean(name)) {
        values.put(name, "true");
      } else if (i + 1 < arguments.length) {
        values.put(name, arguments[++i]);
      } else {
        throw new IllegalArgumentException("flag needs an argument: -" + name);
      }
    }
    return of(values);
  }

  private static CommandLine of(Map<String, String> values) {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> ignored = new java.util.ArrayList<>();
    values.forEach((name, value) -> {
      String key = KEYS.get(name);
      if (key != null) {
        settings.put(key, value);
      } else if (!isOwn(name)) {
        ignored.add("-" + name);
      }
    });
    String file = values.getOrDefault("config.file", "");
    return new CommandLine(
        file.isEmpty() ? null : Path.of(file),
        isTrue(values, "config.expand-env"),
        isTrue(values, "config.verify"),
        isTrue(values, "version"),
        isTrue(values, "h") || isTrue(values, "help"),
        isTrue(values, "health"),
        values.getOrDefault("health.url", DEFAULT_HEALTH_URL),
        isTrue(values, "demo"),
        settings,
        ignored);
  }

  private static boolean isTrue(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      return false;
    }
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "invalid boolean value \"" + value + "\" for -" + name);
    };
  }

  private static boolean isOwn(String name) {
    return OWN_BOOLEANS.contains(name) || name.equals("config.file") || name.equals("health.url");
  }

  private static boolean isBoolean(String name) {
    return OWN_BOOLEANS.contains(name) || OTHER_BOOLEANS.contains(name);
  }

  private static boolean isKnown(String name) {
    return isOwn(name)
        || KEYS.containsKey(name)
        || IGNORED_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /// All flags with their meaning, for `-help` and for a wrong command line.
  public static String usage() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Usage: vivace [flags]

          -config.file <path>   configuration (Tempo's YAML); without it everything runs on localhost and in ./data
          -config.expand-env    replace ${VAR} and ${VAR:default} in the configuration
          -config.verify        read the configuration, print what is to be said about it, and end:
                                1 if there is an error or a warning (keys without effect are not warnings), else 0
          -target all           the role of this process
          -version              print the version and end
          -health               ask a running server whether it is ready and end with 0 or 1
          -health.url <url>     whom -health asks (default %s)
          -demo                 also run a small shop that sends traces all the time

        Flags that set keys of the configuration:
        """
            .formatted(DEFAULT_HEALTH_URL));
    for (String flag : new TreeSet<>(KEYS.keySet())) {
      text.append("  -").append(flag).append("  (").append(KEYS.get(flag)).append(")\n");
    }
    return text.toString();
  }
}
