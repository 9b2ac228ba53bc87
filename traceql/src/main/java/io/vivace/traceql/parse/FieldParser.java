package io.vivace.traceql.parse;

import io.vivace.traceql.ast.Attribute;
import io.vivace.traceql.ast.AttributeScope;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.AttributeRef;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.Exists;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.FieldExpression.NotExists;
import io.vivace.traceql.ast.FieldExpression.Unary;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.UnaryOp;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Parses expressions over fields by precedence climbing, and folds constants on the way.
///
/// Levels, loosest first: 2 `&& ||`, 3 comparisons, 4 `+ -` and unary minus, 5 `!`, 6 `* / %`, 7
/// `^` (right associative). All others are left associative.
final class FieldParser {
  private static final int LOOSEST = 2;
  private static final int COMPARISON = 3;
  private static final int UNARY_MINUS_OPERAND = 5;
  private static final int NOT_OPERAND = 6;
  private static final int POWER = 7;

  private static final Map<TokenKind, Intrinsic> PLAIN =
      Map.ofEntries(
          Map.entry(TokenKind.DURATION_WORD, Intrinsic.DURATION),
          Map.entry(TokenKind.NAME, Intrinsic.NAME),
          Map.entry(TokenKind.STATUS, Intrinsic.STATUS),
          Map.entry(TokenKind.STATUS_MESSAGE, Intrinsic.STATUS_MESSAGE),
          Map.entry(TokenKind.KIND, Intrinsic.KIND),
          Map.entry(TokenKind.PARENT, Intrinsic.PARENT),
          Map.entry(TokenKind.ROOT_NAME, Intrinsic.ROOT_NAME),
          Map.entry(TokenKind.ROOT_SERVICE_NAME, Intrinsic.ROOT_SERVICE),
          Map.entry(TokenKind.TRACE_DURATION, Intrinsic.TRACE_DURATION),
          Map.entry(TokenKind.NESTED_SET_LEFT, Intrinsic.NESTED_SET_LEFT),
          Map.entry(TokenKind.NESTED_SET_RIGHT, Intrinsic.NESTED_SET_RIGHT),
          Map.entry(TokenKind.NESTED_SET_PARENT, Intrinsic.NESTED_SET_PARENT));

  private static final Map<TokenKind, Map<TokenKind, Intrinsic>> SCOPED =
      Map.of(
          TokenKind.TRACE_COLON,
          Map.of(
              TokenKind.DURATION_WORD, Intrinsic.TRACE_DURATION,
              TokenKind.ROOT_NAME, Intrinsic.ROOT_NAME,
              TokenKind.ROOT_SERVICE, Intrinsic.ROOT_SERVICE,
              TokenKind.ID, Intrinsic.TRACE_ID),
          TokenKind.SPAN_COLON,
          Map.of(
              TokenKind.DURATION_WORD, Intrinsic.DURATION,
              TokenKind.NAME, Intrinsic.NAME,
              TokenKind.KIND, Intrinsic.KIND,
              TokenKind.STATUS, Intrinsic.STATUS,
              TokenKind.STATUS_MESSAGE, Intrinsic.STATUS_MESSAGE,
              TokenKind.ID, Intrinsic.SPAN_ID,
              TokenKind.PARENT_ID, Intrinsic.PARENT_ID,
              TokenKind.CHILD_COUNT, Intrinsic.CHILD_COUNT),
          TokenKind.EVENT_COLON,
          Map.of(
              TokenKind.NAME, Intrinsic.EVENT_NAME,
              TokenKind.TIME_SINCE_START, Intrinsic.EVENT_TIME_SINCE_START),
          TokenKind.LINK_COLON,
          Map.of(
              TokenKind.TRACE_ID, Intrinsic.LINK_TRACE_ID,
              TokenKind.SPAN_ID, Intrinsic.LINK_SPAN_ID),
          TokenKind.INSTRUMENTATION_COLON,
          Map.of(
              TokenKind.NAME, Intrinsic.INSTRUMENTATION_NAME,
              TokenKind.VERSION, Intrinsic.INSTRUMENTATION_VERSION));

