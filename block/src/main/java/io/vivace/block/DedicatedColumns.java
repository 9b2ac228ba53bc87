package io.vivace.block;

import static io.vivace.block.DedicatedColumn.Scope.RESOURCE;
import static io.vivace.block.DedicatedColumn.Scope.SPAN;
import static io.vivace.block.DedicatedColumn.Type.INT;
import static io.vivace.block.DedicatedColumn.Type.STRING;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The dedicated columns of a block in their order: the n-th of a scope and type has slot n.
/// Duplicate names within a scope are an [IllegalArgumentException].
public record DedicatedColumns(List<DedicatedColumn> columns) {
  /// Slots for string columns per scope.
  public static final int MAX_STRINGS = 20;

  /// Slots for int columns per scope.
  public static final int MAX_INTS = 5;

  /// No dedicated columns.
  public static final DedicatedColumns NONE = new DedicatedColumns(List.of());

  /// What is used if nothing is configured.
  public static final DedicatedColumns DEFAULT =
      new DedicatedColumns(
          List.of(
              DedicatedColumn.of(RESOURCE, "k8s.cluster.name", STRING),
              DedicatedColumn.of(RESOURCE, "k8s.namespace.name", STRING),
              DedicatedColumn.of(RESOURCE, "k8s.pod.name", STRING),
              DedicatedColumn.of(RESOURCE, "k8s.container.name", STRING),
              DedicatedColumn.of(SPAN, "http.request.method", STRING),
              DedicatedColumn.of(SPAN, "http.response.status_code", INT),
              DedicatedColumn.of(SPAN, "url.path", STRING),
              DedicatedColumn.of(SPAN, "url.route", STRING),
              DedicatedColumn.of(SPAN, "server.address", STRING),
              DedicatedColumn.of(SPAN, "server.port", INT),
              DedicatedColumn.of(SPAN, "http.method", STRING),
              DedicatedColumn.of(SPAN, "http.url", STRING),
              DedicatedColumn.of(SPAN, "http.route", STRING),
              DedicatedColumn.of(SPAN, "http.status_code", INT)));

  public DedicatedColumns {
    columns = List.copyOf(columns);
    Set<String> seen = new HashSet<>();
    for (DedicatedColumn column : columns) {
      if (!seen.add(column.scope() + "/" + column.name())) {
        throw new IllegalArgumentException(
            "dedicated columns: "
                + column.scope().text()
                + " '"
                + column.name()
                + "' occurs twice (expected: once per scope)");
      }
    }
  }

  /// The columns of a scope and type in slot order.
  public List<DedicatedColumn> of(DedicatedColumn.Scope scope, DedicatedColumn.Type type) {
    return columns.stream().filter(c -> c.scope() == scope && c.type() == type).toList();
  }

  /// Without those that exceed the slots; the surplus stays generic.
  public DedicatedColumns withinLimits() {
    List<DedicatedColumn> kept = new ArrayList<>();
    for (DedicatedColumn column : columns) {
      long before =
          kept.stream()
              .filter(c -> c.scope() == column.scope() && c.type() == column.type())
              .count();
      if (before < (column.type() == STRING ? MAX_STRINGS : MAX_INTS)) {
        kept.add(column);
      }
    }
    return kept.size() == columns.size() ? this : new DedicatedColumns(kept);
  }
}
