package io.vivace.traceql.check;

import io.vivace.traceql.ast.Coalesce;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.GroupBy;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsExpression.Arithmetic;
import io.vivace.traceql.ast.MetricsExpression.SubQuery;
import io.vivace.traceql.ast.MetricsFunction.Compare;
import io.vivace.traceql.ast.MetricsFunction.OverTime;
import io.vivace.traceql.ast.MetricsOp;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Numbers;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.ScalarExpression.Aggregate;
import io.vivace.traceql.ast.ScalarExpression.Constant;
import io.vivace.traceql.ast.ScalarExpression.Operation;
import io.vivace.traceql.ast.ScalarExpression.PipelineAggregate;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.SecondStage;
import io.vivace.traceql.ast.SecondStage.BottomK;
import io.vivace.traceql.ast.SecondStage.Threshold;
import io.vivace.traceql.ast.SecondStage.TopK;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOperation;
import io.vivace.traceql.ast.StaticType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The static rules. Pipelines are checked first, then metrics functions, then second stages, then
/// the rule about `compare`; the first failure is reported.
public final class Validator {
  private static final int MAX_GROUP_FIELDS = 5;
  private static final long MAX_COMPARE_TOP_VALUES = 1_000;

  private Validator() {}

  /// @throws TraceQlValidationException if a rule fails
  public static void check(Query query) {
    switch (query.body()) {
      case Pipeline pipeline -> checkPipeline(pipeline);
      case MetricsQuery metrics -> checkMetrics(metrics);
    }
  }

  // ---- spansets

  private static void checkPipeline(Pipeline pipeline) {
    for (PipelineStage stage : pipeline.stages()) {
      switch (stage) {
        case SpansetFilter filter -> checkFilter(filter);
        case SpansetOperation operation -> checkSpanset(operation);
        case ScalarFilter filter -> checkScalarFilter(filter);
        case GroupBy groupBy -> checkGroupBy(groupBy);
        case Select select -> select.fields().forEach(FieldRules::check);
        case Coalesce _ -> {}
      }
    }
  }

  private static void checkSpanset(SpansetExpression expression) {
    Deque<SpansetOperation> spine = new ArrayDeque<>();
    SpansetExpression leftmost = expression;
    while (leftmost instanceof SpansetOperation operation) {
      spine.push(operation);
      leftmost = operation.left();
    }
    switch (leftmost) {
      case SpansetFilter filter -> checkFilter(filter);
      case Pipeline pipeline -> checkPipeline(pipeline);
      case SpansetOperation _ ->
          throw new IllegalStateException("the leftmost operand is no operation");
    }
    while (!spine.isEmpty()) {
      checkSpanset(spine.pop().right());
    }
  }

  private static void checkFilter(SpansetFilter filter) {
    FieldRules.check(filter.expression());
    StaticType type = filter.expression().type();
    if (type != StaticType.BOOL && type != StaticType.ATTRIBUTE) {
      throw FieldRules.invalid(
          "span filter field expressions must resolve to a boolean: " + filter, filter);
    }
  }

  private static void checkGroupBy(GroupBy stage) {
    FieldRules.check(stage.expression());
    if (!stage.expression().referencesSpan()) {
      throw FieldRules.invalid(
          "grouping field expressions must reference the span: " + stage, stage);
    }
  }

  // ---- scalars

  private static void checkScalarFilter(ScalarFilter filter) {
    checkScalar(filter.left());
    checkScalar(filter.right());
    FieldRules.checkOperands(filter.op(), filter.left().type(), filter.right().type(), filter);
    if (!(filter.left() instanceof Aggregate)) {
      throw FieldRules.unsupported(
          "scalar filter lhs of type (%v) not yet supported; write the aggregate on the left and a"
              + " number on the right",
          filter.left());
    }
    if (!(filter.right() instanceof Constant)) {
      throw FieldRules.unsupported(
          "scalar filter rhs of type (%v) not yet supported; write the aggregate on the left and a"
              + " number on the right",
          filter.right());
    }
  }

  private static void checkScalar(ScalarExpression expression) {
    Deque<Operation> spine = new ArrayDeque<>();
    ScalarExpression leftmost = expression;
    while (leftmost instanceof Operation operation) {
      spine.push(operation);
      leftmost = operation.left();
    }
    switch (leftmost) {
      case Aggregate aggregate -> checkAggregate(aggregate);
      case PipelineAggregate pipeline -> {
        checkPipeline(pipeline.pipeline());
        checkAggregate(pipeline.aggregate());
      }
      case Constant _ -> {}
      case Operation _ -> throw new IllegalStateException("the leftmost operand is no operation");
    }
    while (!spine.isEmpty()) {
      Operation operation = spine.pop();
      checkScalar(operation.right());
      FieldRules.checkOperands(
          operation.op(), operation.left().type(), operation.right().type(), operation);
    }
  }