  private static final Map<TokenKind, Static> KEYWORD_LITERALS =
      Map.ofEntries(
          Map.entry(TokenKind.TRUE, Static.TRUE),
          Map.entry(TokenKind.FALSE, Static.FALSE),
          Map.entry(TokenKind.OK, Static.of(SpanStatus.OK)),
          Map.entry(TokenKind.ERROR_STATUS, Static.of(SpanStatus.ERROR)),
          Map.entry(TokenKind.UNSET, Static.of(SpanStatus.UNSET)),
          Map.entry(TokenKind.UNSPECIFIED, Static.of(SpanKind.UNSPECIFIED)),
          Map.entry(TokenKind.INTERNAL, Static.of(SpanKind.INTERNAL)),
          Map.entry(TokenKind.SERVER, Static.of(SpanKind.SERVER)),
          Map.entry(TokenKind.CLIENT, Static.of(SpanKind.CLIENT)),
          Map.entry(TokenKind.PRODUCER, Static.of(SpanKind.PRODUCER)),
          Map.entry(TokenKind.CONSUMER, Static.of(SpanKind.CONSUMER)));

  private final TokenStream tokens;

  /// Of the expression that was parsed last.
  private int height;

  FieldParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  FieldExpression expression() {
    return expression(LOOSEST);
  }

  /// Parses operands and the operators of at least this level.
  private FieldExpression expression(int level) {
    tokens.enter();
    FieldExpression left = operand();
    int leftHeight = height;
    while (true) {
      BinaryOp op = binaryOp(tokens.kind());
      if (op == null || levelOf(op) < level) {
        break;
      }
      tokens.next();
      if (tokens.at(TokenKind.NIL) && op.isEquality()) {
        tokens.next();
        left = nilComparison(op, left, left.position());
        leftHeight = left instanceof Literal ? 1 : tokens.higher(leftHeight, 0);
        continue;
      }
      int next = levelOf(op);
      FieldExpression right = expression(next == POWER ? POWER : next + 1);
      left = Folding.binary(new Binary(op, left, right, left.position()));
      leftHeight = left instanceof Literal ? 1 : tokens.higher(leftHeight, height);
    }
    height = leftHeight;
    tokens.leave();
    return left;
  }

  private FieldExpression operand() {
    Token token = tokens.peek();
    SourcePosition position = token.position();
    switch (token.kind()) {
      case OPEN_PAREN -> {
        tokens.next();
        FieldExpression inner = expression(LOOSEST);
        if (!tokens.at(TokenKind.CLOSE_PAREN)) {
          throw tokens.unexpected("expected an operator or )");
        }
        tokens.next();
        return inner;
      }
      case SUB -> {
        tokens.next();
        return unary(UnaryOp.NEGATE, UNARY_MINUS_OPERAND, position);
      }
      case NOT -> {
        tokens.next();
        return unary(UnaryOp.NOT, NOT_OPERAND, position);
      }
      case NIL -> {
        return reversedNilComparison();
      }
      default -> {
        height = 1;
        FieldExpression.Field field = acceptField();
        return field != null ? field : new Literal(literal(), position);
      }
    }
  }

  private FieldExpression unary(UnaryOp op, int level, SourcePosition position) {
    FieldExpression operand = expression(level);
    FieldExpression node = Folding.unary(new Unary(op, operand, position));
    height = node instanceof Literal ? 1 : tokens.higher(height, 0);
    return node;
  }

  private FieldExpression reversedNilComparison() {
    SourcePosition position = tokens.next().position();
    if (!tokens.at(TokenKind.EQ) && !tokens.at(TokenKind.NEQ)) {
      throw tokens.unexpected(TokenKind.EQ, TokenKind.NEQ);
    }
    BinaryOp op = tokens.next().is(TokenKind.EQ) ? BinaryOp.EQUAL : BinaryOp.NOT_EQUAL;
    if (tokens.accept(TokenKind.NIL)) {
      height = 1;
      return new Literal(Static.FALSE, position);
    }
    FieldExpression node = nilComparison(op, expression(COMPARISON + 1), position);
    height = node instanceof Literal ? 1 : tokens.higher(height, 0);
    return node;
  }

  private static FieldExpression nilComparison(
      BinaryOp op, FieldExpression operand, SourcePosition position) {
    if (operand instanceof Literal) {
      return new Literal(Static.of(op == BinaryOp.NOT_EQUAL), position);
    }
    return op == BinaryOp.EQUAL ? new NotExists(operand, position) : new Exists(operand, position);
  }

