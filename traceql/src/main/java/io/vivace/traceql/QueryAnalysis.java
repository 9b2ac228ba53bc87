package io.vivace.traceql;

import io.vivace.traceql.ast.Attribute;
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
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsExpression.Arithmetic;
import io.vivace.traceql.ast.MetricsExpression.Scalar;
import io.vivace.traceql.ast.MetricsExpression.SubQuery;
import io.vivace.traceql.ast.MetricsFunction.Compare;
import io.vivace.traceql.ast.MetricsFunction.OverTime;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Node;
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
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOp;
import io.vivace.traceql.ast.SpansetOperation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a query refers to and which parts of the language it uses.
public final class QueryAnalysis {
  /// One use of a feature: the first in the query.
  public record Use(Feature feature, Node node) {
    /// `structural operators ({ true }) > ({ true }) at line 1, col 1`, for an answer that says
    /// what is not supported.
    public String describe() {
      return feature.label() + " (" + node + ") at " + node.position();
    }
  }

  private final Set<Attribute> attributes = new LinkedHashSet<>();
  private final Set<Intrinsic> intrinsics = EnumSet.noneOf(Intrinsic.class);
  private final Map<Feature, Node> features = new EnumMap<>(Feature.class);
  private final Deque<Node> pending = new ArrayDeque<>();
  private final boolean metrics;

  private QueryAnalysis(Query query) {
    metrics = query.isMetrics();
    if (!query.hints().isEmpty()) {
      features.put(Feature.HINTS, query.hints().list().getFirst());
    }
    pending.push(query.body());
    while (!pending.isEmpty()) {
      visit(pending.pop());
    }
  }

  public static QueryAnalysis of(Query query) {
    return new QueryAnalysis(query);
  }

  /// User attributes anywhere in the query, in order of appearance.
  public Set<Attribute> attributes() {
    return Collections.unmodifiableSet(attributes);
  }

  /// Intrinsics anywhere in the query.
  public Set<Intrinsic> intrinsics() {
    return Collections.unmodifiableSet(intrinsics);
  }

  public boolean isMetrics() {
    return metrics;
  }

  public boolean uses(Feature feature) {
    return features.containsKey(feature);
  }

  /// Every feature in use.
  public Set<Feature> features() {
    return Collections.unmodifiableSet(features.keySet());
  }

  /// The use with the smallest position among the features that are not in `supported`.
  public Optional<Use> firstOutside(Set<Feature> supported) {
    Use first = null;
    for (Map.Entry<Feature, Node> entry : features.entrySet()) {
      if (!supported.contains(entry.getKey())) {
        int offset = entry.getValue().position().offset();
        if (first == null || offset < first.node().position().offset()) {
          first = new Use(entry.getKey(), entry.getValue());
        }
      }
    }
    return Optional.ofNullable(first);
  }

  private void use(Feature feature, Node node) {
    features.putIfAbsent(feature, node);
  }

  /// Queues the children so that the leftmost is visited first.
  private void queue(List<? extends Node> children) {
    for (int i = children.size() - 1; i >= 0; i--) {
      pending.push(children.get(i));
    }
  }

  private void visit(Node node) {
    switch (node) {
      case Pipeline it -> {
        if (it.stages().size() > 1) {
          use(Feature.SEVERAL_STAGES, it.stages().get(1));
        }
        queue(it.stages());
      }
      case MetricsQuery it -> {
        useSecondStages(it.secondStages());
        pending.push(it.expression());
      }
      case PipelineStage it -> visitStage(it);
      case ScalarExpression it -> visitScalar(it);
      case MetricsExpression it -> visitMetrics(it);
      case FieldExpression it -> visitField(it);
      default -> throw new IllegalArgumentException("not part of a query: " + node.getClass());
    }
  }

  private void visitStage(PipelineStage stage) {
    switch (stage) {
      case SpansetFilter it -> pending.push(it.expression());
      case SpansetOperation it -> {
        use(
            it.op() == SpansetOp.AND
                ? Feature.SPANSET_AND
                : it.op() == SpansetOp.OR ? Feature.SPANSET_OR : Feature.STRUCTURAL,
            it);
        if (it.left() instanceof Pipeline || it.right() instanceof Pipeline) {
          use(Feature.NESTED_PIPELINE, it);
        }
        queue(List.of(it.left(), it.right()));
      }
      case ScalarFilter it -> {
        use(Feature.SCALAR_FILTER, it);
        queue(List.of(it.left(), it.right()));
      }
      case GroupBy it -> {
        use(Feature.GROUP_BY, it);
        pending.push(it.expression());
      }
      case Coalesce it -> use(Feature.COALESCE, it);
      case Select it -> {
        use(Feature.SELECT, it);
        queue(it.fields());
      }
    }
  }

  private void visitScalar(ScalarExpression expression) {
    switch (expression) {
      case Aggregate it -> {
        if (it.argument() != null) {
          pending.push(it.argument());
        }
      }
      case Operation it -> queue(List.of(it.left(), it.right()));
      case PipelineAggregate it -> queue(List.of(it.pipeline(), it.aggregate()));
      case Constant _ -> {}
    }
  }

  private void visitMetrics(MetricsExpression expression) {
    switch (expression) {
      case SubQuery it -> {
        useSecondStages(it.secondStages());
        List<Node> children = new ArrayList<>();
        children.add(it.pipeline());
        switch (it.function()) {
          case OverTime function -> {
            use(Feature.METRICS, function);
            if (function.argument() != null) {
              children.add(function.argument());
            }
            children.addAll(function.by());
          }
          case Compare function -> {
            use(Feature.COMPARE, function);
            children.add(function.selection());
          }
        }
        queue(children);
      }
      case Arithmetic it -> {
        use(Feature.METRICS_ARITHMETIC, it);
        queue(List.of(it.left(), it.right()));
      }
      case Scalar _ -> {}
    }
  }

  private void useSecondStages(List<SecondStage> stages) {
    if (!stages.isEmpty()) {
      use(Feature.SECOND_STAGE, stages.getFirst());
    }
  }

  private void visitField(FieldExpression expression) {
    switch (expression) {
      case Binary it -> queue(List.of(it.left(), it.right()));
      case Unary it -> pending.push(it.operand());
      case Exists it -> pending.push(it.operand());
      case NotExists it -> pending.push(it.operand());
      case Literal _ -> {}
      case Field it -> reference(it);
    }
  }

  private void reference(Field field) {
    switch (field) {
      case AttributeRef it -> {
        attributes.add(it.attribute());
        switch (it.attribute().scope()) {
          case EVENT -> use(Feature.EVENT_FIELDS, it);
          case LINK -> use(Feature.LINK_FIELDS, it);
          case INSTRUMENTATION -> use(Feature.INSTRUMENTATION_FIELDS, it);
          case NONE, SPAN, RESOURCE -> {}
        }
      }
      case IntrinsicRef it -> {
        intrinsics.add(it.intrinsic());
        switch (it.intrinsic()) {
          case CHILD_COUNT, NESTED_SET_LEFT, NESTED_SET_RIGHT, NESTED_SET_PARENT ->
              use(Feature.STRUCTURE_FIELDS, it);
          default -> {
            switch (it.intrinsic().level()) {
              case TRACE -> use(Feature.TRACE_FIELDS, it);
              case EVENT -> use(Feature.EVENT_FIELDS, it);
              case LINK -> use(Feature.LINK_FIELDS, it);
              case INSTRUMENTATION -> use(Feature.INSTRUMENTATION_FIELDS, it);
              case SPAN -> {}
            }
          }
        }
      }
    }
  }
}
