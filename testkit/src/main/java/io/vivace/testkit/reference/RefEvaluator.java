package io.vivace.testkit.reference;

import io.vivace.testkit.reference.RefValue.Bool;
import io.vivace.testkit.reference.RefValue.Duration;
import io.vivace.testkit.reference.RefValue.Int;
import io.vivace.testkit.reference.RefValue.Real;
import io.vivace.traceql.ast.Coalesce;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Field;
import io.vivace.traceql.ast.GroupBy;
import io.vivace.traceql.ast.MetricsExpression.SubQuery;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.ScalarExpression.Aggregate;
import io.vivace.traceql.ast.ScalarExpression.Constant;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOp;
import io.vivace.traceql.ast.SpansetOperation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs spanset pipelines over whole traces.
public final class RefEvaluator {
  /// Spans that go through the pipeline together.
  record Working(List<RefView.Node> spans, Map<String, RefValue> attributes) {}

  private RefEvaluator() {}

  /// The traces that a query finds, in the order of the input. Of a metrics query the pipeline
  /// counts.
  public static List<RefMatch> search(Query query, List<RefTrace> traces) {
    Pipeline pipeline =
        switch (query.body()) {
          case Pipeline it -> it;
          case MetricsQuery it when it.expression() instanceof SubQuery sub -> sub.pipeline();
          case MetricsQuery _ -> throw new RefQueryException("math expressions not supported");
        };
    List<RefMatch> matches = new ArrayList<>();
    for (RefTrace trace : traces) {
      RefView view = new RefView(trace);
      List<Working> result = run(pipeline, view);
      if (!result.isEmpty()) {
        RefShown shown = new RefShown(pipeline, view);
        List<RefMatch.Spanset> spansets = new ArrayList<>();
        for (Working working : result) {
          List<RefMatch.Found> spans = new ArrayList<>();
          for (RefView.Node node : working.spans) {
            spans.add(new RefMatch.Found(node.span, shown.of(node)));
          }
          spansets.add(new RefMatch.Spanset(spans, working.attributes));
        }
        matches.add(new RefMatch(trace, spansets));
      }
    }
    return matches;
  }

  /// The spansets of one trace that survive the pipeline.
  static List<Working> run(Pipeline pipeline, RefView view) {
    List<RefView.Node> candidates = new ArrayList<>();
    for (RefView.Node node : view.nodes()) {
      if (isCandidate(pipeline, view, node)) {
        candidates.add(node);
      }
    }
    return candidates.isEmpty()
        ? List.of()
        : run(pipeline, view, List.of(new Working(candidates, Map.of())));
  }

  /// A pipeline that does not start with a filter only sees spans that have one of the fields that
  /// it names, if it names any.
  private static boolean isCandidate(Pipeline pipeline, RefView view, RefView.Node node) {
    PipelineStage first = pipeline.stages().getFirst();
    if (first instanceof SpansetFilter || first instanceof SpansetOperation) {
      return true;
    }
    List<Field> fields = new ArrayList<>();
    for (PipelineStage stage : pipeline.stages()) {
      switch (stage) {
        case SpansetFilter it -> RefFields.collectFields(it.expression(), fields);
        case GroupBy it -> RefFields.collectFields(it.expression(), fields);
        case Select it -> fields.addAll(it.fields());
        case ScalarFilter it -> {
          if (it.left() instanceof Aggregate aggregate && aggregate.argument() != null) {
            RefFields.collectFields(aggregate.argument(), fields);
          }
        }
        case SpansetOperation _ -> {
          return true;
        }
        case Coalesce _ -> {}
      }
    }
    RefFields evaluator = new RefFields(view);
    for (Field field : fields) {
      if (!(evaluator.value(field, node) instanceof RefValue.Nil)) {
        return true;
      }
    }
    return fields.isEmpty();
  }

  private static List<Working> run(Pipeline pipeline, RefView view, List<Working> input) {
    List<Working> state = input;
    for (PipelineStage stage : pipeline.stages()) {
      state = apply(stage, view, state);
      if (state.isEmpty()) {
        return state;
      }
    }
    return state;
  }

