package io.vivace.traceql.ast;

import java.util.List;

/// A whole metrics query.
///
/// @param expression a [MetricsExpression.SubQuery] or [MetricsExpression.Arithmetic]
/// @param secondStages applied to the result of arithmetic; empty if the expression is a single
///   sub-query, whose own list then holds them all
public record MetricsQuery(
    MetricsExpression expression, List<SecondStage> secondStages, SourcePosition position)
    implements QueryBody {
  public MetricsQuery {
    secondStages = List.copyOf(secondStages);
  }

  @Override
  public String toString() {
    return Rendering.text(this);
  }
}
