package io.vivace.engine.filter;

import io.vivace.traceql.ast.BinaryOp;

/// A field expression, resolved: fields say where their values lie, and comparisons of a field with
/// literals have become tests on its column.
sealed interface Expression {

  record Constant(byte type, ValueVector value) implements Expression {}

  record Read(Field field) implements Expression {}

  /// A field compared with literals.
  record Matches(Field field, Test test) implements Expression {}

  /// Two expressions compared; not a regex.
  record Compare(BinaryOp op, Expression left, Expression right) implements Expression {}

  /// A regex on something else than a field that has a string column.
  record TextMatches(Expression operand, Test.TextMatch test) implements Expression {}

  record Arithmetic(BinaryOp op, Expression left, Expression right) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record Negate(Expression operand) implements Expression {}

  /// `operand != nil`, or `operand = nil` if negated.
  record Exists(Expression operand, boolean isNegated) implements Expression {}
}
