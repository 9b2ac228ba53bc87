package io.vivace.engine.filter;

import com.google.re2j.Pattern;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.Attribute;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.StaticType;
import io.vivace.traceql.ast.UnaryOp;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Turns the syntax of a field expression into what is evaluated.
final class Resolver {
  private static final long[] NO_LITERALS = {};

  private Resolver() {}

  static Expression resolve(FieldExpression syntax) {
    return switch (syntax) {
      case FieldExpression.Literal literal -> constant(literal.value());
      case FieldExpression.AttributeRef ref -> new Expression.Read(field(ref));
      case FieldExpression.IntrinsicRef ref -> new Expression.Read(field(ref));
      case FieldExpression.Unary unary -> unary(unary);
      case FieldExpression.Exists exists -> exists(exists.operand(), false);
      case FieldExpression.NotExists missing -> exists(missing.operand(), true);
      case FieldExpression.Binary binary -> binary(binary);
    };
  }

  /// Where the values of a field lie.
  static Field field(FieldExpression.Field syntax) {
    return switch (syntax) {
      case FieldExpression.AttributeRef ref -> attribute(ref.attribute(), ref.position());
      case FieldExpression.IntrinsicRef ref -> intrinsic(ref.intrinsic(), ref.position());
    };
  }

  private static Field attribute(Attribute attribute, SourcePosition position) {
    if (attribute.parent()) {
      throw unsupported(attribute.toString(), position);
    }
    Field.Owner owner =
        switch (attribute.scope()) {
          case NONE -> Field.Owner.SPAN_OR_RESOURCE;
          case SPAN -> Field.Owner.SPAN;
          case RESOURCE -> Field.Owner.RESOURCE;
          case EVENT -> Field.Owner.EVENT;
          case LINK -> Field.Owner.LINK;
          case INSTRUMENTATION -> Field.Owner.SCOPE;
        };
    return new Field.Attribute(owner, attribute.name());
  }

  private static Field intrinsic(Intrinsic intrinsic, SourcePosition position) {
    return switch (intrinsic) {
      case NAME -> Field.Intrinsic.NAME;
      case DURATION -> Field.Intrinsic.DURATION;
      case STATUS -> Field.Intrinsic.STATUS;
      case STATUS_MESSAGE -> Field.Intrinsic.STATUS_MESSAGE;
      case KIND -> Field.Intrinsic.KIND;
      case SPAN_ID -> Field.Intrinsic.SPAN_ID;
      case PARENT_ID -> Field.Intrinsic.PARENT_ID;
      case CHILD_COUNT -> Field.Intrinsic.CHILD_COUNT;
      case NESTED_SET_LEFT -> Field.Intrinsic.NESTED_SET_LEFT;
      case NESTED_SET_RIGHT -> Field.Intrinsic.NESTED_SET_RIGHT;
      case NESTED_SET_PARENT -> Field.Intrinsic.NESTED_SET_PARENT;
      case TRACE_ID -> Field.Intrinsic.TRACE_ID;
      case TRACE_DURATION -> Field.Intrinsic.TRACE_DURATION;
      case ROOT_NAME -> Field.Intrinsic.ROOT_NAME;
      case ROOT_SERVICE -> Field.Intrinsic.ROOT_SERVICE;
      case EVENT_NAME -> Field.Intrinsic.EVENT_NAME;
      case EVENT_TIME_SINCE_START -> Field.Intrinsic.EVENT_TIME_SINCE_START;
      case LINK_TRACE_ID -> Field.Intrinsic.LINK_TRACE_ID;
      case LINK_SPAN_ID -> Field.Intrinsic.LINK_SPAN_ID;
      case INSTRUMENTATION_NAME -> Field.Intrinsic.SCOPE_NAME;
      case INSTRUMENTATION_VERSION -> Field.Intrinsic.SCOPE_VERSION;
      case PARENT -> throw unsupported("intrinsic (parent)", position);
    };
  }

  private static RequestException unsupported(String construct, SourcePosition position) {
    return new RequestException(
        ErrorCategory.INVALID_ARGUMENT, construct + " at " + position + " is not supported yet");
  }

  static Expression constant(Static value) {
    return switch (value) {
      case Static.Nil _ -> constant(ValueType.NIL, 0);
      case Static.IntValue number -> constant(ValueType.INT, number.value());
      case Static.FloatValue number ->
          constant(ValueType.FLOAT, Double.doubleToRawLongBits(number.value()));
      case Static.BoolValue bool -> constant(ValueType.BOOL, bool.value() ? 1 : 0);
      case Static.DurationValue duration -> constant(ValueType.DURATION, duration.nanos());
      case Static.StatusValue status -> constant(ValueType.STATUS, status.value().code());
      case Static.KindValue kind -> constant(ValueType.KIND, kind.value().code());
      case Static.StringValue text ->
          new Expression.Constant(ValueType.STRING, ValueVector.constant(text.utf8()));
    };
  }

