package io.vivace.parquet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tree of fields of a file, and its leaves in file order. Immutable.
public final class ParquetSchema {
  private final String name;
  private final List<ParquetField> fields;
  private final List<ParquetLeaf> leaves;
  private final Map<String, ParquetLeaf> leavesByPath;

  ParquetSchema(String name, List<ParquetField> fields) {
    this.name = name;
    this.fields = List.copyOf(fields);
    List<ParquetLeaf> found = new ArrayList<>();
    collect(this.fields, new ArrayList<>(), 0, List.of(0), found);
    this.leaves = List.copyOf(found);
    this.leavesByPath = new HashMap<>(leaves.size() * 2);
    for (ParquetLeaf leaf : leaves) {
      // A foreign file may repeat a name; the first one wins, the others stay reachable by index.
      leavesByPath.putIfAbsent(leaf.dottedPath(), leaf);
    }
  }

  public static Builder builder(String name) {
    return new Builder(name);
  }

  /// The name of the root.
  public String name() {
    return name;
  }

  public List<ParquetField> fields() {
    return fields;
  }

  /// All leaves in file order.
  public List<ParquetLeaf> leaves() {
    return leaves;
  }

  public int leafCount() {
    return leaves.size();
  }

  public ParquetLeaf leaf(int index) {
    return leaves.get(index);
  }

  /// The leaf with this dotted path, or null.
  public @Nullable ParquetLeaf find(String dottedPath) {
    return leavesByPath.get(dottedPath);
  }

  /// The leaf with this dotted path.
  ///
  /// @throws IllegalArgumentException if there is none
  public ParquetLeaf leaf(String dottedPath) {
    ParquetLeaf leaf = leavesByPath.get(dottedPath);
    if (leaf == null) {
      throw new IllegalArgumentException("no column " + dottedPath + " in schema " + name);
    }
    return leaf;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ParquetSchema that
        && name.equals(that.name)
        && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + fields.hashCode();
  }

  @Override
  public String toString() {
    return name + fields;
  }

  private static void collect(
      List<ParquetField> fields,
      List<String> path,
      int definitionLevel,
      List<Integer> repeatedDefinitionLevels,
      List<ParquetLeaf> leaves) {
    for (ParquetField field : fields) {
      List<Integer> repeated = repeatedDefinitionLevels;
      int definition = definitionLevel + (field.repetition() == Repetition.REQUIRED ? 0 : 1);
      if (field.repetition() == Repetition.REPEATED) {
        repeated = new ArrayList<>(repeated);
        repeated.add(definition);
      }
      path.add(field.name());
      switch (field) {
        case ParquetField.Group group ->
            collect(group.fields(), path, definition, repeated, leaves);
        case ParquetField.Leaf leaf ->
            leaves.add(
                new ParquetLeaf(
                    leaves.size(),
                    List.copyOf(path),
                    String.join(".", path),
                    leaf.repetition(),
                    leaf.type(),
                    leaf.typeLengthBytes(),
                    leaf.logicalType(),
                    repeated.size() - 1,
                    definition,
                    List.copyOf(repeated)));
      }
      path.removeLast();
    }
  }

  /// Builds a schema front to back; groups are opened and closed like brackets.
  public static final class Builder {
    private record Open(
        String name,
        Repetition repetition,
        @Nullable LogicalType logicalType,
        List<ParquetField> fields) {}

    private final Deque<Open> open = new ArrayDeque<>();

    private Builder(String name) {
      open.push(new Open(name, Repetition.REQUIRED, null, new ArrayList<>()));
    }

    public Builder group(String name, Repetition repetition) {
      return group(name, repetition, null);
    }

    public Builder group(String name, Repetition repetition, @Nullable LogicalType logicalType) {
      open.push(new Open(name, repetition, logicalType, new ArrayList<>()));
      return this;
    }

    /// Closes the group opened last.
    ///
    /// @throws IllegalStateException if none is open, or it has no fields
    public Builder end() {
      Open group = open.pop();
      if (open.isEmpty() || group.fields().isEmpty()) {
        throw new IllegalStateException("group " + group.name() + " is empty or the root");
      }
      add(
          new ParquetField.Group(
              group.name(), group.repetition(), group.logicalType(), group.fields()));
      return this;
    }

    public Builder leaf(String name, Repetition repetition, PhysicalType type) {
      return leaf(name, repetition, type, null);
    }

    public Builder leaf(
        String name, Repetition repetition, PhysicalType type, @Nullable LogicalType logicalType) {
      add(new ParquetField.Leaf(name, repetition, logicalType, type, 0));
      return this;
    }

    /// @throws IllegalStateException if a group is still open
    public ParquetSchema build() {
      Open root = open.pop();
      if (!open.isEmpty()) {
        throw new IllegalStateException("group " + root.name() + " is still open");
      }
      return new ParquetSchema(root.name(), root.fields());
    }

    private void add(ParquetField field) {
      Open parent = open.peek();
      if (parent == null) {
        throw new IllegalStateException("the schema is already built");
      }
      parent.fields().add(field);
    }
  }
}
