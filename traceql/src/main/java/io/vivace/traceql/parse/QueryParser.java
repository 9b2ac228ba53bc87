package io.vivace.traceql.parse;

import io.vivace.traceql.ast.AggregateOp;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.Coalesce;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.GroupBy;
import io.vivace.traceql.ast.Hint;
import io.vivace.traceql.ast.Hints;
import io.vivace.traceql.ast.MetricsExpression;
import io.vivace.traceql.ast.MetricsExpression.SubQuery;
import io.vivace.traceql.ast.MetricsQuery;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.PipelineStage;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.QueryBody;
import io.vivace.traceql.ast.ScalarExpression;
import io.vivace.traceql.ast.ScalarFilter;
import io.vivace.traceql.ast.SecondStage;
import io.vivace.traceql.ast.Select;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.SpansetOperation;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Parses a whole query: recursive descent, with the operators by precedence climbing. Nothing is
/// ever read twice, so the time is linear in the length.
public final class QueryParser {
  private static final int LOOSEST = 2;
  private static final int POWER = 7;

  private final TokenStream tokens;
  private final FieldParser fields;
  private final MetricsParser metrics;

  private QueryParser(List<Token> source) {
    tokens = new TokenStream(source);
    fields = new FieldParser(tokens);
    metrics = new MetricsParser(tokens, fields);
  }

  /// @throws TraceQlSyntaxException if the text is not a query
  public static Query parse(String source) {
    return parse(Lexer.tokenize(source));
  }

  static Query parse(List<Token> source) {
    return new QueryParser(source).query();
  }

  private Query query() {
    SourcePosition position = tokens.position();
    QueryBody body;
    if (startsStageWord()) {
      body = afterFirstStage(stageWord(), position);
    } else {
      body = afterOperand(operand(LOOSEST), position);
    }
    Hints hints = Hints.NONE;
    while (tokens.accept(TokenKind.WITH)) {
      hints = hints();
    }
    if (!tokens.at(TokenKind.END)) {
      throw tokens.unexpected("expected |, with or the end of the query");
    }
    return new Query(body, hints);
  }

  private QueryBody afterOperand(Operand operand, SourcePosition position) {
    switch (operand) {
      case Operand.Spanset spanset -> {
        return afterFirstStage((PipelineStage) spanset.expression(), position);
      }
      case Operand.Wrapped wrapped -> {
        return switch (wrapped.expression()) {
          case Pipeline pipeline -> pipeline;
          case SpansetOperation operation -> new Pipeline(List.of(operation), position);
          case SpansetFilter filter -> new Pipeline(List.of(filter), position);
        };
      }
      case Operand.Metrics series -> {
        return metricsQuery(series.expression(), metrics.secondStages());
      }
      case Operand.AggregatedPipeline left -> {
        BinaryOp op = comparison();
        Operand right = operand(LOOSEST);
        if (!(right instanceof Operand.AggregatedPipeline)
            && !(right instanceof Operand.Constant)) {
          throw tokens.unexpected(right.blame(), "; expected a number");
        }
        ScalarFilter filter =
            new ScalarFilter(op, left.expression(), scalarOf(right), left.position());
        return new Pipeline(List.of(filter), position);
      }
      case Operand.Aggregated _, Operand.Constant _ -> {
        return afterFirstStage(scalarFilter(operand), position);
      }
    }
  }

  private QueryBody afterFirstStage(PipelineStage first, SourcePosition position) {
    Rest rest = rest(first, false);
    Pipeline pipeline = new Pipeline(rest.stages, position);
    return rest.subQuery == null ? pipeline : metricsQuery(rest.subQuery, List.of());
  }

  private static MetricsQuery metricsQuery(MetricsExpression expression, List<SecondStage> outer) {
    if (expression instanceof SubQuery subQuery) {
      List<SecondStage> all = new ArrayList<>(subQuery.secondStages());
      all.addAll(outer);
      MetricsExpression joined =
          new SubQuery(subQuery.pipeline(), subQuery.function(), all, subQuery.position());
      return new MetricsQuery(joined, List.of(), expression.position());
    }
    return new MetricsQuery(expression, outer, expression.position());
  }

  // ---- pipelines

  /// What follows the first stage of a pipeline.
  private static final class Rest {
    final List<PipelineStage> stages = new ArrayList<>();

    /// Set if the pipeline ended in a metrics function.
    @Nullable SubQuery subQuery;

    /// Set if the pipeline ended in an aggregate before a closing parenthesis.
    ScalarExpression.@Nullable Aggregate aggregate;
  }

  private Rest rest(PipelineStage first, boolean parenthesised) {
    Rest rest = new Rest();
    rest.stages.add(first);
    while (tokens.accept(TokenKind.PIPE)) {
      if (metrics.startsFunction()) {
        Pipeline pipeline = new Pipeline(rest.stages, first.position());
        rest.subQuery =
            new SubQuery(
                pipeline, metrics.function(this), metrics.secondStages(), first.position());
        return rest;
      }
      if (!stage(rest, parenthesised)) {
        return rest;
      }
    }
    return rest;
  }