  private static Expression constant(byte type, long value) {
    return new Expression.Constant(type, ValueVector.constant(type, value));
  }

  private static Expression unary(FieldExpression.Unary unary) {
    Expression operand = resolve(unary.operand());
    return unary.op() == UnaryOp.NOT ? new Expression.Not(operand) : new Expression.Negate(operand);
  }

  private static Expression exists(FieldExpression operand, boolean isNegated) {
    if (operand instanceof FieldExpression.Field field) {
      return new Expression.Matches(
          field(field), isNegated ? new Test.Absent() : new Test.Present());
    }
    return new Expression.Exists(resolve(operand), isNegated);
  }

  private static Expression binary(FieldExpression.Binary binary) {
    BinaryOp op = binary.op();
    if (op.isArithmetic()) {
      return new Expression.Arithmetic(op, resolve(binary.left()), resolve(binary.right()));
    }
    if (op.isLogical()) {
      return logical(op, resolve(binary.left()), resolve(binary.right()));
    }
    if (binary.left() instanceof FieldExpression.Field field
        && binary.right() instanceof FieldExpression.Literal literal) {
      return fieldWithLiteral(op, field, literal.value());
    }
    if (op.isComparison()
        && binary.left() instanceof FieldExpression.Literal literal
        && binary.right() instanceof FieldExpression.Field field) {
      return fieldWithLiteral(op.flipped(), field, literal.value());
    }
    if (op.isRegex()) {
      return new Expression.TextMatches(resolve(binary.left()), regex(op, binary.right()));
    }
    return new Expression.Compare(op, resolve(binary.left()), resolve(binary.right()));
  }

  private static Expression logical(BinaryOp op, Expression left, Expression right) {
    Expression merged = merge(op, left, right);
    if (merged != null) {
      return merged;
    }
    return op == BinaryOp.AND ? new Expression.And(left, right) : new Expression.Or(left, right);
  }

  /// `a = x || a = y` and `a != x && a != y` are one test.
  private static @Nullable Expression merge(BinaryOp op, Expression left, Expression right) {
    boolean isNegated = op == BinaryOp.AND;
    if (!(left instanceof Expression.Matches(Field field, Test first)
        && right instanceof Expression.Matches(Field otherField, Test second)
        && field.equals(otherField)
        && first.isNegated() == isNegated
        && second.isNegated() == isNegated)) {
      return null;
    }
    if (first instanceof Test.TextIn a && second instanceof Test.TextIn b) {
      return new Expression.Matches(
          field, new Test.TextIn(concat(a.literals(), b.literals()), isNegated));
    }
    if (first instanceof Test.TextMatch a && second instanceof Test.TextMatch b) {
      return new Expression.Matches(
          field, new Test.TextMatch(concat(a.patterns(), b.patterns()), isNegated));
    }
    if (first instanceof Test.WholeIn a
        && second instanceof Test.WholeIn b
        && a.type() == b.type()) {
      return new Expression.Matches(
          field, new Test.WholeIn(a.type(), concat(a.literals(), b.literals()), isNegated));
    }
    return null;
  }