  private static List<Working> apply(PipelineStage stage, RefView view, List<Working> input) {
    List<Working> output = new ArrayList<>();
    switch (stage) {
      case SpansetFilter it -> input.forEach(set -> output.addAll(evaluate(it, view, set)));
      case SpansetOperation it -> input.forEach(set -> output.addAll(evaluate(it, view, set)));
      case GroupBy it -> input.forEach(set -> output.addAll(group(it, view, set)));
      case Select _ -> output.addAll(input);
      case Coalesce _ -> {
        List<RefView.Node> all = new ArrayList<>();
        input.forEach(set -> all.addAll(set.spans));
        output.add(new Working(all, Map.of()));
      }
      case ScalarFilter it -> input.forEach(set -> output.addAll(scalar(it, view, set)));
    }
    return output;
  }

  // ---- spansets

  private static List<Working> evaluate(SpansetExpression expression, RefView view, Working set) {
    return switch (expression) {
      case SpansetFilter it -> {
        RefFields fields = new RefFields(view);
        List<RefView.Node> kept = new ArrayList<>();
        for (RefView.Node node : set.spans) {
          if (fields.matches(it.expression(), node)) {
            kept.add(node);
          }
        }
        yield kept.isEmpty() ? List.of() : List.of(new Working(kept, set.attributes));
      }
      case Pipeline it -> run(it, view, List.of(set));
      case SpansetOperation it -> operation(it, view, set);
    };
  }

  private static List<Working> operation(SpansetOperation node, RefView view, Working set) {
    List<Working> left = evaluate(node.left(), view, set);
    List<Working> right = evaluate(node.right(), view, set);
    SpansetOp op = node.op();
    List<RefView.Node> result;
    if (!op.isStructural()) {
      boolean keep =
          op == SpansetOp.AND
              ? !left.isEmpty() && !right.isEmpty()
              : !left.isEmpty() || !right.isEmpty();
      result = keep ? union(spans(left), spans(right)) : List.of();
    } else {
      if (left.size() > 1 || right.size() > 1) {
        throw new RefQueryException(
            "spanset operators are not supported for multiple spansets per trace. consider using"
                + " coalesce()");
      }
      result = related(op, spans(left), spans(right));
    }
    return result.isEmpty() ? List.of() : List.of(new Working(result, set.attributes));
  }

  private static List<RefView.Node> spans(List<Working> sets) {
    List<RefView.Node> all = new ArrayList<>();
    sets.forEach(set -> all.addAll(set.spans));
    return all;
  }

  private static List<RefView.Node> union(List<RefView.Node> a, List<RefView.Node> b) {
    Set<RefView.Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<RefView.Node> all = new ArrayList<>();
    for (List<RefView.Node> list : List.of(a, b)) {
      for (RefView.Node node : list) {
        if (seen.add(node)) {
          all.add(node);
        }
      }
    }
    return all;
  }

  private static List<RefView.Node> related(
      SpansetOp op, List<RefView.Node> left, List<RefView.Node> right) {
    List<RefView.Node> matching = new ArrayList<>();
    List<RefView.Node> others = new ArrayList<>();
    Set<RefView.Node> partners = Collections.newSetFromMap(new IdentityHashMap<>());
    for (RefView.Node r : right) {
      boolean any = false;
      for (RefView.Node l : left) {
        if (isRelated(op, l, r)) {
          any = true;
          partners.add(l);
        }
      }
      (any ? matching : others).add(r);
    }
    return switch (op.variant()) {
      case PLAIN -> matching;
      case NEGATED -> others;
      case UNION -> {
        List<RefView.Node> found = new ArrayList<>();
        for (RefView.Node l : left) {
          if (partners.contains(l)) {
            found.add(l);
          }
        }
        yield union(matching, found);
      }
    };
  }

  private static boolean isRelated(SpansetOp op, RefView.Node l, RefView.Node r) {
    return switch (op.relation()) {
      case CHILD -> RefView.isParent(l, r);
      case PARENT -> RefView.isParent(r, l);
      case DESCENDANT -> RefView.isAncestor(l, r);
      case ANCESTOR -> RefView.isAncestor(r, l);
      case SIBLING -> RefView.isSibling(l, r);
      case AND, OR -> throw new IllegalArgumentException(op.toString());
    };
  }