  /// Adds the next stage; false after an aggregate that ends the pipeline.
  private boolean stage(Rest rest, boolean parenthesised) {
    if (tokens.at(TokenKind.COALESCE)) {
      SourcePosition position = tokens.next().position();
      tokens.expect(TokenKind.OPEN_PAREN);
      tokens.expect(TokenKind.CLOSE_PAREN);
      rest.stages.add(new Coalesce(position));
      return true;
    }
    if (startsStageWord()) {
      rest.stages.add(stageWord());
      return true;
    }
    if (!startsOperand()) {
      throw tokens.unexpected(
          "expected a stage: { … }, count() > …, by(…), coalesce(), select(…) or a metrics"
              + " function");
    }
    Operand operand = operand(LOOSEST);
    switch (operand) {
      case Operand.Spanset spanset -> rest.stages.add((PipelineStage) spanset.expression());
      case Operand.Aggregated scalar -> {
        if (parenthesised
            && tokens.at(TokenKind.CLOSE_PAREN)
            && scalar.expression() instanceof ScalarExpression.Aggregate aggregate) {
          rest.aggregate = aggregate;
          return false;
        }
        rest.stages.add(scalarFilter(operand));
      }
      case Operand.Constant _ -> rest.stages.add(scalarFilter(operand));
      case Operand.Wrapped _, Operand.AggregatedPipeline _, Operand.Metrics _ ->
          throw tokens.unexpected(
              operand.blame(), "; only the first stage may be a pipeline in parentheses");
    }
    return true;
  }

  private boolean startsStageWord() {
    return tokens.at(TokenKind.BY) || tokens.at(TokenKind.SELECT);
  }

  private PipelineStage stageWord() {
    Token word = tokens.next();
    tokens.expect(TokenKind.OPEN_PAREN);
    if (word.is(TokenKind.BY)) {
      FieldExpression expression = fields.expression();
      tokens.expect(TokenKind.CLOSE_PAREN);
      return new GroupBy(expression, word.position());
    }
    return new Select(metrics.fieldList(), word.position());
  }

  /// The comparison after the left side of a scalar filter.
  private ScalarFilter scalarFilter(Operand left) {
    BinaryOp op = comparison();
    Operand right = operand(LOOSEST);
    boolean constants = left instanceof Operand.Constant && right instanceof Operand.Constant;
    if (constants) {
      throw tokens.unexpected("one side of a comparison must be an aggregate such as count()");
    }
    if (!(right instanceof Operand.Aggregated) && !(right instanceof Operand.Constant)) {
      throw tokens.unexpected(right.blame(), "; expected a number or an aggregate");
    }
    return new ScalarFilter(op, scalarOf(left), scalarOf(right), left.position());
  }

  private BinaryOp comparison() {
    BinaryOp op = FieldParser.binaryOp(tokens.kind());
    if (op == null || !op.isComparison()) {
      throw tokens.unexpected("expected a comparison such as > 2");
    }
    tokens.next();
    return op;
  }

  private static ScalarExpression scalarOf(Operand operand) {
    return switch (operand) {
      case Operand.Constant it -> it.expression();
      case Operand.Aggregated it -> it.expression();
      case Operand.AggregatedPipeline it -> it.expression();
      case Operand.Spanset _, Operand.Wrapped _, Operand.Metrics _ ->
          throw new IllegalArgumentException("not a scalar: " + operand);
    };
  }

  // ---- operands and operators

  private boolean startsOperand() {
    return switch (tokens.kind()) {
      case OPEN_BRACE, OPEN_PAREN, COUNT, AVG, MIN, MAX, SUM, INTEGER, FLOAT, DURATION, SUB -> true;
      default -> false;
    };
  }

  private Operand operand(int level) {
    tokens.enter();
    Operand left = primary();
    while (true) {
      Operators.Infix infix = Operators.infix(tokens.kind(), left);
      if (infix == null || infix.level() < level) {
        break;
      }
      int opIndex = tokens.index();
      tokens.next();
      Operand right = operand(infix.level() == POWER ? POWER : infix.level() + 1);
      left = Operators.combine(tokens, left, infix, opIndex, right);
    }
    tokens.leave();
    return left;
  }

  private Operand primary() {
    int index = tokens.index();
    Token token = tokens.peek();
    switch (token.kind()) {
      case OPEN_BRACE -> {
        return new Operand.Spanset(filter(), index, index, 1);
      }
      case OPEN_PAREN -> {
        return group();
      }
      case COUNT, AVG, MIN, MAX, SUM -> {
        return new Operand.Aggregated(aggregate(), index, 1);
      }
      case INTEGER, FLOAT, DURATION -> {
        tokens.next();
        return constant(Objects.requireNonNull(token.value()), token, index);
      }
      case SUB -> {
        tokens.next();
        tokens.enter();
        Operand inner = primary();
        tokens.leave();
        if (!(inner instanceof Operand.Constant(ScalarExpression.Constant value, int _))) {
          throw tokens.unexpected(inner.blame(), "; a minus can only stand before a number here");
        }
        return constant(Operators.negate(value.value()), token, index);
      }
      default ->
          throw tokens.unexpected(
              "expected a filter such as { span.name = \"value\" }, ( or an aggregate");
    }
  }

