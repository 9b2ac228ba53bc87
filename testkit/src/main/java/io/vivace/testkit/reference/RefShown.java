package io.vivace.testkit.reference;

import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.Coalesce;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.AttributeRef;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.Exists;
import io.vivace.traceql.ast.FieldExpression.Field;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.FieldExpression.NotExists;
import io.vivace.traceql.ast.FieldExpression.Unary;
import io.vivace.traceql.ast.GroupBy;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.ScalarExpression.Aggregate;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOperation;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which fields an answer shows for a span: those that the query names, wherever it names them.
///
/// A field that is only compared with literals is shown if one of these comparisons holds for the
/// span: of an array the elements that satisfy one of them, of events and links the value of the
/// last for which the filter (or else the comparison alone) is true. A field that is used in
/// another way or selected is shown whole, of events and links the last that has it.
final class RefShown {
  /// Shown in a place of their own, or not at all.
  private static final Set<Intrinsic> ELSEWHERE =
      EnumSet.of(
          Intrinsic.NAME,
          Intrinsic.DURATION,
          Intrinsic.TRACE_DURATION,
          Intrinsic.ROOT_NAME,
          Intrinsic.ROOT_SERVICE,
          Intrinsic.TRACE_ID,
          Intrinsic.SPAN_ID);

  private static final class Uses {
    final Field field;
    boolean always;
    boolean selected;

    /// Comparison to the filter that it is a part of.
    final Map<FieldExpression, FieldExpression> conditions = new LinkedHashMap<>();

    Uses(Field field) {
      this.field = field;
    }
  }

  private final RefFields fields;
  private final Map<Field, Uses> uses = new LinkedHashMap<>();

  RefShown(Pipeline pipeline, RefView view) {
    fields = new RefFields(view);
    visit(pipeline);
  }

  List<RefMatch.Shown> of(RefView.Node node) {
    List<RefMatch.Shown> shown = new ArrayList<>();
    for (Uses use : uses.values()) {
      String key =
          switch (use.field) {
            case AttributeRef it -> it.attribute().name();
            case IntrinsicRef it -> it.intrinsic().label();
          };
      if (use.field instanceof IntrinsicRef it && ELSEWHERE.contains(it.intrinsic())) {
        continue;
      }
      boolean missing = false;
      List<FieldExpression> holding = new ArrayList<>();
      for (FieldExpression condition : use.conditions.keySet()) {
        if (fields.matches(condition, node)) {
          holding.add(condition);
          missing |= condition instanceof NotExists;
        }
      }
      boolean holds = use.always || !holding.isEmpty();
      RefValue value = use.always ? fields.shown(use.field, node) : compared(use, holding, node);
      if (value instanceof RefValue.Nil || value instanceof RefValue.Unusable) {
        if (missing) {
          shown.add(new RefMatch.Shown(key, new RefValue.Text("nil")));
        } else if (use.selected
            && use.field instanceof IntrinsicRef it
            && (it.intrinsic().level() == Intrinsic.Level.EVENT
                || it.intrinsic().level() == Intrinsic.Level.LINK)
            && it.intrinsic() != Intrinsic.EVENT_TIME_SINCE_START) {
          shown.add(new RefMatch.Shown(key, new RefValue.Text("")));
        }
      } else if (holds) {
        shown.add(new RefMatch.Shown(key, value));
      }
    }
    return shown;
  }

  private RefValue compared(Uses use, List<FieldExpression> holding, RefView.Node node) {
    Intrinsic.Level level = RefFields.levelOf(use.field);
    if (level == Intrinsic.Level.EVENT || level == Intrinsic.Level.LINK) {
      for (FieldExpression condition : holding) {
        FieldExpression filter = use.conditions.getOrDefault(condition, condition);
        RefValue value =
            fields.shownWhere(use.field, fields.matches(filter, node) ? filter : condition, node);
        if (!(value instanceof RefValue.Nil)) {
          return value;
        }
      }
      return RefValue.NIL;
    }
    RefValue value = fields.shown(use.field, node);
    if (!(value instanceof RefValue.Array(List<RefValue> elements))) {
      return value;
    }
    List<RefValue> kept = new ArrayList<>();
    for (RefValue element : elements) {
      if (holding.stream().anyMatch(condition -> satisfies(element, condition))) {
        kept.add(element);
      }
    }
    return kept.size() == 1 ? kept.getFirst() : new RefValue.Array(kept);
  }

  private static boolean satisfies(RefValue element, FieldExpression condition) {
    return switch (condition) {
      case Binary(BinaryOp op, Field _, Literal(Static literal, _), _) ->
          RefOperators.apply(op, element, RefValue.of(literal)).equals(new RefValue.Bool(true));
      case Binary(BinaryOp op, Literal(Static literal, _), Field _, _) ->
          RefOperators.apply(op, RefValue.of(literal), element).equals(new RefValue.Bool(true));
      default -> true;
    };
  }

  private Uses use(Field field) {
    return uses.computeIfAbsent(field, Uses::new);
  }

  private void visit(Pipeline pipeline) {
    for (PipelineStage stage : pipeline.stages()) {
      switch (stage) {
        case SpansetFilter it -> visit(it.expression(), it.expression());
        case SpansetOperation it -> visitSpansets(it);
        case GroupBy it -> always(it.expression());
        case Select it ->
            it.fields()
                .forEach(field -> {
                  use(field).always = true;
                  use(field).selected = true;
                });
        case ScalarFilter it -> {
          if (it.left() instanceof Aggregate aggregate && aggregate.argument() != null) {
            always(aggregate.argument());
          }
        }
        case Coalesce _ -> {}
      }
    }
  }

  private void visitSpansets(SpansetExpression expression) {
    switch (expression) {
      case SpansetFilter it -> visit(it.expression(), it.expression());
      case Pipeline it -> visit(it);
      case SpansetOperation it -> {
        visitSpansets(it.left());
        visitSpansets(it.right());
      }
    }
  }

  private void always(FieldExpression expression) {
    List<Field> found = new ArrayList<>();
    RefFields.collectFields(expression, found);
    for (Field field : found) {
      use(field).always = true;
    }
  }

  private void visit(FieldExpression expression, FieldExpression filter) {
    switch (expression) {
      case Binary it when it.op().isLogical() -> {
        visit(it.left(), filter);
        visit(it.right(), filter);
      }
      case Binary(_, Field field, Literal(Static _, _), _) when !isArithmetic(expression) ->
          use(field).conditions.put(expression, filter);
      case Binary(_, Literal(Static _, _), Field field, _) when !isArithmetic(expression) ->
          use(field).conditions.put(expression, filter);
      case Exists it when it.operand() instanceof Field field ->
          use(field).conditions.put(expression, filter);
      case NotExists it when it.operand() instanceof Field field ->
          use(field).conditions.put(expression, filter);
      case Unary it -> always(it);
      case Binary it -> always(it);
      case Exists it -> always(it);
      case NotExists it -> always(it);
      case Literal _ -> {}
      case Field it -> use(it).always = true;
    }
  }

  private static boolean isArithmetic(FieldExpression expression) {
    return expression instanceof Binary binary && binary.op().isArithmetic();
  }
}