  private static void checkAggregate(Aggregate aggregate) {
    FieldExpression argument = aggregate.argument();
    if (argument == null) {
      return;
    }
    FieldRules.check(argument);
    StaticType type = argument.type();
    if (type != StaticType.ATTRIBUTE && !type.isNumeric()) {
      throw FieldRules.invalid(
          "aggregate field expressions must resolve to a number type: " + aggregate, aggregate);
    }
    if (!argument.referencesSpan()) {
      throw FieldRules.invalid(
          "aggregate field expressions must reference the span: " + aggregate, aggregate);
    }
  }

  // ---- metrics

  private static void checkMetrics(MetricsQuery query) {
    List<SubQuery> subQueries = new ArrayList<>();
    collect(query.expression(), subQueries);
    for (SubQuery subQuery : subQueries) {
      checkPipeline(subQuery.pipeline());
    }
    for (SubQuery subQuery : subQueries) {
      switch (subQuery.function()) {
        case OverTime function -> checkOverTime(function);
        case Compare function -> checkCompare(function);
      }
    }
    boolean secondStages = !query.secondStages().isEmpty();
    for (SubQuery subQuery : subQueries) {
      subQuery.secondStages().forEach(Validator::checkSecondStage);
      secondStages |= !subQuery.secondStages().isEmpty();
    }
    query.secondStages().forEach(Validator::checkSecondStage);
    if (secondStages || query.expression() instanceof Arithmetic) {
      for (SubQuery subQuery : subQueries) {
        if (subQuery.function() instanceof Compare compare) {
          throw FieldRules.invalid(
              "`compare()` cannot be used with second stage functions", compare);
        }
      }
    }
  }

  private static void collect(MetricsExpression expression, List<SubQuery> into) {
    Deque<Arithmetic> spine = new ArrayDeque<>();
    MetricsExpression leftmost = expression;
    while (leftmost instanceof Arithmetic arithmetic) {
      spine.push(arithmetic);
      leftmost = arithmetic.left();
    }
    if (leftmost instanceof SubQuery subQuery) {
      into.add(subQuery);
    }
    while (!spine.isEmpty()) {
      collect(spine.pop().right(), into);
    }
  }

  private static void checkOverTime(OverTime function) {
    MetricsOp op = function.op();
    boolean reservesOne =
        op == MetricsOp.QUANTILE_OVER_TIME
            || op == MetricsOp.HISTOGRAM_OVER_TIME
            || op == MetricsOp.AVG_OVER_TIME;
    int fields = function.by().size();
    if (fields > (reservesOne ? MAX_GROUP_FIELDS - 1 : MAX_GROUP_FIELDS)) {
      throw FieldRules.unsupported(
          "metrics group by " + fields + " values not yet supported", function);
    }
    for (double quantile : function.quantiles()) {
      if (quantile < 0 || quantile > 1) {
        throw FieldRules.invalid(
            "quantile must be between 0 and 1: " + Numbers.shortest(quantile), function);
      }
    }
  }

  private static void checkCompare(Compare function) {
    checkFilter(function.selection());
    if (function.topValues() < 1 || function.topValues() > MAX_COMPARE_TOP_VALUES) {
      throw FieldRules.invalid(
          "compare() top number of values must be an integer between 1 and "
              + MAX_COMPARE_TOP_VALUES,
          function);
    }
    long start = function.startEpochNanos();
    long end = function.endEpochNanos();
    if ((start == 0) != (end == 0)) {
      throw FieldRules.invalid(
          "compare() timestamps must be positive integer unix nanoseconds", function);
    }
    if (start != 0 && end <= start) {
      throw FieldRules.invalid(
          "compare() end timestamp must be greater than start timestamp", function);
    }
  }

  private static void checkSecondStage(SecondStage stage) {
    long limit =
        switch (stage) {
          case TopK topK -> topK.limit();
          case BottomK bottomK -> bottomK.limit();
          case Threshold _ -> 1;
        };
    if (limit <= 0) {
      throw FieldRules.invalid("limit must be greater than 0", stage);
    }
  }
}
