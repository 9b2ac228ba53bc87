package io.vivace.traceql.ast;

import java.util.List;

/// The stage `select(field, …)`; at least one field.
public record Select(List<FieldExpression.Field> fields, SourcePosition position)
    implements PipelineStage {
  public Select {
    fields = List.copyOf(fields);
  }

  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
