package io.vivace.engine.filter;

import io.vivace.batch.Level;

/// What an expression touches and how much it costs, roughly.
record Shape(boolean usesEvents, boolean usesLinks, boolean needsWholeTrace, int cost) {
  private static final int GENERAL_COST = 40;

  private static final Shape NOTHING = new Shape(false, false, false, 0);

  static Shape of(Expression expression) {
    return switch (expression) {
      case Expression.Constant _ -> NOTHING;
      case Expression.Read read -> of(read.field(), GENERAL_COST);
      case Expression.Matches matches ->
          of(matches.field(), matches.test() instanceof Test.TextMatch ? 2 : 0);
      case Expression.Compare compare -> of(compare.left()).with(of(compare.right()));
      case Expression.TextMatches matches -> of(matches.operand());
      case Expression.Arithmetic arithmetic -> of(arithmetic.left()).with(of(arithmetic.right()));
      case Expression.And and -> of(and.left()).with(of(and.right()));
      case Expression.Or or -> of(or.left()).with(of(or.right()));
      case Expression.Not not -> of(not.operand());
      case Expression.Negate negate -> of(negate.operand());
      case Expression.Exists exists -> of(exists.operand());
    };
  }

  private static Shape of(Field field, int extraCost) {
    boolean isWhole = field instanceof Field.Intrinsic intrinsic && intrinsic.needsWholeTrace();
    int cost =
        switch (field.level()) {
          case TRACE -> 1;
          case RESOURCE -> 2;
          case SCOPE -> 3;
          case SPAN -> spanCost(field);
          case EVENT -> 30;
          case LINK -> 25;
        };
    return new Shape(
        field.level() == Level.EVENT, field.level() == Level.LINK, isWhole, cost + extraCost);
  }

  private static int spanCost(Field field) {
    return switch (field) {
      case Field.Intrinsic intrinsic ->
          switch (intrinsic) {
            case STATUS, KIND -> 5;
            case NAME -> 6;
            case SPAN_ID, PARENT_ID -> 15;
            default -> 8;
          };
      case Field.Attribute attribute -> attribute.owner() == Field.Owner.SPAN_OR_RESOURCE ? 13 : 12;
    };
  }

  private Shape with(Shape other) {
    return new Shape(
        usesEvents || other.usesEvents,
        usesLinks || other.usesLinks,
        needsWholeTrace || other.needsWholeTrace,
        cost + other.cost);
  }

  static boolean isTrue(Expression expression) {
    return expression instanceof Expression.Constant constant
        && constant.type() == ValueType.BOOL
        && constant.value().value(0) == 1;
  }

  /// True for a literal that is not `true`, and for a test that nothing can pass.
  static boolean isNeverTrue(Expression expression) {
    return switch (expression) {
      case Expression.Constant constant -> !isTrue(constant);
      case Expression.Matches matches ->
          matches.test() instanceof Test.Never
              || (matches.test() instanceof Test.WholeIn in
                  && !in.isNegated()
                  && in.literals().length == 0);
      case Expression.Or or -> isNeverTrue(or.left()) && isNeverTrue(or.right());
      default -> false;
    };
  }
}
