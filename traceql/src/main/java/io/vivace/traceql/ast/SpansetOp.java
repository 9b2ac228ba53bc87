package io.vivace.traceql.ast;

/// Operators between spansets: a relation, and for structural relations a variant.
public enum SpansetOp {
  AND("&&", Relation.AND, Variant.PLAIN),
  OR("||", Relation.OR, Variant.PLAIN),
  CHILD(">", Relation.CHILD, Variant.PLAIN),
  PARENT("<", Relation.PARENT, Variant.PLAIN),
  DESCENDANT(">>", Relation.DESCENDANT, Variant.PLAIN),
  ANCESTOR("<<", Relation.ANCESTOR, Variant.PLAIN),
  SIBLING("~", Relation.SIBLING, Variant.PLAIN),
  NOT_CHILD("!>", Relation.CHILD, Variant.NEGATED),
  NOT_PARENT("!<", Relation.PARENT, Variant.NEGATED),
  NOT_DESCENDANT("!>>", Relation.DESCENDANT, Variant.NEGATED),
  NOT_ANCESTOR("!<<", Relation.ANCESTOR, Variant.NEGATED),
  NOT_SIBLING("!~", Relation.SIBLING, Variant.NEGATED),
  UNION_CHILD("&>", Relation.CHILD, Variant.UNION),
  UNION_PARENT("&<", Relation.PARENT, Variant.UNION),
  UNION_DESCENDANT("&>>", Relation.DESCENDANT, Variant.UNION),
  UNION_ANCESTOR("&<<", Relation.ANCESTOR, Variant.UNION),
  UNION_SIBLING("&~", Relation.SIBLING, Variant.UNION);

  /// What a span of the right operand must be to some span of the left one.
  public enum Relation {
    AND,
    OR,
    /// right is a child of left
    CHILD,
    /// right is the parent of left
    PARENT,
    /// right is a descendant of left
    DESCENDANT,
    /// right is an ancestor of left
    ANCESTOR,
    /// right and left are different children of one parent
    SIBLING
  }

  /// Which spans come out.
  public enum Variant {
    /// right spans that are in the relation
    PLAIN,
    /// right spans that are not
    NEGATED,
    /// spans of both sides that are in the relation
    UNION
  }

  private final String symbol;
  private final Relation relation;
  private final Variant variant;

  SpansetOp(String symbol, Relation relation, Variant variant) {
    this.symbol = symbol;
    this.relation = relation;
    this.variant = variant;
  }

  public String symbol() {
    return symbol;
  }

  public Relation relation() {
    return relation;
  }

  public Variant variant() {
    return variant;
  }

  /// Everything but `&&` and `||`.
  public boolean isStructural() {
    return relation != Relation.AND && relation != Relation.OR;
  }

  @Override
  public String toString() {
    return symbol;
  }
}
