package io.vivace.traceql;

import io.vivace.traceql.ast.AggregateOp;
import io.vivace.traceql.ast.Attribute;
import io.vivace.traceql.ast.AttributeScope;
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
import io.vivace.traceql.ast.Hint;
import io.vivace.traceql.ast.Hints;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsFunction;
import io.vivace.traceql.ast.MetricsOp;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.SecondStage;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import io.vivace.traceql.ast.SpansetExpression;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOp;
import io.vivace.traceql.ast.SpansetOperation;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random trees of the shapes that the parser makes: constants are folded and operands that are
/// single filters are not wrapped. They need not be valid.
final class RandomQueries {
  private static final SourcePosition AT = SourcePosition.NONE;
  private static final BinaryOp[] COMPARISONS = {
    BinaryOp.EQUAL,
    BinaryOp.NOT_EQUAL,
    BinaryOp.LESS,
    BinaryOp.LESS_EQUAL,
    BinaryOp.GREATER,
    BinaryOp.GREATER_EQUAL
  };
  private static final BinaryOp[] SIMPLE = {
    BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY, BinaryOp.DIVIDE
  };
  private static final String[] NAMES = {
    "a",
    "http.status_code",
    "client name",
    "say \"hi\"",
    "back\\slash",
    "a=b&&c",
    "größe",
    "k8s:pod[0]",
    "a+1",
    "",
    "日本",
    "204",
    "x`y",
    "span.id",
    "tab\there",
    "a b",
    "{}",
    "//x",
    "resource.x"
  };

  private final Random random;

  RandomQueries(long seed) {
    random = new Random(seed);
  }

  Query query() {
    Hints hints = random.nextInt(4) == 0 ? hints() : Hints.NONE;
    return random.nextBoolean() ? new Query(pipeline(2), hints) : new Query(metricsQuery(), hints);
  }

