package io.vivace.server.config;

import io.vivace.server.config.Problems.Location;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A section of a configuration that was read: typed access to its keys, with the defaults of
/// `keys.yaml` for those that are not set. Asking for a key that `keys.yaml` does not know, or as
/// another type, is a programming error. Not thread-safe while it is being read.
final class Section {
  private final String path;
  private final Map<String, Object> values;
  private final Schema.Section schema;
  private final Problems problems;
  private final Map<String, Location> locations;

  Section(
      String path,
      Map<String, Object> values,
      Schema.Section schema,
      Problems problems,
      Map<String, Location> locations) {
    this.path = path;
    this.values = values;
    this.schema = schema;
    this.problems = problems;
    this.locations = locations;
  }

  Section section(String key) {
    if (!(schema.child(key) instanceof Schema.Section child)) {
      throw new IllegalArgumentException(pathOf(key) + " is not a section");
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> nested = (Map<String, Object>) values.getOrDefault(key, Map.of());
    return new Section(pathOf(key), nested, child, problems, locations);
  }

  /// The elements of a list of mappings.
  List<Section> sections(String key) {
    if (!(schema.child(key) instanceof Schema.ListOf list)
        || !(list.element() instanceof Schema.Section element)) {
      throw new IllegalArgumentException(pathOf(key) + " is not a list of sections");
    }
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> elements =
        (List<Map<String, Object>>) values.getOrDefault(key, List.of());
    return elements.stream()
        .map(map -> new Section(pathOf(key), map, element, problems, locations))
        .toList();
  }

  /// True if the file (or a flag) names the key, even with nothing behind it.
  boolean isSet(String key) {
    return values.containsKey(key);
  }

  /// The keys that are set, in the order of the file.
  Set<String> keys() {
    return values.keySet();
  }

  String string(String key) {
    Object value = scalar(key);
    return value == null ? "" : (String) value;
  }

  boolean bool(String key) {
    Object value = scalar(key);
    return value != null && (Boolean) value;
  }

  long number(String key) {
    Object value = scalar(key);
    return value == null ? 0 : (Long) value;
  }

  /// A number that must lie in `[min, max]`; else an error is noted and `min` returned.
  int intBetween(String key, int min, int max) {
    long value = number(key);
    if (value < min || value > max) {
      error(key, value + " (expected: " + min + " to " + max + ")");
      return min;
    }
    return (int) value;
  }

  /// A size that must not be negative.
  long sizeBytes(String key) {
    long value = number(key);
    if (value < 0) {
      error(key, value + " (expected: 0 or more bytes)");
      return 0;
    }
    return value;
  }

  double decimal(String key) {
    Object value = scalar(key);
    return value == null ? 0 : (Double) value;
  }

  /// A duration that must not be negative.
  Duration duration(String key) {
    Object value = scalar(key);
    Duration duration = value == null ? Duration.ZERO : (Duration) value;
    if (duration.isNegative()) {
      error(key, duration + " (expected: not negative)");
      return Duration.ZERO;
    }
    return duration;
  }

  @SuppressWarnings("unchecked")
  List<String> strings(String key) {
    return (List<String>) values.getOrDefault(key, List.of());
  }

  @SuppressWarnings("unchecked")
  Map<String, String> map(String key) {
    return (Map<String, String>) values.getOrDefault(key, Map.of());
  }

  void error(String key, String message) {
    problems.error(location(key), pathOf(key), message);
  }

  void warning(String key, String message) {
    problems.warning(location(key), pathOf(key), message);
  }

  private Location location(String key) {
    Location own = locations.get(pathOf(key));
    Location parent = own != null ? own : locations.get(path);
    return parent != null ? parent : new Location("configuration", 0, 0);
  }

  private @Nullable Object scalar(String key) {
    if (!(schema.child(key) instanceof Schema.Scalar scalar)) {
      throw new IllegalArgumentException(pathOf(key) + " is not a single value");
    }
    Object value = values.get(key);
    return value != null ? value : scalar.defaultValue();
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// All keys with an effect as nested maps: what is set, and the defaults if asked for. Secrets
  /// are masked.
  Map<String, Object> dump(boolean withValues, boolean withDefaults) {
    Map<String, Object> result = new LinkedHashMap<>();
    schema
        .children()
        .forEach((key, child) -> dumpChild(key, child, withValues, withDefaults, result));
    if (withValues) {
      values.keySet().stream()
          .filter(key -> !schema.children().containsKey(key))
          .forEach(key -> dumpChild(key, schema.child(key), true, withDefaults, result));
    }
    return result;
  }

  private void dumpChild(
      String key,
      @Nullable Schema child,
      boolean withValues,
      boolean withDefaults,
      Map<String, Object> result) {
    if (key.startsWith("_") || child == null) {
      return;
    }
    Object value = withValues ? values.get(key) : null;
    switch (child) {
      case Schema.Section deeper -> {
        boolean isWanted =
            value != null
                || (withDefaults
                    && deeper.note() == null
                    && !key.endsWith("*")
                    && !path.equals("distributor.receivers"));
        if (isWanted) {
          Map<String, Object> nested =
              section(key)
                  .dump(
                      withValues,
                      withDefaults && deeper.note() == null && !path.startsWith("distributor"));
          if (!nested.isEmpty() || value != null) {
            result.put(key, nested);
          }
        }
      }
      case Schema.Scalar scalar -> {
        Object shown =
            value != null
                ? value
                : withDefaults && scalar.hasEffect() ? scalar.defaultValue() : null;
        if (shown != null) {
          result.put(key, scalar.type() == ValueType.SECRET ? "<secret>" : shown);
        }
      }
      case Schema.Any any when value != null -> result.put(key, "<not shown>");
      default -> {
        if (value != null) {
          result.put(key, value);
        }
      }
    }
  }
}
