package io.vivace.engine.metrics;

import io.vivace.traceql.ast.Coalesce;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.GroupBy;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsFunction;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOperation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects the fields that a query names.
final class QueryFields {
  private final Map<String, FieldExpression.Field> found = new LinkedHashMap<>();

  private QueryFields() {}

  /// In order of appearance, each once.
  static List<FieldExpression.Field> of(MetricsExpression.SubQuery query) {
    QueryFields fields = new QueryFields();
    fields.addPipeline(query.pipeline());
    switch (query.function()) {
      case MetricsFunction.OverTime function -> {
        if (function.argument() != null) {
          fields.addAll(function.argument());
        }
        function.by().forEach(fields::addAll);
      }
      case MetricsFunction.Compare compare -> fields.addAll(compare.selection().expression());
    }
    return new ArrayList<>(fields.found.values());
  }

  private void addPipeline(Pipeline pipeline) {
    for (PipelineStage stage : pipeline.stages()) {
      switch (stage) {
        case SpansetFilter filter -> addAll(filter.expression());
        case SpansetOperation operation -> addOperand(operation);
        case GroupBy by -> addAll(by.expression());
        case Select select -> select.fields().forEach(this::addAll);
        case Coalesce _ -> {}
        case ScalarFilter filter -> {
          addScalar(filter.left());
          addScalar(filter.right());
        }
      }
    }
  }

  private void addOperand(SpansetExpression expression) {
    switch (expression) {
      case SpansetFilter filter -> addAll(filter.expression());
      case SpansetOperation operation -> {
        addOperand(operation.left());
        addOperand(operation.right());
      }
      case Pipeline pipeline -> addPipeline(pipeline);
    }
  }

  private void addScalar(ScalarExpression expression) {
    switch (expression) {
      case ScalarExpression.Aggregate aggregate -> {
        if (aggregate.argument() != null) {
          addAll(aggregate.argument());
        }
      }
      case ScalarExpression.Constant _ -> {}
      case ScalarExpression.Operation operation -> {
        addScalar(operation.left());
        addScalar(operation.right());
      }
      case ScalarExpression.PipelineAggregate nested -> {
        addPipeline(nested.pipeline());
        addScalar(nested.aggregate());
      }
    }
  }

  private void addAll(FieldExpression expression) {
    switch (expression) {
      case FieldExpression.Field field -> found.putIfAbsent(field.label(), field);
      case FieldExpression.Literal _ -> {}
      case FieldExpression.Unary unary -> addAll(unary.operand());
      case FieldExpression.Exists exists -> addAll(exists.operand());
      case FieldExpression.NotExists missing -> addAll(missing.operand());
      case FieldExpression.Binary binary -> {
        addAll(binary.left());
        addAll(binary.right());
      }
    }
  }
}
