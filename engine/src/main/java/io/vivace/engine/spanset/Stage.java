package io.vivace.engine.spanset;

import io.vivace.engine.filter.SpanFilter;
import io.vivace.engine.filter.Value;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.traceql.ast.AggregateOp;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.SpansetOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stage of a pipeline, resolved.
sealed interface Stage {

  /// What stands beside a spanset operator: a filter, an operation or a pipeline.
  sealed interface Operand {}

  record Filter(SpanFilter filter) implements Stage, Operand {}

  record Operation(SpansetOp op, Operand left, Operand right) implements Stage, Operand {}

  record Nested(List<Stage> stages) implements Operand {}

  /// `by(expression)`.
  record Group(ValueExpression expression, String label) implements Stage {}

  record Coalesce() implements Stage {}

  /// An aggregate compared with a constant.
  ///
  /// @param argument null for `count()`
  record Aggregate(
      AggregateOp aggregate,
      @Nullable ValueExpression argument,
      String label,
      BinaryOp op,
      Value bound)
      implements Stage {}

  /// Changes nothing here: what is selected is read for the answer.
  record Select() implements Stage {}
}