  // ---- by and aggregates

  private static List<Working> group(GroupBy stage, RefView view, Working set) {
    RefFields fields = new RefFields(view);
    Map<RefValue, List<RefView.Node>> groups = new LinkedHashMap<>();
    for (RefView.Node node : set.spans) {
      RefValue value = fields.value(stage.expression(), node);
      RefValue key = value instanceof RefValue.Unusable ? RefValue.NIL : value;
      groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(node);
    }
    List<Working> result = new ArrayList<>();
    groups.forEach((value, nodes) ->
        result.add(new Working(nodes, with(set.attributes, stage.toString(), value))));
    return result;
  }

  private static Map<String, RefValue> with(
      Map<String, RefValue> attributes, String key, RefValue value) {
    Map<String, RefValue> more = new LinkedHashMap<>(attributes);
    more.put(key, value);
    return more;
  }

  private static List<Working> scalar(ScalarFilter filter, RefView view, Working set) {
    if (!(filter.left() instanceof Aggregate aggregate)
        || !(filter.right() instanceof Constant constant)) {
      throw new RefQueryException("not yet supported: " + filter);
    }
    RefValue value = aggregate(aggregate, view, set.spans);
    if (value == null) {
      return List.of();
    }
    boolean holds =
        RefOperators.apply(filter.op(), value, RefValue.of(constant.value()))
                instanceof Bool(boolean flag)
            && flag;
    return holds
        ? List.of(new Working(set.spans, with(set.attributes, aggregate.toString(), value)))
        : List.of();
  }

  private static @Nullable RefValue aggregate(
      Aggregate aggregate, RefView view, List<RefView.Node> nodes) {
    FieldExpression argument = aggregate.argument();
    if (argument == null) {
      return new Int(nodes.size());
    }
    RefFields fields = new RefFields(view);
    List<RefValue> values = new ArrayList<>();
    for (RefView.Node node : nodes) {
      RefValue value = fields.value(argument, node);
      if (RefOperators.isNumber(value)) {
        values.add(value);
      }
    }
    if (values.isEmpty()) {
      return null;
    }
    return switch (aggregate.op()) {
      case MIN -> extreme(values, -1);
      case MAX -> extreme(values, 1);
      case SUM -> sum(ofFirstType(values));
      case AVG -> average(ofFirstType(values));
      case COUNT -> throw new IllegalArgumentException("count takes no argument");
    };
  }

  private static RefValue extreme(List<RefValue> values, int sign) {
    RefValue best = values.getFirst();
    for (RefValue value : values) {
      if (sign * Double.compare(RefOperators.number(value), RefOperators.number(best)) > 0) {
        best = value;
      }
    }
    return best;
  }

  /// Values of another type than the first one do not take part in sums and means.
  private static List<RefValue> ofFirstType(List<RefValue> values) {
    List<RefValue> same = new ArrayList<>();
    for (RefValue value : values) {
      if (value.getClass() == values.getFirst().getClass()) {
        same.add(value);
      }
    }
    return same;
  }

  private static RefValue sum(List<RefValue> values) {
    long whole = 0;
    double real = 0;
    for (RefValue value : values) {
      switch (value) {
        case Int(long number) -> whole += number;
        case Duration(long nanos) -> whole += nanos;
        case Real(double number) -> real += number;
        default -> throw new IllegalArgumentException("not a number: " + value);
      }
    }
    return switch (values.getFirst()) {
      case Int _ -> new Int(whole);
      case Duration _ -> new Duration(whole);
      default -> new Real(real);
    };
  }

  private static RefValue average(List<RefValue> values) {
    return switch (sum(values)) {
      case Int(long total) -> new Real((double) total / values.size());
      case Duration(long nanos) -> new Duration(nanos / values.size());
      case Real(double total) -> new Real(total / values.size());
      default -> throw new IllegalArgumentException("not a sum");
    };
  }
}
