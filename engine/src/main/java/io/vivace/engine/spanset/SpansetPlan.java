package io.vivace.engine.spanset;

import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.Fields;
import io.vivace.engine.filter.ShownField;
import io.vivace.engine.filter.SpanFilter;
import io.vivace.engine.filter.Value;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.engine.filter.ValueType;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.Coalesce;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.GroupBy;
import io.vivace.traceql.ast.Node;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOp;
import io.vivace.traceql.ast.SpansetOperation;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A spanset pipeline, resolved. Immutable and thread-safe.
public final class SpansetPlan {
  private final List<Stage> stages;
  private final List<Field> conditionFields;
  private final List<Field> selectedFields;
  private final List<ShownField> shownFields;
  private final boolean dependsOnTrace;
  private final boolean isNever;
  private final boolean seesAllSpans;

  private SpansetPlan(List<Stage> stages, Builder builder) {
    this.stages = List.copyOf(stages);
    this.conditionFields = List.copyOf(builder.conditionFields);
    this.selectedFields = List.copyOf(builder.selectedFields);
    this.shownFields = builder.shown.toList();
    this.dependsOnTrace = builder.dependsOnTrace;
    this.isNever = isNever(stages);
    this.seesAllSpans =
        stages.getFirst() instanceof Stage.Filter
            || stages.getFirst() instanceof Stage.Operation
            || builder.hasMatchAll
            || (conditionFields.isEmpty() && selectedFields.isEmpty());
  }

  /// Resolves a validated pipeline.
  ///
  /// @throws RequestException INVALID_ARGUMENT, naming the construct and its position, if it cannot
  ///   be executed
  public static SpansetPlan of(Pipeline pipeline) {
    Builder builder = new Builder();
    return new SpansetPlan(builder.stages(pipeline), builder);
  }

  List<Stage> stages() {
    return stages;
  }

  /// The fields that conditions, groupings and aggregates name, each once.
  public List<Field> conditionFields() {
    return conditionFields;
  }

  /// The fields that are only shown.
  public List<Field> selectedFields() {
    return selectedFields;
  }

  /// All of them, with what answers show of them.
  public List<ShownField> shownFields() {
    return shownFields;
  }

  /// True if the answer for a span depends on other spans of its trace, so that only whole traces
  /// may be evaluated.
  public boolean dependsOnTrace() {
    return dependsOnTrace;
  }

  /// A filter on single spans without which no trace matches: if no fragment of a trace has a span
  /// that passes, the whole trace does not match. Null if none is known.
  public @Nullable SpanFilter requiredFilter() {
    return required(stages);
  }

  private static @Nullable SpanFilter required(List<Stage> stages) {
    for (Stage stage : stages) {
      if (stage instanceof Stage.Operand operand) {
        SpanFilter filter = required(operand);
        if (filter != null) {
          return filter;
        }
      }
    }
    return null;
  }

  private static @Nullable SpanFilter required(Stage.Operand operand) {
    return switch (operand) {
      case Stage.Filter(SpanFilter filter) ->
          filter.needsWholeTrace() || filter.isAlways() ? null : filter;
      case Stage.Nested nested -> required(nested.stages());
      case Stage.Operation operation ->
          switch (operation.op().relation()) {
            case OR -> null;
            case AND -> firstOf(required(operation.left()), operation.right());
            case CHILD, PARENT, DESCENDANT, ANCESTOR, SIBLING -> {
              SpanFilter right = required(operation.right());
              yield right == null && operation.op().variant() != NEGATED
                  ? required(operation.left())
                  : right;
            }
          };
    };
  }

  private static @Nullable SpanFilter firstOf(@Nullable SpanFilter left, Stage.Operand right) {
    return left == null ? required(right) : left;
  }

  /// True if no batch can have a match.
  public boolean isNever() {
    return isNever;
  }

  /// False if only spans that have one of the fields take part: in pipelines that begin with a
  /// grouping, an aggregate or `select`.
  boolean seesAllSpans() {
    return seesAllSpans;
  }