  private Hints hints() {
    List<Hint> list = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      list.add(new Hint("hint" + i, nonNegative(), AT));
    }
    return new Hints(list);
  }

  private Static nonNegative() {
    return switch (random.nextInt(7)) {
      case 0 -> Static.of(random.nextLong(Long.MAX_VALUE));
      case 1 -> Static.of(Math.abs(number()));
      case 2 -> string();
      case 3 -> Static.of(random.nextBoolean());
      case 4 -> Static.duration(random.nextLong(Long.MAX_VALUE));
      case 5 -> Static.of(pick(SpanStatus.values()));
      default -> Static.of(pick(SpanKind.values()));
    };
  }

  private double number() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(100);
      case 1 -> random.nextInt(2_000_000) / 1000.0;
      case 2 -> random.nextDouble() * Math.pow(10, random.nextInt(40) - 20);
      case 3 -> random.nextGaussian();
      default -> Math.scalb(random.nextDouble(), random.nextInt(600) - 300);
    };
  }

  private Static string() {
    byte[] bytes = new byte[random.nextInt(6)];
    if (random.nextInt(3) == 0) {
      random.nextBytes(bytes);
      return new Static.StringValue(bytes);
    }
    return Static.of(pick(NAMES) + (random.nextInt(4) == 0 ? "\r\n" : ""));
  }

  Static literal() {
    return switch (random.nextInt(6)) {
      case 0 -> Static.of(random.nextLong());
      case 1 -> Static.of(number());
      case 2 -> Static.duration(random.nextLong(Long.MAX_VALUE) * (random.nextBoolean() ? 1 : -1));
      case 3 -> random.nextBoolean() ? Static.of(1.0 / 0) : Static.of(-random.nextInt(50));
      default -> nonNegative();
    };
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  Field field() {
    if (random.nextBoolean()) {
      return new IntrinsicRef(pick(Intrinsic.values()), AT);
    }
    AttributeScope scope = pick(AttributeScope.values());
    boolean parent =
        random.nextInt(8) == 0
            && (scope == AttributeScope.NONE
                || scope == AttributeScope.SPAN
                || scope == AttributeScope.RESOURCE);
    String name = pick(NAMES);
    if (scope == AttributeScope.NONE && !parent && name.equals("204")) {
      name = "a204";
    }
    return new AttributeRef(new Attribute(scope, name, parent), AT);
  }

  private boolean isTraceId(FieldExpression expression) {
    return expression instanceof IntrinsicRef(Intrinsic intrinsic, _)
        && intrinsic == Intrinsic.TRACE_ID;
  }

  FieldExpression expression(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return random.nextInt(3) == 0 ? new Literal(literal(), AT) : field();
    }
    switch (random.nextInt(8)) {
      case 0 -> {
        return new Unary(pick(UnaryOp.values()), unfoldable(depth - 1), AT);
      }
      case 1 -> {
        return new Exists(unfoldable(depth - 1), AT);
      }
      case 2 -> {
        return new NotExists(unfoldable(depth - 1), AT);
      }
      default -> {
        FieldExpression left = expression(depth - 1);
        FieldExpression right = expression(depth - 1);
        if (left instanceof Literal && right instanceof Literal) {
          left = field();
        }
        if (isTraceId(left) || isTraceId(right)) {
          return field();
        }
        return new Binary(pick(BinaryOp.values()), left, right, AT);
      }
    }
  }

  private FieldExpression unfoldable(int depth) {
    FieldExpression expression = expression(depth);
    return expression instanceof Literal ? field() : expression;
  }

  private SpansetFilter filter() {
    return new SpansetFilter(expression(3), AT);
  }

  private SpansetExpression spanset(int depth, boolean wrapped) {
    if (depth == 0 || random.nextBoolean()) {
      if (wrapped && depth > 0 && random.nextInt(3) == 0) {
        Pipeline pipeline = pipeline(depth - 1);
        if (!(pipeline.stages().size() == 1
            && pipeline.stages().getFirst() instanceof SpansetExpression only)) {
          return pipeline;
        }
        return only;
      }
      return filter();
    }
    return new SpansetOperation(
        pick(SpansetOp.values()), spanset(depth - 1, wrapped), spanset(depth - 1, wrapped), AT);
  }

  private List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      fields.add(field());
    }
    return fields;
  }

  private ScalarExpression.Constant constant() {
    Static value =
        switch (random.nextInt(3)) {
          case 0 -> Static.of(random.nextInt(1000) - 500);
          case 1 -> Static.of(number());
          default -> Static.duration(random.nextLong(1L << 50) - (1L << 49));
        };
    return new ScalarExpression.Constant(value, AT);
  }

  private ScalarExpression.Aggregate aggregate() {
    AggregateOp op = pick(AggregateOp.values());
    return new ScalarExpression.Aggregate(op, op == AggregateOp.COUNT ? null : expression(2), AT);
  }

  private ScalarExpression scalar(int depth) {
    if (depth == 0 || random.nextBoolean()) {
      return aggregate();
    }
    boolean left = random.nextInt(3) == 0;
    boolean right = !left && random.nextInt(2) == 0;
    return new ScalarExpression.Operation(
        BinaryOp.values()[random.nextInt(6)],
        left ? constant() : scalar(depth - 1),
        right ? constant() : scalar(depth - 1),
        AT);
  }

  private ScalarFilter scalarFilter() {
    return new ScalarFilter(
        pick(COMPARISONS), scalar(2), random.nextBoolean() ? constant() : scalar(1), AT);
  }

  private Pipeline pipeline(int depth) {
    List<PipelineStage> stages = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    boolean wrapped = count == 1;
    stages.add(
        switch (random.nextInt(6)) {
          case 0 -> scalarFilter();
          case 1 -> new GroupBy(expression(2), AT);
          case 2 -> new Select(fields(), AT);
          default -> (PipelineStage) stage(depth, wrapped);
        });
    for (int i = 1; i < count; i++) {
      stages.add(
          switch (random.nextInt(6)) {
            case 0 -> scalarFilter();
            case 1 -> new GroupBy(expression(2), AT);
            case 2 -> new Select(fields(), AT);
            case 3 -> new Coalesce(AT);
            default -> (PipelineStage) stage(depth, false);
          });
    }
    return new Pipeline(stages, AT);
  }

  private SpansetExpression stage(int depth, boolean wrapped) {
    SpansetExpression expression = spanset(depth, wrapped);
    return expression instanceof Pipeline ? filter() : expression;
  }

  // ---- metrics

  private MetricsQuery metricsQuery() {
    if (random.nextBoolean()) {
      return new MetricsQuery(subQuery(), List.of(), AT);
    }
    return new MetricsQuery(arithmetic(2), secondStages(), AT);
  }

  private MetricsExpression arithmetic(int depth) {
    if (depth == 0) {
      return subQuery();
    }
    MetricsExpression left = random.nextBoolean() ? arithmetic(depth - 1) : subQuery();
    MetricsExpression right = random.nextBoolean() ? arithmetic(depth - 1) : subQuery();
    switch (random.nextInt(4)) {
      case 0 -> left = new MetricsExpression.Scalar(number(), AT);
      case 1 -> right = new MetricsExpression.Scalar(number(), AT);
      default -> {}
    }
    return new MetricsExpression.Arithmetic(pick(SIMPLE), left, right, AT);
  }

  private MetricsExpression.SubQuery subQuery() {
    Pipeline pipeline = pipeline(1);
    // A query may end in a pipeline as operand, but nothing can be piped from it.
    for (PipelineStage stage : pipeline.stages()) {
      if (stage instanceof SpansetOperation operation && hasPipeline(operation)) {
        pipeline = new Pipeline(List.of(filter()), AT);
        break;
      }
    }
    return new MetricsExpression.SubQuery(pipeline, function(), secondStages(), AT);
  }

  private static boolean hasPipeline(SpansetExpression expression) {
    return switch (expression) {
      case Pipeline _ -> true;
      case SpansetFilter _ -> false;
      case SpansetOperation it -> hasPipeline(it.left()) || hasPipeline(it.right());
    };
  }

  // The checker does not see the annotation on a nested type of another compilation.
  @SuppressWarnings("NullAway")
  private MetricsFunction function() {
    if (random.nextInt(6) == 0) {
      boolean window = random.nextBoolean();
      return new MetricsFunction.Compare(
          filter(),
          random.nextInt(1, 20),
          window ? 1 + random.nextInt(100) : 0,
          window ? 1 + random.nextInt(100) : 0,
          AT);
    }
    MetricsOp op = pick(MetricsOp.values());
    List<Double> quantiles =
        op == MetricsOp.QUANTILE_OVER_TIME ? List.of(random.nextDouble(), 0.95, 1.0) : List.of();
    return new MetricsFunction.OverTime(
        op,
        op.hasArgument() ? field() : null,
        quantiles,
        random.nextBoolean() ? fields() : List.of(),
        AT);
  }

  private List<SecondStage> secondStages() {
    List<SecondStage> stages = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      stages.add(
          switch (random.nextInt(3)) {
            case 0 -> new SecondStage.TopK(random.nextInt(100), AT);
            case 1 -> new SecondStage.BottomK(random.nextInt(100), AT);
            default -> new SecondStage.Threshold(pick(COMPARISONS), number(), AT);
          });
    }
    return stages;
  }
}
