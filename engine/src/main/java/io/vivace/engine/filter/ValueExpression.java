package io.vivace.engine.filter;

import io.vivace.traceql.ast.FieldExpression;
import java.util.List;

/// An expression whose values are wanted, resolved: what spans are grouped by or aggregated.
/// Immutable.
public final class ValueExpression {
  private final Expression resolved;
  private final Shape shape;
  private final List<Field> fields;

  private ValueExpression(Expression resolved, List<Field> fields) {
    this.resolved = resolved;
    this.shape = Shape.of(resolved);
    this.fields = fields;
  }

  public static ValueExpression of(FieldExpression syntax) {
    return new ValueExpression(Resolver.resolve(syntax), Fields.of(syntax));
  }

  /// True if the value for a span depends on other spans of its trace.
  public boolean needsWholeTrace() {
    return shape.needsWholeTrace();
  }

  /// The fields named, each once.
  public List<Field> fields() {
    return fields;
  }

  Expression resolved() {
    return resolved;
  }
}
