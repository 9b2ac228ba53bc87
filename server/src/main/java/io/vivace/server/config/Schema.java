package io.vivace.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// What may stand at a place of a configuration file. Read from `keys.yaml`; the syntax is
/// explained there. Immutable.
sealed interface Schema {
  /// A mapping with known keys.
  ///
  /// @param note why the whole section has no effect, or null if it has
  record Section(Map<String, Schema> children, @Nullable String note) implements Schema {
    /// The schema of the key, by its name, its type before a `/`, its prefix, or `*`; else null.
    @Nullable Schema child(String name) {
      Schema exact = children.get(name);
      if (exact != null) {
        return exact;
      }
      int slash = name.indexOf('/');
      if (slash >= 0) {
        return children.get(name.substring(0, slash) + "/*");
      }
      for (Map.Entry<String, Schema> entry : children.entrySet()) {
        String key = entry.getKey();
        if (key.endsWith("*")
            && !key.endsWith("/*")
            && name.startsWith(key.substring(0, key.length() - 1))) {
          return entry.getValue();
        }
      }
      return null;
    }
  }

  /// A list whose elements all look alike.
  record ListOf(Schema element) implements Schema {}

  /// One value.
  ///
  /// @param choices the allowed texts, or empty for any
  /// @param defaultValue the parsed default, or null if there is none
  /// @param hasEffect false for a key that is accepted and means nothing here
  record Scalar(
      ValueType type, List<String> choices, @Nullable Object defaultValue, boolean hasEffect)
      implements Schema {}

  /// A list of strings; a scalar with commas is taken too.
  record Strings(boolean hasEffect) implements Schema {}

  /// Strings by name.
  record StringMap(boolean hasEffect) implements Schema {}

  /// Content that is not looked at.
  record Any(boolean hasEffect) implements Schema {}

  /// A key of an older version that is of no use any more.
  record Ignored() implements Schema {}

  /// A key of an older version whose value belongs to `target`, a path from the root.
  record Moved(String target) implements Schema {}

  /// Reads `keys.yaml`: the key `_runtime` holds the schema of the per-tenant file, all other keys
  /// the one of the main file.
  static Section load() {
    try (InputStream in = Schema.class.getResourceAsStream("keys.yaml")) {
      if (in == null) {
        throw new IllegalStateException("keys.yaml is missing from the class path");
      }
      Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
      LoaderOptions options = new LoaderOptions();
      options.setMaxAliasesForCollections(1000);
      return (Section) new Parser().parse(new Yaml(options).compose(reader));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Turns the nodes of `keys.yaml` into schemas; a node behind an alias is read once.
  final class Parser {
    private final IdentityHashMap<Node, Schema> known = new IdentityHashMap<>();

    Schema parse(Node node) {
      Schema seen = known.get(node);
      if (seen != null) {
        return seen;
      }
      Schema schema =
          switch (node) {
            case MappingNode mapping -> section(mapping);
            case SequenceNode sequence -> new ListOf(parse(sequence.getValue().getFirst()));
            case ScalarNode scalar -> leaf(scalar.getValue());
            default -> throw new IllegalStateException("unexpected node " + node);
          };
      known.put(node, schema);
      return schema;
    }

    private Section section(MappingNode mapping) {
      Map<String, Schema> children = new LinkedHashMap<>();
      String note = null;
      for (NodeTuple tuple : mapping.getValue()) {
        String key = ((ScalarNode) tuple.getKeyNode()).getValue();
        if (key.equals("_note")) {
          note = ((ScalarNode) tuple.getValueNode()).getValue();
        } else if (key.equals("<<")) {
          Section merged = (Section) parse(tuple.getValueNode());
          merged.children().forEach(children::putIfAbsent);
        } else if (key.equals("_types")) {
          parse(tuple.getValueNode());
        } else {
          children.put(key, parse(tuple.getValueNode()));
        }
      }
      return new Section(children, note);
    }

    private static Schema leaf(String text) {
      boolean hasEffect = !text.endsWith(" ~");
      String definition = hasEffect ? text : text.substring(0, text.length() - 2);
      int equals = definition.indexOf(" = ");
      String type = equals < 0 ? definition : definition.substring(0, equals);
      String defaultText = equals < 0 ? null : definition.substring(equals + 3);
      return switch (type) {
        case "strings" -> new Strings(hasEffect);
        case "map" -> new StringMap(hasEffect);
        case "any" -> new Any(hasEffect);
        case "ignored" -> new Ignored();
        default -> scalar(type, defaultText, hasEffect);
      };
    }

    private static Schema scalar(String type, @Nullable String defaultText, boolean hasEffect) {
      if (type.startsWith("moved ")) {
        return new Moved(type.substring("moved ".length()));
      }
      List<String> choices = new ArrayList<>();
      ValueType valueType = ValueType.STRING;
      if (type.startsWith("enum ")) {
        choices.addAll(List.of(type.substring("enum ".length()).split("\\|")));
      } else {
        valueType = ValueType.valueOf(type.toUpperCase(java.util.Locale.ROOT));
      }
      Object defaultValue = defaultText == null ? null : valueType.parse(defaultText);
      return new Scalar(valueType, List.copyOf(choices), defaultValue, hasEffect);
    }
  }
}
