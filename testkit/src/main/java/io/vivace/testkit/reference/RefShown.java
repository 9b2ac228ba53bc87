package io.vivace.testkit.reference;

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

/// Which fields an answer shows for a span: those that the query names, wherever it names them. A
/// field that is only compared with literals is shown if one of these comparisons holds for the
/// span; one that is used in another way or selected is shown if it has a value.
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
    final List<FieldExpression> conditions = new ArrayList<>();

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
      boolean holds = use.always;
      boolean missing = false;
      for (FieldExpression condition : use.conditions) {
        if (fields.matches(condition, node)) {
          holds = true;
          missing |= condition instanceof NotExists;
        }
      }
      RefValue value = fields.shown(use.field, node);
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

  private Uses use(Field field) {
    return uses.computeIfAbsent(field, Uses::new);
  }

  private void visit(Pipeline pipeline) {
    for (PipelineStage stage : pipeline.stages()) {
      switch (stage) {
        case SpansetFilter it -> visit(it.expression());
        case SpansetOperation it -> visitSpansets(it);
        case GroupBy it -> always(it.expression());
        case Select it ->
            it.fields()
                .forEach(
                    field -> {
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
      case SpansetFilter it -> visit(it.expression());
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

  private void visit(FieldExpression expression) {
    switch (expression) {
      case Binary it when it.op().isLogical() -> {
        visit(it.left());
        visit(it.right());
      }
      case Binary(_, Field field, Literal(Static _, _), _) when !isArithmetic(expression) ->
          use(field).conditions.add(expression);
      case Binary(_, Literal(Static _, _), Field field, _) when !isArithmetic(expression) ->
          use(field).conditions.add(expression);
      case Exists it when it.operand() instanceof Field field ->
          use(field).conditions.add(expression);
      case NotExists it when it.operand() instanceof Field field ->
          use(field).conditions.add(expression);
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
