package io.vivace.traceql.parse;

import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.FieldExpression.Unary;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.check.FieldRules;
import io.vivace.traceql.eval.StaticOps;
import java.util.Arrays;
import java.util.Optional;

/// Work that is done on a node as soon as it is parsed.
final class Folding {
  private Folding() {}

  /// The value of an operation on literals, if it is valid and can be computed; else the node.
  static FieldExpression binary(Binary node) {
    if (node.left() instanceof Literal(Static left, _)
        && node.right() instanceof Literal(Static right, _)) {
      if (!FieldRules.isValid(node)) {
        return node;
      }
      try {
        return new Literal(StaticOps.binary(node.op(), left, right), node.position());
      } catch (ArithmeticException _) {
        // A division by zero; it stays and concerns only the spans that reach it.
        return node;
      }
    }
    return node.op().isComparison() ? withoutLeadingZeros(node) : node;
  }

  static FieldExpression unary(Unary node) {
    if (node.operand() instanceof Literal(Static value, _) && FieldRules.isValid(node)) {
      Optional<Static> folded = StaticOps.unary(node.op(), value);
      if (folded.isPresent()) {
        return new Literal(folded.get(), node.position());
      }
    }
    return node;
  }

  /// Trace ids are compared in the form without leading zeros.
  private static Binary withoutLeadingZeros(Binary node) {
    if (isTraceId(node.left()) && node.right() instanceof Literal literal) {
      return new Binary(node.op(), node.left(), strip(literal), node.position());
    }
    if (isTraceId(node.right()) && node.left() instanceof Literal literal) {
      return new Binary(node.op(), strip(literal), node.right(), node.position());
    }
    return node;
  }

  private static boolean isTraceId(FieldExpression expression) {
    return expression instanceof IntrinsicRef(Intrinsic intrinsic, _)
        && intrinsic == Intrinsic.TRACE_ID;
  }

  private static Literal strip(Literal literal) {
    if (!(literal.value() instanceof Static.StringValue text)) {
      return literal;
    }
    byte[] bytes = text.utf8();
    int zeros = 0;
    while (zeros < bytes.length && bytes[zeros] == '0') {
      zeros++;
    }
    return new Literal(
        new Static.StringValue(Arrays.copyOfRange(bytes, zeros, bytes.length)), literal.position());
  }

  /// Arithmetic of constants outside of field expressions.
  ///
  /// @throws ArithmeticException with the text for the user
  static Static scalar(BinaryOp op, Static left, Static right) {
    if (left instanceof Static.DurationValue || right instanceof Static.DurationValue) {
      throw new ArithmeticException("duration cannot be used in scalar arithmetic");
    }
    return StaticOps.binary(op, left, right);
  }
}