  private static <T> T[] concat(T[] first, T[] second) {
    T[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static long[] concat(long[] first, long[] second) {
    long[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static Expression fieldWithLiteral(
      BinaryOp op, FieldExpression.Field syntax, Static literal) {
    Field field = field(syntax);
    if (op.isRegex()) {
      Test.TextMatch test = regex(op, literal);
      return syntax instanceof FieldExpression.IntrinsicRef ref && ref.intrinsic().isId()
          ? new Expression.TextMatches(new Expression.Read(field), test)
          : new Expression.Matches(field, test);
    }
    if (syntax instanceof FieldExpression.IntrinsicRef ref) {
      return intrinsicWithLiteral(op, ref.intrinsic(), field, literal);
    }
    return new Expression.Matches(field, attributeTest(op, literal));
  }

  private static Expression intrinsicWithLiteral(
      BinaryOp op, Intrinsic intrinsic, Field field, Static literal) {
    if (intrinsic.isId() && literal instanceof Static.StringValue text) {
      return op.isEquality()
          ? new Expression.Matches(field, id(op, intrinsic, text.text()))
          : new Expression.Compare(op, new Expression.Read(field), constant(literal));
    }
    Test test =
        switch (literal) {
          case Static.StringValue text -> text(op, text.utf8());
          case Static.IntValue number -> intrinsicNumber(op, intrinsic, number.value());
          case Static.DurationValue number -> intrinsicNumber(op, intrinsic, number.nanos());
          case Static.FloatValue number -> intrinsicReal(op, intrinsic, number.value());
          case Static.StatusValue status ->
              intrinsic == Intrinsic.STATUS
                  ? whole(op, ValueType.STATUS, status.value().code())
                  : new Test.Never();
          case Static.KindValue kind ->
              intrinsic == Intrinsic.KIND
                  ? whole(op, ValueType.KIND, kind.value().code())
                  : new Test.Never();
          case Static.BoolValue _, Static.Nil _ -> new Test.Never();
        };
    return new Expression.Matches(field, test);
  }

  private static byte numberType(Intrinsic intrinsic) {
    return intrinsic.type() == StaticType.DURATION
        ? ValueType.DURATION
        : intrinsic.type() == StaticType.INT ? ValueType.INT : ValueType.NIL;
  }

  private static Test intrinsicNumber(BinaryOp op, Intrinsic intrinsic, long literal) {
    byte type = numberType(intrinsic);
    return type == ValueType.NIL ? new Test.Never() : whole(op, type, literal);
  }

  private static Test intrinsicReal(BinaryOp op, Intrinsic intrinsic, double literal) {
    byte type = numberType(intrinsic);
    return type == ValueType.NIL
        ? new Test.Never()
        : new Test.WholeAsReal(type, order(op), literal, op == BinaryOp.NOT_EQUAL);
  }

  private static Test attributeTest(BinaryOp op, Static literal) {
    return switch (literal) {
      case Static.StringValue text -> text(op, text.utf8());
      case Static.IntValue number -> whole(op, ValueType.INT, number.value());
      case Static.FloatValue number ->
          new Test.Real(order(op), new double[] {number.value()}, op == BinaryOp.NOT_EQUAL);
      case Static.BoolValue bool ->
          op.isEquality() ? whole(op, ValueType.BOOL, bool.value() ? 1 : 0) : new Test.Never();
      case Static.DurationValue _, Static.StatusValue _, Static.KindValue _, Static.Nil _ ->
          new Test.Never();
    };
  }

  private static Test text(BinaryOp op, byte[] literal) {
    return op.isEquality()
        ? new Test.TextIn(new byte[][] {literal}, op == BinaryOp.NOT_EQUAL)
        : new Test.TextOrder(order(op), literal);
  }

  private static Test whole(BinaryOp op, byte type, long literal) {
    return switch (op) {
      case EQUAL -> new Test.WholeIn(type, new long[] {literal}, false);
      case NOT_EQUAL -> new Test.WholeIn(type, new long[] {literal}, true);
      case LESS ->
          literal == Long.MIN_VALUE
              ? new Test.WholeIn(type, NO_LITERALS, false)
              : new Test.WholeRange(type, Long.MIN_VALUE, literal - 1);
      case LESS_EQUAL -> new Test.WholeRange(type, Long.MIN_VALUE, literal);
      case GREATER ->
          literal == Long.MAX_VALUE
              ? new Test.WholeIn(type, NO_LITERALS, false)
              : new Test.WholeRange(type, literal + 1, Long.MAX_VALUE);
      case GREATER_EQUAL -> new Test.WholeRange(type, literal, Long.MAX_VALUE);
      default -> throw new IllegalArgumentException("op: " + op);
    };
  }

  private static Test.Order order(BinaryOp op) {
    return switch (op) {
      case EQUAL, NOT_EQUAL -> Test.Order.EQUAL;
      case LESS -> Test.Order.LESS;
      case LESS_EQUAL -> Test.Order.LESS_OR_EQUAL;
      case GREATER -> Test.Order.GREATER;
      case GREATER_EQUAL -> Test.Order.GREATER_OR_EQUAL;
      default -> throw new IllegalArgumentException("op: " + op);
    };
  }

  private static Test id(BinaryOp op, Intrinsic intrinsic, String text) {
    boolean isNegated = op == BinaryOp.NOT_EQUAL;
    boolean isTraceId = intrinsic == Intrinsic.TRACE_ID || intrinsic == Intrinsic.LINK_TRACE_ID;
    boolean isHex = !text.isEmpty() && text.length() <= 32;
    boolean isCanonical = isTraceId ? !text.startsWith("0") : text.length() == 16;
    long high = 0;
    long low = 0;
    for (int i = 0; i < text.length() && isHex; i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      isHex = digit >= 0;
      isCanonical &= c < 'A' || c > 'F';
      high = high << 4 | low >>> 60;
      low = low << 4 | digit;
    }
    return new Test.Id(isHex, high, low, isCanonical, isNegated);
  }

  private static Test.TextMatch regex(BinaryOp op, FieldExpression pattern) {
    if (pattern instanceof FieldExpression.Literal literal) {
      return regex(op, literal.value());
    }
    throw unsupported("a regex that is not a literal", pattern.position());
  }

  private static Test.TextMatch regex(BinaryOp op, Static pattern) {
    if (!(pattern instanceof Static.StringValue text)) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "invalid type for =~ or !~: " + pattern);
    }
    Pattern compiled =
        Pattern.compile(new String(text.utf8(), StandardCharsets.UTF_8), Pattern.DOTALL);
    return new Test.TextMatch(new Pattern[] {compiled}, op == BinaryOp.NOT_REGEX);
  }
}