  private static boolean isNever(List<Stage> stages) {
    for (Stage stage : stages) {
      if (stage instanceof Stage.Operand operand && isNever(operand)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNever(Stage.Operand operand) {
    return switch (operand) {
      case Stage.Filter filter -> filter.filter().isNever();
      case Stage.Nested nested -> isNever(nested.stages());
      case Stage.Operation operation ->
          switch (operation.op().relation()) {
            case OR -> isNever(operation.left()) && isNever(operation.right());
            case AND -> isNever(operation.left()) || isNever(operation.right());
            case CHILD, PARENT, DESCENDANT, ANCESTOR, SIBLING ->
                isNever(operation.right())
                    || (operation.op().variant() != NEGATED && isNever(operation.left()));
          };
    };
  }

  private static final SpansetOp.Variant NEGATED = SpansetOp.Variant.NEGATED;

  private static final class Builder {
    private final ShownField.Collector shown = new ShownField.Collector();
    private final Set<Field> conditionFields = new LinkedHashSet<>();
    private final Set<Field> selectedFields = new LinkedHashSet<>();
    private boolean dependsOnTrace;
    private boolean hasMatchAll;

    List<Stage> stages(Pipeline pipeline) {
      List<Stage> stages = new ArrayList<>();
      for (PipelineStage stage : pipeline.stages()) {
        stages.add(stage(stage));
      }
      return stages;
    }

    private Stage stage(PipelineStage stage) {
      return switch (stage) {
        case SpansetFilter filter -> filter(filter);
        case SpansetOperation operation -> operation(operation);
        case GroupBy by -> {
          dependsOnTrace = true;
          yield new Stage.Group(value(by.expression()), by.toString());
        }
        case Coalesce _ -> new Stage.Coalesce();
        case Select select -> {
          for (FieldExpression.Field field : select.fields()) {
            selectedFields.add(Fields.of(field));
            shown.addSelected(Fields.of(field));
          }
          yield new Stage.Select();
        }
        case ScalarFilter filter -> scalar(filter);
      };
    }

    private Stage.Filter filter(SpansetFilter syntax) {
      SpanFilter filter = SpanFilter.of(syntax.expression());
      conditionFields.addAll(filter.fields());
      shown.addFilter(filter);
      dependsOnTrace |= filter.needsWholeTrace();
      hasMatchAll |= filter.isAlways();
      return new Stage.Filter(filter);
    }

    private Stage.Operation operation(SpansetOperation operation) {
      dependsOnTrace = true;
      return new Stage.Operation(
          operation.op(), operand(operation.left()), operand(operation.right()));
    }

    private Stage.Operand operand(SpansetExpression expression) {
      return switch (expression) {
        case SpansetFilter filter -> filter(filter);
        case SpansetOperation operation -> operation(operation);
        case Pipeline pipeline -> new Stage.Nested(stages(pipeline));
      };
    }

    private ValueExpression value(FieldExpression expression) {
      ValueExpression value = ValueExpression.of(expression);
      conditionFields.addAll(value.fields());
      shown.addValue(value);
      return value;
    }

    private Stage.Aggregate scalar(ScalarFilter filter) {
      dependsOnTrace = true;
      if (!(filter.left() instanceof ScalarExpression.Aggregate aggregate)) {
        throw unsupported("comparing " + filter.left(), filter.left());
      }
      if (!(filter.right() instanceof ScalarExpression.Constant constant)) {
        throw unsupported("comparing with " + filter.right(), filter.right());
      }
      FieldExpression argument = aggregate.argument();
      return new Stage.Aggregate(
          aggregate.op(),
          argument == null ? null : value(argument),
          aggregate.toString(),
          filter.op(),
          number(constant));
    }

    private static Value number(ScalarExpression.Constant constant) {
      return switch (constant.value()) {
        case Static.IntValue number -> Value.number(ValueType.INT, number.value());
        case Static.DurationValue number -> Value.number(ValueType.DURATION, number.nanos());
        case Static.FloatValue number ->
            Value.number(ValueType.FLOAT, Double.doubleToRawLongBits(number.value()));
        case Static.Nil _,
            Static.BoolValue _,
            Static.StatusValue _,
            Static.KindValue _,
            Static.StringValue _ ->
            throw unsupported("comparing with " + constant, constant);
      };
    }

    private static RequestException unsupported(String construct, Node node) {
      return new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          construct + " at " + node.position() + " is not supported yet");
    }
  }
}
