package io.vivace.traceql.check;

import com.google.re2j.PatternSyntaxException;
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
import io.vivace.traceql.ast.Node;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.StaticType;
import io.vivace.traceql.ast.UnaryOp;
import io.vivace.traceql.eval.Patterns;
import java.util.ArrayDeque;
import java.util.Deque;

/// The rules for expressions over the fields of a span.
public final class FieldRules {
  private FieldRules() {}

  /// Checks an expression and everything below it, operands first and from left to right.
  ///
  /// @throws TraceQlValidationException with the first rule that fails
  static void check(FieldExpression expression) {
    Deque<Binary> spine = new ArrayDeque<>();
    FieldExpression leftmost = expression;
    while (leftmost instanceof Binary binary) {
      spine.push(binary);
      leftmost = binary.left();
    }
    switch (leftmost) {
      case Unary unary -> {
        check(unary.operand());
        checkNode(unary);
      }
      case Exists exists -> check(exists.operand());
      case NotExists notExists -> {
        check(notExists.operand());
        checkNotExists(notExists);
      }
      case AttributeRef field -> {
        if (field.attribute().parent()) {
          throw unsupported("parent not yet supported", field);
        }
      }
      case IntrinsicRef field -> {
        if (field.intrinsic() == Intrinsic.PARENT) {
          throw unsupported("intrinsic (parent) not yet supported", field);
        }
      }
      case Literal _ -> {}
      case Binary _ -> throw new IllegalStateException("the leftmost operand is no operation");
    }
    while (!spine.isEmpty()) {
      Binary binary = spine.pop();
      check(binary.right());
      checkNode(binary);
    }
  }

  /// Whether a node whose operands are literals may be evaluated before the query runs.
  public static boolean isValid(Binary node) {
    try {
      checkNode(node);
      return true;
    } catch (TraceQlValidationException _) {
      return false;
    }
  }

  /// Whether a node whose operand is a literal may be evaluated before the query runs.
  public static boolean isValid(Unary node) {
    return node.operand().type().allows(node.op());
  }

  private static void checkNode(Binary node) {
    checkOperands(node.op(), node.left().type(), node.right().type(), node);
    if (node.op().isRegex()) {
      checkRegex(node);
    }
  }

  private static void checkNode(Unary node) {
    if (!node.operand().type().allows(node.op())) {
      String hint = node.op() == UnaryOp.NOT ? "; ! needs a boolean" : "; - needs a number";
      throw invalid("illegal operation for the given type: " + node + hint, node);
    }
  }

  /// The rule for two operands, shared with scalars.
  static void checkOperands(BinaryOp op, StaticType left, StaticType right, Node node) {
    if (!left.matches(right)) {
      throw invalid(
          "binary operations must operate on the same type: "
              + node
              + Suggestions.forTypes(left, right, node),
          node);
    }
    if (!left.allows(op) || !right.allows(op)) {
      throw invalid("illegal operation for the given types: " + node, node);
    }
  }

  private static void checkRegex(Binary node) {
    if (!(node.right() instanceof Literal(Static value, _))) {
      throw invalid("invalid type for =~ or !~: " + node.right(), node.right());
    }
    if (!(value instanceof Static.StringValue text)) {
      throw invalid("invalid type for =~ or !~: " + node.right(), node.right());
    }
    try {
      Patterns.compile(text.text());
    } catch (PatternSyntaxException e) {
      throw invalid("invalid regex: " + value + "; " + e.getDescription(), node.right());
    }
  }

  private static void checkNotExists(NotExists node) {
    if (node.operand() instanceof IntrinsicRef field) {
      throw invalid(field + "=nil is not valid because intrinsics cannot be nil", node);
    }
    if (node.operand() instanceof AttributeRef field
        && field.attribute().scope() == AttributeScope.RESOURCE
        && field.attribute().name().equals("service.name")) {
      throw invalid(
          "resource.service.name=nil is not valid because resource.service.name cannot be nil",
          node);
    }
  }

  static TraceQlValidationException invalid(String message, Node node) {
    return new TraceQlValidationException(message, node.position(), false);
  }

  static TraceQlValidationException unsupported(String message, Node node) {
    return new TraceQlValidationException(message, node.position(), true);
  }
}