  private static Operand.Constant constant(Static value, Token token, int index) {
    return new Operand.Constant(new ScalarExpression.Constant(value, token.position()), index);
  }

  /// What stands between parentheses; only here is it known whether it is a pipeline.
  private Operand group() {
    tokens.enter();
    int open = tokens.index();
    SourcePosition position = tokens.next().position();
    Operand result;
    if (startsStageWord()) {
      int blame = tokens.index();
      result = groupedPipeline(stageWord(), blame, 1, position);
    } else {
      Operand inner = operand(LOOSEST);
      result =
          switch (inner) {
            case Operand.Spanset spanset ->
                tokens.at(TokenKind.PIPE)
                    ? groupedPipeline(
                        (PipelineStage) spanset.expression(),
                        tokens.index(),
                        spanset.height(),
                        position)
                    : new Operand.Spanset(spanset.expression(), -1, open, spanset.height());
            case Operand.Aggregated scalar when !tokens.at(TokenKind.CLOSE_PAREN) -> {
              int blame = tokens.index();
              yield groupedPipeline(scalarFilter(scalar), blame, scalar.height(), position);
            }
            case Operand.Constant scalar when !tokens.at(TokenKind.CLOSE_PAREN) -> {
              int blame = tokens.index();
              yield groupedPipeline(scalarFilter(scalar), blame, 1, position);
            }
            default -> inner;
          };
    }
    if (!tokens.at(TokenKind.CLOSE_PAREN)) {
      throw tokens.unexpected("expected )");
    }
    tokens.next();
    tokens.leave();
    return result;
  }

  private Operand groupedPipeline(
      PipelineStage first, int blame, int height, SourcePosition position) {
    Rest rest = rest(first, true);
    Pipeline pipeline = new Pipeline(rest.stages, position);
    int higher = tokens.higher(height, 0);
    if (rest.subQuery != null) {
      return new Operand.Metrics(rest.subQuery, blame, higher);
    }
    if (rest.aggregate != null) {
      return new Operand.AggregatedPipeline(
          new ScalarExpression.PipelineAggregate(pipeline, rest.aggregate, position),
          blame,
          higher);
    }
    return new Operand.Wrapped(pipeline, blame, higher);
  }

  /// `{ … }`.
  SpansetFilter filter() {
    SourcePosition position = tokens.expect(TokenKind.OPEN_BRACE).position();
    if (tokens.accept(TokenKind.CLOSE_BRACE)) {
      return new SpansetFilter(new Literal(Static.TRUE, position), position);
    }
    FieldExpression expression = fields.expression();
    if (!tokens.at(TokenKind.CLOSE_BRACE)) {
      throw tokens.unexpected("expected an operator or }" + connectorHint());
    }
    tokens.next();
    return new SpansetFilter(expression, position);
  }

  private String connectorHint() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case IDENTIFIER ->
          switch (token.text()) {
            case "and", "AND", "&" -> "; and is written &&";
            case "or", "OR" -> "; or is written ||";
            case "in", "IN" -> "; write a = 1 || a = 2 instead of in";
            default -> "";
          };
      case PIPE -> "; or is written ||";
      case COMMA -> "; and is written &&";
      default -> "";
    };
  }

  private ScalarExpression.Aggregate aggregate() {
    Token word = tokens.next();
    AggregateOp op =
        switch (word.kind()) {
          case COUNT -> AggregateOp.COUNT;
          case AVG -> AggregateOp.AVG;
          case MIN -> AggregateOp.MIN;
          case MAX -> AggregateOp.MAX;
          case SUM -> AggregateOp.SUM;
          default -> throw new IllegalStateException("not an aggregate: " + word);
        };
    tokens.expect(TokenKind.OPEN_PAREN);
    FieldExpression argument = op == AggregateOp.COUNT ? null : fields.expression();
    tokens.expect(TokenKind.CLOSE_PAREN);
    return new ScalarExpression.Aggregate(op, argument, word.position());
  }

  // ---- hints

  private Hints hints() {
    tokens.expect(TokenKind.OPEN_PAREN);
    List<Hint> hints = new ArrayList<>();
    do {
      Token name = tokens.expect(TokenKind.IDENTIFIER);
      tokens.expect(TokenKind.EQ);
      hints.add(new Hint(name.text(), fields.literal(), name.position()));
    } while (tokens.accept(TokenKind.COMMA));
    if (!tokens.at(TokenKind.CLOSE_PAREN)) {
      throw tokens.unexpected(TokenKind.COMMA, TokenKind.CLOSE_PAREN);
    }
    tokens.next();
    return new Hints(hints);
  }
}