  /// A literal, where only a literal can stand.
  Static literal() {
    Token token = tokens.peek();
    switch (token.kind()) {
      case STRING, INTEGER, FLOAT, DURATION -> {
        tokens.next();
        return Objects.requireNonNull(token.value());
      }
      case IDENTIFIER -> {
        Static constant =
            switch (token.text()) {
              case "minInt" -> Static.of(Long.MIN_VALUE);
              case "maxInt" -> Static.of(Long.MAX_VALUE);
              default -> throw tokens.fail(UnknownWords.describe(token.text()));
            };
        tokens.next();
        return constant;
      }
      default -> {
        Static keyword = KEYWORD_LITERALS.get(token.kind());
        if (keyword == null) {
          throw tokens.unexpected("expected a field or a literal");
        }
        tokens.next();
        return keyword;
      }
    }
  }

  /// An attribute or intrinsic, where nothing else can stand.
  FieldExpression.Field field() {
    FieldExpression.Field field = acceptField();
    if (field == null) {
      throw tokens.unexpected("expected an attribute or an intrinsic");
    }
    return field;
  }

  private FieldExpression.@Nullable Field acceptField() {
    Token token = tokens.peek();
    SourcePosition position = token.position();
    Intrinsic plain = PLAIN.get(token.kind());
    if (plain != null) {
      tokens.next();
      return new IntrinsicRef(plain, position);
    }
    Map<TokenKind, Intrinsic> scoped = SCOPED.get(token.kind());
    if (scoped != null) {
      tokens.next();
      return new IntrinsicRef(scopedIntrinsic(scoped), position);
    }
    return token.kind().startsAttribute() ? attribute() : null;
  }

  private Intrinsic scopedIntrinsic(Map<TokenKind, Intrinsic> scoped) {
    Intrinsic intrinsic = scoped.get(tokens.kind());
    if (intrinsic == null) {
      TokenKind[] expected = scoped.keySet().stream().sorted().toArray(TokenKind[]::new);
      if (expected.length <= 4) {
        throw tokens.unexpected(expected);
      }
      StringBuilder words = new StringBuilder("expected one of");
      for (TokenKind kind : expected) {
        words.append(' ').append(kind.text());
      }
      throw tokens.unexpected(words.toString());
    }
    tokens.next();
    return intrinsic;
  }

  private AttributeRef attribute() {
    Token first = tokens.next();
    boolean parent = first.is(TokenKind.PARENT_DOT);
    TokenKind scope = first.kind();
    if (parent && (tokens.at(TokenKind.SPAN_DOT) || tokens.at(TokenKind.RESOURCE_DOT))) {
      scope = tokens.next().kind();
    }
    if (!tokens.at(TokenKind.ATTRIBUTE_NAME)) {
      throw tokens.unexpected(TokenKind.IDENTIFIER);
    }
    String name = tokens.next().text();
    return new AttributeRef(new Attribute(scopeOf(scope), name, parent), first.position());
  }

  private static AttributeScope scopeOf(TokenKind kind) {
    return switch (kind) {
      case SPAN_DOT -> AttributeScope.SPAN;
      case RESOURCE_DOT -> AttributeScope.RESOURCE;
      case EVENT_DOT -> AttributeScope.EVENT;
      case LINK_DOT -> AttributeScope.LINK;
      case INSTRUMENTATION_DOT -> AttributeScope.INSTRUMENTATION;
      default -> AttributeScope.NONE;
    };
  }

  /// The operator that the token stands for between two operands.
  static @Nullable BinaryOp binaryOp(TokenKind kind) {
    return switch (kind) {
      case ADD -> BinaryOp.ADD;
      case SUB -> BinaryOp.SUBTRACT;
      case MUL -> BinaryOp.MULTIPLY;
      case DIV -> BinaryOp.DIVIDE;
      case MOD -> BinaryOp.MODULO;
      case POW -> BinaryOp.POWER;
      case EQ -> BinaryOp.EQUAL;
      case NEQ -> BinaryOp.NOT_EQUAL;
      case LT -> BinaryOp.LESS;
      case LTE -> BinaryOp.LESS_EQUAL;
      case GT -> BinaryOp.GREATER;
      case GTE -> BinaryOp.GREATER_EQUAL;
      case RE -> BinaryOp.REGEX;
      case NRE -> BinaryOp.NOT_REGEX;
      case AND -> BinaryOp.AND;
      case OR -> BinaryOp.OR;
      default -> null;
    };
  }

  static int levelOf(BinaryOp op) {
    return switch (op) {
      case AND, OR -> LOOSEST;
      case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, REGEX, NOT_REGEX ->
          COMPARISON;
      case ADD, SUBTRACT -> 4;
      case MULTIPLY, DIVIDE, MODULO -> 6;
      case POWER -> POWER;
    };
  }
}
