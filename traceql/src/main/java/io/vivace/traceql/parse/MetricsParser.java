package io.vivace.traceql.parse;

import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.MetricsFunction;
import io.vivace.traceql.ast.MetricsOp;
import io.vivace.traceql.ast.SecondStage;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Parses metrics functions and the stages after them.
final class MetricsParser {
  private static final int ADDITIVE = 4;
  private static final double NANOS_PER_SECOND = 1e9;

  private final TokenStream tokens;
  private final FieldParser fields;

  MetricsParser(TokenStream tokens, FieldParser fields) {
    this.tokens = tokens;
    this.fields = fields;
  }

  boolean startsFunction() {
    return tokens.at(TokenKind.COMPARE) || op(tokens.kind()) != null;
  }

  MetricsFunction function(QueryParser queries) {
    Token word = tokens.next();
    tokens.expect(TokenKind.OPEN_PAREN);
    MetricsOp op = op(word.kind());
    if (op == null) {
      return compare(queries, word.position());
    }
    FieldExpression.Field argument = op.hasArgument() ? fields.field() : null;
    List<Double> quantiles = new ArrayList<>();
    if (op == MetricsOp.QUANTILE_OVER_TIME) {
      if (!tokens.at(TokenKind.COMMA)) {
        throw tokens.unexpected(TokenKind.COMMA);
      }
      while (tokens.accept(TokenKind.COMMA)) {
        if (!tokens.at(TokenKind.INTEGER) && !tokens.at(TokenKind.FLOAT)) {
          throw tokens.unexpected(TokenKind.INTEGER, TokenKind.FLOAT);
        }
        quantiles.add(number(Objects.requireNonNull(tokens.next().value())));
      }
    }
    tokens.expect(TokenKind.CLOSE_PAREN);
    List<FieldExpression.Field> by = List.of();
    if (tokens.accept(TokenKind.BY)) {
      tokens.expect(TokenKind.OPEN_PAREN);
      by = fieldList();
    }
    return new MetricsFunction.OverTime(op, argument, quantiles, by, word.position());
  }

  private MetricsFunction compare(QueryParser queries, SourcePosition position) {
    SpansetFilter selection = queries.filter();
    long topValues = MetricsFunction.DEFAULT_COMPARE_TOP_VALUES;
    long start = 0;
    long end = 0;
    if (tokens.accept(TokenKind.COMMA)) {
      topValues = integer();
      if (tokens.accept(TokenKind.COMMA)) {
        start = integer();
        tokens.expect(TokenKind.COMMA);
        end = integer();
      }
    }
    tokens.expect(TokenKind.CLOSE_PAREN);
    return new MetricsFunction.Compare(selection, topValues, start, end, position);
  }

  private long integer() {
    Token token = tokens.expect(TokenKind.INTEGER);
    return ((Static.IntValue) Objects.requireNonNull(token.value())).value();
  }

  /// One or more fields and the closing parenthesis.
  List<FieldExpression.Field> fieldList() {
    List<FieldExpression.Field> list = new ArrayList<>();
    do {
      list.add(fields.field());
    } while (tokens.accept(TokenKind.COMMA));
    if (!tokens.at(TokenKind.CLOSE_PAREN)) {
      throw tokens.unexpected(TokenKind.COMMA, TokenKind.CLOSE_PAREN);
    }
    tokens.next();
    return list;
  }

  List<SecondStage> secondStages() {
    List<SecondStage> stages = new ArrayList<>();
    while (true) {
      SourcePosition position = tokens.position();
      BinaryOp op = FieldParser.binaryOp(tokens.kind());
      if (op != null && op.isComparison()) {
        tokens.next();
        Static value = constant(ADDITIVE);
        stages.add(new SecondStage.Threshold(op, number(value), position));
      } else if (tokens.accept(TokenKind.PIPE)) {
        stages.add(rank(position));
      } else {
        return stages;
      }
    }
  }

  private SecondStage rank(SourcePosition position) {
    if (!tokens.at(TokenKind.TOPK) && !tokens.at(TokenKind.BOTTOMK)) {
      throw tokens.unexpected(TokenKind.TOPK, TokenKind.BOTTOMK);
    }
    boolean top = tokens.next().is(TokenKind.TOPK);
    tokens.expect(TokenKind.OPEN_PAREN);
    long limit = integer();
    tokens.expect(TokenKind.CLOSE_PAREN);
    return top ? new SecondStage.TopK(limit, position) : new SecondStage.BottomK(limit, position);
  }

  /// Constant arithmetic, where nothing but numbers can stand.
  private Static constant(int level) {
    tokens.enter();
    Static left = constantOperand();
    while (true) {
      BinaryOp op = FieldParser.binaryOp(tokens.kind());
      if (op == null
          || !op.isArithmetic()
          || op == BinaryOp.MODULO
          || op == BinaryOp.POWER
          || FieldParser.levelOf(op) < level) {
        break;
      }
      int opIndex = tokens.index();
      tokens.next();
      Static right = constant(FieldParser.levelOf(op) + 1);
      try {
        left = Folding.scalar(op, left, right);
      } catch (ArithmeticException e) {
        throw tokens.failAtIndex(opIndex, String.valueOf(e.getMessage()));
      }
    }
    tokens.leave();
    return left;
  }

  private Static constantOperand() {
    switch (tokens.kind()) {
      case SUB -> {
        tokens.next();
        tokens.enter();
        Static operand = constantOperand();
        tokens.leave();
        return Operators.negate(operand);
      }
      case OPEN_PAREN -> {
        tokens.next();
        Static inner = constant(ADDITIVE);
        tokens.expect(TokenKind.CLOSE_PAREN);
        return inner;
      }
      case INTEGER, FLOAT, DURATION -> {
        return Objects.requireNonNull(tokens.next().value());
      }
      default -> throw tokens.unexpected("expected a number or a duration");
    }
  }

  /// A number of the metrics stages; durations are seconds there.
  static double number(Static value) {
    return switch (value) {
      case Static.IntValue(long number) -> number;
      case Static.FloatValue(double number) -> number;
      case Static.DurationValue(long nanos) -> nanos / NANOS_PER_SECOND;
      default -> throw new IllegalArgumentException("not a number: " + value);
    };
  }

  private static @Nullable MetricsOp op(TokenKind kind) {
    return switch (kind) {
      case RATE -> MetricsOp.RATE;
      case COUNT_OVER_TIME -> MetricsOp.COUNT_OVER_TIME;
      case MIN_OVER_TIME -> MetricsOp.MIN_OVER_TIME;
      case MAX_OVER_TIME -> MetricsOp.MAX_OVER_TIME;
      case AVG_OVER_TIME -> MetricsOp.AVG_OVER_TIME;
      case SUM_OVER_TIME -> MetricsOp.SUM_OVER_TIME;
      case QUANTILE_OVER_TIME -> MetricsOp.QUANTILE_OVER_TIME;
      case HISTOGRAM_OVER_TIME -> MetricsOp.HISTOGRAM_OVER_TIME;
      default -> null;
    };
  }
}
