package io.vivace.traceql.ast;

import org.jspecify.annotations.Nullable;

/// An expression over the fields of one span.
public sealed interface FieldExpression extends Node {

  /// The type that is known without data; [StaticType#ATTRIBUTE] if none.
  StaticType type();

  /// Whether any field is referenced, so that the value depends on the span.
  boolean referencesSpan();

  /// `left op right`.
  record Binary(BinaryOp op, FieldExpression left, FieldExpression right, SourcePosition position)
      implements FieldExpression {
    @Override
    public StaticType type() {
      if (op.isBoolean()) {
        return StaticType.BOOL;
      }
      StaticType leftType = left.type();
      return leftType == StaticType.ATTRIBUTE ? right.type() : leftType;
    }

    @Override
    public boolean referencesSpan() {
      return left.referencesSpan() || right.referencesSpan();
    }

    // By loops along the left side, which may be thousands of operators long.
    @Override
    public boolean equals(@Nullable Object other) {
      Object a = this;
      Object b = other;
      while (a instanceof Binary x && b instanceof Binary y) {
        if (x == y) {
          return true;
        }
        if (x.op != y.op || !x.right.equals(y.right)) {
          return false;
        }
        a = x.left;
        b = y.left;
      }
      return !(a instanceof Binary) && a.equals(b);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      FieldExpression at = this;
      while (at instanceof Binary x) {
        hash = 31 * (31 * hash + x.op.hashCode()) + x.right.hashCode();
        at = x.left;
      }
      return 31 * hash + at.hashCode();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `-operand` or `!operand`.
  record Unary(UnaryOp op, FieldExpression operand, SourcePosition position)
      implements FieldExpression {
    @Override
    public StaticType type() {
      return operand.type();
    }

    @Override
    public boolean referencesSpan() {
      return operand.referencesSpan();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `operand != nil`.
  record Exists(FieldExpression operand, SourcePosition position) implements FieldExpression {
    @Override
    public StaticType type() {
      return StaticType.BOOL;
    }

    @Override
    public boolean referencesSpan() {
      return operand.referencesSpan();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `operand = nil`.
  record NotExists(FieldExpression operand, SourcePosition position) implements FieldExpression {
    @Override
    public StaticType type() {
      return StaticType.BOOL;
    }

    @Override
    public boolean referencesSpan() {
      return operand.referencesSpan();
    }

    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  record Literal(Static value, SourcePosition position) implements FieldExpression {
    @Override
    public StaticType type() {
      return value.type();
    }

    @Override
    public boolean referencesSpan() {
      return false;
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /// A single attribute or intrinsic, the only form that `select`, metrics functions and their `by`
  /// take.
  sealed interface Field extends FieldExpression {
    /// The canonical spelling, also the metrics label name.
    String label();

    @Override
    default boolean referencesSpan() {
      return true;
    }
  }

  record AttributeRef(Attribute attribute, SourcePosition position) implements Field {
    @Override
    public StaticType type() {
      return StaticType.ATTRIBUTE;
    }

    @Override
    public String label() {
      return attribute.toString();
    }

    @Override
    public String toString() {
      return attribute.toString();
    }
  }

  record IntrinsicRef(Intrinsic intrinsic, SourcePosition position) implements Field {
    @Override
    public StaticType type() {
      return intrinsic.type();
    }

    @Override
    public String label() {
      return intrinsic.label();
    }

    @Override
    public String toString() {
      return intrinsic.label();
    }
  }
}
