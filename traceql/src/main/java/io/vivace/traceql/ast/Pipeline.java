package io.vivace.traceql.ast;

import java.util.List;

/// Stages run from left to right; at least one.
public record Pipeline(List<PipelineStage> stages, SourcePosition position)
    implements QueryBody, SpansetExpression {
  public Pipeline {
    stages = List.copyOf(stages);
  }

  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
