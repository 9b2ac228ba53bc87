package io.vivace.engine.filter;

import io.vivace.traceql.ast.FieldExpression;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which fields an expression names.
public final class Fields {
  private Fields() {}

  /// In order of appearance, each once.
  public static List<Field> of(FieldExpression expression) {
    Set<Field> found = new LinkedHashSet<>();
    collect(expression, found);
    return new ArrayList<>(found);
  }

  /// What a single field resolves to.
  public static Field of(FieldExpression.Field field) {
    return Resolver.field(field);
  }

  private static void collect(FieldExpression expression, Set<Field> found) {
    switch (expression) {
      case FieldExpression.Field field -> found.add(Resolver.field(field));
      case FieldExpression.Literal _ -> {}
      case FieldExpression.Unary unary -> collect(unary.operand(), found);
      case FieldExpression.Exists exists -> collect(exists.operand(), found);
      case FieldExpression.NotExists missing -> collect(missing.operand(), found);
      case FieldExpression.Binary binary -> {
        collect(binary.left(), found);
        collect(binary.right(), found);
      }
    }
  }
}
