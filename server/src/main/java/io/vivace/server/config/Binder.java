package io.vivace.server.config;

import io.vivace.server.config.Problems.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Reads a YAML document against a schema. Every mistake is noted with line, column and path and
/// reading goes on, so that one run shows all of them. Not thread-safe; one use.
final class Binder {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_DOCUMENT_CODE_POINTS = 8 << 20;

  private final String source;
  private final Suggestion suggestion;
  private final Problems problems;
  private final Map<String, Location> locations;

  /// @param locations receives the place of every key that is set, by path
  Binder(String source, Schema.Section root, Problems problems, Map<String, Location> locations) {
    this.source = source;
    this.suggestion = new Suggestion(root);
    this.problems = problems;
    this.locations = locations;
  }

  /// The values of the document by key: nested maps for sections, parsed values below. Values of
  /// old keys stand where they moved to.
  Map<String, Object> bind(String text, Schema.Section root) {
    Map<String, Object> values = new LinkedHashMap<>();
    Node node = compose(text);
    if (node != null && !isNull(node)) {
      bindRoot(node, root, "", values);
    }
    return values;
  }

  private @Nullable Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_DOCUMENT_CODE_POINTS);
    try {
      return new Yaml(options).compose(new java.io.StringReader(text));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      Location at = mark == null ? new Location(source, 0, 0) : at(mark);
      problems.error(at, "", "not valid YAML: " + e.getProblem());
    } catch (YAMLException e) {
      problems.error(new Location(source, 0, 0), "", "not valid YAML: " + e.getMessage());
    }
    return null;
  }

  /// A key of an older version that waits until the rest of the document is read.
  private record Move(String target, Node node, String path) {}

  private void bindRoot(Node node, Schema.Section schema, String path, Map<String, Object> values) {
    List<Move> moves = new ArrayList<>();
    bindSection(node, schema, path, values, moves, false);
    for (Move move : moves) {
      applyMove(move, schema, path, values);
    }
  }

  private void bindSection(
      Node node,
      Schema.Section schema,
      String path,
      Map<String, Object> values,
      List<Move> moves,
      boolean noted) {
    if (!(node instanceof MappingNode mapping)) {
      problems.error(at(node), path, "not a mapping (expected: keys and values)");
      return;
    }
    boolean isNoted = noted;
    if (schema.note() != null && !noted) {
      problems.withoutEffect(at(node), path, schema.note());
      isNoted = true;
    }
    for (Entry entry : entries(mapping, path)) {
      String childPath = path.isEmpty() ? entry.name() : path + "." + entry.name();
      Schema child = entry.name().startsWith("_") ? null : schema.child(entry.name());
      if (child == null) {
        problems.error(
            at(entry.key()),
            childPath,
            "unknown key" + suggestion.forUnknown(entry.name(), schema));
        continue;
      }
      locations.put(childPath, at(entry.key()));
      boolean isTenant = schema.children().get("*") == child;
      bindChild(entry, child, childPath, values, moves, isNoted, isTenant);
    }
  }

  private void bindChild(
      Entry entry,
      Schema schema,
      String path,
      Map<String, Object> values,
      List<Move> moves,
      boolean noted,
      boolean isOwnRoot) {
    Node node = entry.value();
    if (!noted) {
      noteWithoutEffect(schema, entry.key(), path);
    }
    switch (schema) {
      case Schema.Moved moved -> moves.add(new Move(moved.target(), node, path));
      case Schema.Ignored ignored -> {}
      case Schema.Section section -> {
        @SuppressWarnings("unchecked")
        Map<String, Object> nested =
            (Map<String, Object>)
                values.computeIfAbsent(entry.name(), k -> new LinkedHashMap<String, Object>());
        if (isNull(node)) {
          return;
        }
        if (isOwnRoot) {
          bindRoot(node, section, path, nested);
        } else {
          bindSection(node, section, path, nested, moves, noted);
        }
      }
      default -> {
        Object value = isNull(node) ? null : value(node, schema, path, noted);
        if (value != null) {
          values.put(entry.name(), value);
        }
      }
    }
  }

  private void noteWithoutEffect(Schema schema, Node key, String path) {
    switch (schema) {
      case Schema.Ignored ignored -> problems.withoutEffect(at(key), path, "has no effect");
      case Schema.Scalar scalar when !scalar.hasEffect() ->
          problems.withoutEffect(at(key), path, "has no effect here");
      case Schema.Strings strings when !strings.hasEffect() ->
          problems.withoutEffect(at(key), path, "has no effect here");
      case Schema.StringMap map when !map.hasEffect() ->
          problems.withoutEffect(at(key), path, "has no effect here");
      case Schema.Any any when !any.hasEffect() ->
          problems.withoutEffect(at(key), path, "has no effect here");
      default -> {}
    }
  }

  private @Nullable Object value(Node node, Schema schema, String path, boolean noted) {
    return switch (schema) {
      case Schema.Scalar scalar -> scalar(node, scalar, path);
      case Schema.Strings strings -> strings(node, path);
      case Schema.StringMap map -> stringMap(node, path);
      case Schema.ListOf list -> list(node, list, path, noted);
      case Schema.Any any -> "";
      case Schema.Section section -> {
        Map<String, Object> values = new LinkedHashMap<>();
        bindSection(node, section, path, values, new ArrayList<>(), noted);
        yield values;
      }
      case Schema.Ignored ignored -> null;
      case Schema.Moved moved -> null;
    };
  }

  private @Nullable Object scalar(Node node, Schema.Scalar schema, String path) {
    if (!(node instanceof ScalarNode scalar)) {
      problems.error(at(node), path, "not a single value (expected: " + expectation(schema) + ")");
      return null;
    }
    return parse(scalar.getValue(), schema, path, at(node));
  }

  /// Reads one text as the schema wants it; an error is noted and gives null.
  @Nullable Object parse(String text, Schema.Scalar schema, String path, Location at) {
    if (!schema.choices().isEmpty() && !schema.choices().contains(text) && !text.isEmpty()) {
      problems.error(at, path, "'" + text + "' (expected: " + expectation(schema) + ")");
      return null;
    }
    if (text.isEmpty() && (!schema.choices().isEmpty() || schema.type() != ValueType.STRING)) {
      return null;
    }
    try {
      return schema.type().parse(text);
    } catch (IllegalArgumentException e) {
      problems.error(
          at, path, "'" + abbreviated(text) + "' (expected: " + expectation(schema) + ")");
      return null;
    }
  }

  private static String abbreviated(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static String expectation(Schema.Scalar schema) {
    return schema.choices().isEmpty()
        ? schema.type().expectation()
        : "one of " + String.join(", ", schema.choices());
  }

  private List<String> strings(Node node, String path) {
    List<String> texts = new ArrayList<>();
    if (node instanceof ScalarNode scalar) {
      for (String text : scalar.getValue().split(",")) {
        if (!text.isBlank()) {
          texts.add(text.strip());
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        if (element instanceof ScalarNode scalar) {
          texts.add(scalar.getValue());
        } else {
          problems.error(at(element), path, "not a string (expected: a list of strings)");
        }
      }
    } else {
      problems.error(at(node), path, "a mapping (expected: a list of strings)");
    }
    return texts;
  }

  private Map<String, String> stringMap(Node node, String path) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      problems.error(at(node), path, "not a mapping (expected: names and strings)");
      return texts;
    }
    for (Entry entry : entries(mapping, path)) {
      if (entry.value() instanceof ScalarNode scalar) {
        texts.put(entry.name(), scalar.getValue());
      } else {
        problems.error(at(entry.value()), path + "." + entry.name(), "not a string");
      }
    }
    return texts;
  }

  private List<Object> list(Node node, Schema.ListOf schema, String path, boolean noted) {
    List<Object> elements = new ArrayList<>();
    if (!(node instanceof SequenceNode sequence)) {
      problems.error(at(node), path, "not a list (expected: a list)");
      return elements;
    }
    int index = 0;
    for (Node element : sequence.getValue()) {
      Object value = value(element, schema.element(), path + "[" + index++ + "]", noted);
      if (value != null) {
        elements.add(value);
      }
    }
    return elements;
  }

  private void applyMove(
      Move move, Schema.Section root, String rootPath, Map<String, Object> values) {
    String[] names = move.target().split("\\.");
    Schema.Section section = root;
    Map<String, Object> parent = values;
    for (int i = 0; i < names.length - 1; i++) {
      if (!(section.child(names[i]) instanceof Schema.Section next)) {
        throw new IllegalStateException("keys.yaml: no section for " + move.target());
      }
      section = next;
      @SuppressWarnings("unchecked")
      Map<String, Object> nested =
          (Map<String, Object>)
              parent.computeIfAbsent(names[i], k -> new LinkedHashMap<String, Object>());
      parent = nested;
    }
    String name = names[names.length - 1];
    Schema schema = section.child(name);
    if (schema == null) {
      throw new IllegalStateException("keys.yaml: unknown target " + move.target());
    }
    String target = rootPath.isEmpty() ? move.target() : rootPath + "." + move.target();
    if (parent.containsKey(name)) {
      problems.warning(at(move.node()), move.path(), "ignored, because " + target + " is set too");
      return;
    }
    problems.warning(at(move.node()), move.path(), "a key of an older version, read as " + target);
    locations.put(target, at(move.node()));
    Entry entry = new Entry(name, move.node(), move.node());
    bindChild(entry, schema, target, parent, new ArrayList<>(), false, false);
  }

  /// A key with its value.
  private record Entry(String name, Node key, Node value) {}

  /// The keys of a mapping, merge keys (`<<`) resolved: own keys win over merged ones, earlier
  /// merged mappings over later ones. A key that is written twice is an error.
  private List<Entry> entries(MappingNode mapping, String path) {
    Map<String, Entry> own = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode key)) {
        problems.error(at(keyNode), path, "a key that is not a single word");
        continue;
      }
      if (key.getTag().equals(Tag.MERGE)) {
        merged.add(tuple.getValueNode());
        continue;
      }
      Entry entry = new Entry(key.getValue(), key, tuple.getValueNode());
      Entry earlier = own.putIfAbsent(entry.name(), entry);
      if (earlier != null) {
        String at = "line " + at(earlier.key()).line();
        problems.error(
            at(key),
            path.isEmpty() ? entry.name() : path + "." + entry.name(),
            "set twice (first in " + at + ")");
      }
    }
    for (Node node : merged) {
      merge(node, own, path, 0);
    }
    return new ArrayList<>(own.values());
  }

  private void merge(Node node, Map<String, Entry> into, String path, int depth) {
    if (node instanceof MappingNode mapping && depth < MAX_DEPTH) {
      for (Entry entry : entries(mapping, path)) {
        into.putIfAbsent(entry.name(), entry);
      }
    } else if (node instanceof SequenceNode sequence && depth < MAX_DEPTH) {
      for (Node element : sequence.getValue()) {
        merge(element, into, path, depth + 1);
      }
    } else {
      problems.error(at(node), path, "a merge key needs a mapping or a list of mappings");
    }
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private Location at(Node node) {
    return at(node.getStartMark());
  }

  private Location at(Mark mark) {
    return new Location(source, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
