package io.vivace.server.config;

import io.vivace.server.config.Problems.Location;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a [VivaceConfig] of a YAML file and the command line, in this order of precedence:
/// built-in defaults, file, flags. Stateless apart from the known keys; thread-safe.
public final class ConfigLoader {

  private final Schema.Section schema;
  private final Schema.Section runtimeSchema;
  private final Map<String, String> environment;

  /// @param environment the variables that `-config.expand-env` may use
  public ConfigLoader(Map<String, String> environment) {
    this.schema = Schema.load();
    this.runtimeSchema =
        (Schema.Section) java.util.Objects.requireNonNull(schema.children().get("_runtime"));
    this.environment = Map.copyOf(environment);
  }

  /// @param file the file, or null to run on the defaults, with everything on localhost
  /// @param flags values from the command line by key path, e.g. `server.http_listen_port`
  /// @throws ConfigException with every error that was found
  public VivaceConfig load(
      @Nullable Path file, boolean expandEnvironment, Map<String, String> flags)
      throws ConfigException {
    String text = file == null ? "" : read(file);
    String source = file == null ? "defaults" : file.toString();
    if (expandEnvironment) {
      text = Environment.expand(text, environment, source);
    }
    return parse(text, source, file == null, expandEnvironment, flags);
  }

  private static String read(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw failure(file, "not a UTF-8 text");
    } catch (IOException e) {
      throw failure(file, "cannot be read: " + e);
    }
  }

  private static ConfigException failure(Path file, String message) {
    return new ConfigException(List.of(new Problem(file.toString(), 0, 0, "", message)));
  }

  VivaceConfig parse(
      String text,
      String source,
      boolean isLocalOnly,
      boolean expandEnvironment,
      Map<String, String> flags)
      throws ConfigException {
    Problems problems = new Problems();
    Map<String, Location> locations = new HashMap<>();
    Binder binder = new Binder(source, schema, problems, locations);
    Map<String, Object> values = binder.bind(text, schema);
    flags.forEach((path, value) -> setFlag(path, value, binder, values, locations));
    Section root = new Section("", values, schema, problems, locations);
    VivaceConfig config = build(root, problems, isLocalOnly, expandEnvironment);
    problems.throwIfErrors();
    return config;
  }

  private VivaceConfig build(
      Section root, Problems problems, boolean isLocalOnly, boolean expandEnvironment) {
    String target = target(root);
    ServerConfig server = ServerConfig.from(root.section("server"), isLocalOnly);
    DistributorConfig distributor = DistributorConfig.from(root.section("distributor"));
    LiveStoreSettings liveStore = LiveStoreSettings.from(root);
    QuerySettings query = QuerySettings.from(root);
    StorageConfig storage = StorageConfig.from(root.section("storage").section("trace"));
    OverridesConfig overrides =
        OverridesConfig.from(root.section("overrides"), runtimeSchema, expandEnvironment);
    warnAboutLargeBlocks(root, liveStore);
    return new VivaceConfig(
        target,
        root.bool("multitenancy_enabled"),
        ServerConfig.prefix(root, "http_api_prefix"),
        root.duration("shutdown_delay"),
        server,
        distributor,
        liveStore,
        query,
        storage,
        overrides,
        problems.warnings(),
        problems.withoutEffect(),
        root.dump(true, true),
        root.dump(true, false),
        root.dump(false, true));
  }

  private static String target(Section root) {
    String target = root.string("target");
    switch (target) {
      case "all" -> {}
      case "scalable-single-binary" ->
          root.warning("target", "scalable-single-binary: runs as all");
      case "distributor",
          "live-store",
          "block-builder",
          "query-frontend",
          "querier",
          "backend-scheduler",
          "backend-worker",
          "metrics-generator" ->
          root.error("target", target + ": separate roles are not there yet (expected: all)");
      case "ingester", "compactor" ->
          root.error(
              "target",
              target + ": a role of 2.x; separate roles are not there yet (expected: all)");
      default -> root.error("target", "'" + target + "' (expected: all)");
    }
    return "all";
  }

  private static void warnAboutLargeBlocks(Section root, LiveStoreSettings liveStore) {
    long heapBytes = Runtime.getRuntime().maxMemory();
    if (root.section("live_store").isSet("max_block_bytes")
        && liveStore.maxBlockBytes() > heapBytes / 4) {
      root.section("live_store")
          .warning(
              "max_block_bytes",
              "large for a heap of " + (heapBytes >> 20) + " MiB; blocks will be cut earlier");
    }
  }

  private void setFlag(
      String path,
      String text,
      Binder binder,
      Map<String, Object> values,
      Map<String, Location> locations) {
    String[] names = path.split("\\.");
    Schema.Section section = schema;
    Map<String, Object> parent = values;
    for (int i = 0; i < names.length - 1; i++) {
      section = (Schema.Section) java.util.Objects.requireNonNull(section.child(names[i]), path);
      @SuppressWarnings("unchecked")
      Map<String, Object> nested =
          (Map<String, Object>)
              parent.computeIfAbsent(names[i], k -> new LinkedHashMap<String, Object>());
      parent = nested;
    }
    String name = names[names.length - 1];
    Location at = new Location("command line", 0, 0);
    locations.put(path, at);
    Schema leaf = section.child(name);
    if (leaf instanceof Schema.Scalar scalar) {
      Object value = binder.parse(text, scalar, path, at);
      if (value != null) {
        parent.put(name, value);
      }
    } else if (leaf instanceof Schema.Strings) {
      parent.put(name, new ArrayList<>(List.of(text.split(","))));
    } else {
      throw new IllegalArgumentException("no single value: " + path);
    }
  }
}
