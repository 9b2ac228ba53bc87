package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.QueryScope;
import org.jspecify.annotations.Nullable;

/// Evaluates expressions for rows of one batch. Confined to one thread.
final class Evaluation {
  private final SpanBatch batch;
  private final FieldReader reader;
  private final Predicates predicates;
  private final QueryScope scope;

  Evaluation(SpanBatch batch, TextMemo memo, QueryScope scope) {
    this.batch = batch;
    this.reader = new FieldReader(batch);
    this.predicates = new Predicates(batch, memo);
    this.scope = scope;
  }

  SpanBatch batch() {
    return batch;
  }

  QueryScope scope() {
    return scope;
  }

  Predicates predicates() {
    return predicates;
  }

  FieldReader reader() {
    return reader;
  }

  /// What `expression` is, as a boolean, for those of `rows` in `candidates`.
  Truth truth(Expression expression, Rows rows, Bitmap candidates) {
    return switch (expression) {
      case Expression.Matches matches -> matches(matches, rows, candidates);
      case Expression.And and -> and(and, rows, candidates);
      case Expression.Or or -> or(or, rows, candidates);
      case Expression.Not not -> Truth.not(truth(not.operand(), rows, candidates));
      case Expression.Constant constant -> constant(constant, rows.size());
      case Expression.Compare _,
          Expression.TextMatches _,
          Expression.Exists _,
          Expression.Read _,
          Expression.Arithmetic _,
          Expression.Negate _ ->
          byValue(expression, rows, candidates, false);
    };
  }

  /// An operand of `&&` or `||`: of an array of booleans, any element counts.
  private Truth operand(Expression expression, Rows rows, Bitmap candidates) {
    return expression instanceof Expression.Read
        ? byValue(expression, rows, candidates, true)
        : truth(expression, rows, candidates);
  }

  private static Truth constant(Expression.Constant constant, int size) {
    if (constant.type() != ValueType.BOOL) {
      return new Truth(new Bitmap(size), Bitmap.all(size), null);
    }
    return Truth.of(constant.value().value(0) == 1 ? Bitmap.all(size) : new Bitmap(size));
  }

  private Truth matches(Expression.Matches matches, Rows rows, Bitmap candidates) {
    Field field = matches.field();
    if (!rows.has(field.level())) {
      // A single value is wanted of many events or links: go by the first.
      return byValue(matches, rows, candidates, false);
    }
    Bitmap found = predicates.rows(field, matches.test());
    return Truth.of(rows.lower(found, field.level()));
  }

  private Truth and(Expression.And and, Rows rows, Bitmap candidates) {
    Truth left = operand(and.left(), rows, candidates);
    Bitmap undecided = left.isTrue().copy();
    if (left.isOther() != null) {
      undecided.or(left.isOther());
    }
    undecided.and(candidates);
    if (undecided.isEmpty()) {
      return new Truth(new Bitmap(rows.size()), null, left.isError());
    }
    return Truth.and(left, operand(and.right(), rows, undecided));
  }

  private Truth or(Expression.Or or, Rows rows, Bitmap candidates) {
    Truth left = operand(or.left(), rows, candidates);
    Bitmap undecided = candidates.copy();
    undecided.andNot(left.isTrue());
    if (undecided.isEmpty()) {
      return left;
    }
    return Truth.or(left, operand(or.right(), rows, undecided));
  }

  private Truth byValue(Expression expression, Rows rows, Bitmap candidates, boolean takesArrays) {
    int[] positions = Rows.positions(candidates);
    ValueVector values = values(expression, rows.select(positions));
    Bitmap isTrue = new Bitmap(rows.size());
    Bitmap isOther = null;
    Bitmap isError = null;
    for (int i = 0; i < positions.length; i++) {
      switch (values.type(i)) {
        case ValueType.BOOL -> {
          if (values.value(i) == 1) {
            isTrue.set(positions[i]);
          }
        }
        case ValueType.ERROR -> {
          isError = isError == null ? new Bitmap(rows.size()) : isError;
          isError.set(positions[i]);
        }
        case ValueType.BOOL_ARRAY -> {
          if (!takesArrays) {
            isOther = isOther == null ? new Bitmap(rows.size()) : isOther;
            isOther.set(positions[i]);
          } else if (hasTrueElement(values, i)) {
            isTrue.set(positions[i]);
          }
        }
        default -> {
          isOther = isOther == null ? new Bitmap(rows.size()) : isOther;
          isOther.set(positions[i]);
        }
      }
    }
    return new Truth(isTrue, isOther, isError);
  }

  private static boolean hasTrueElement(ValueVector values, int i) {
    for (int k = 0; k < values.arrayLength(i); k++) {
      if (values.element(i, k) == 1) {
        return true;
      }
    }
    return false;
  }

  /// The values of `expression` for `rows`.
  ValueVector values(Expression expression, Rows rows) {
    scope.check();
    return switch (expression) {
      case Expression.Constant constant -> constant.value();
      case Expression.Read read -> reader.read(read.field(), rows, FieldReader.Pick.FIRST);
      case Expression.Arithmetic arithmetic ->
          Operations.arithmetic(
              arithmetic.op(),
              values(arithmetic.left(), rows),
              values(arithmetic.right(), rows),
              rows.size());
      case Expression.Negate negate ->
          Operations.negate(values(negate.operand(), rows), rows.size());
      case Expression.Compare compare -> compare(compare, rows);
      case Expression.TextMatches matches -> textMatches(matches, rows);
      case Expression.Exists exists -> exists(exists, rows);
      case Expression.Matches matches -> matchesOfOne(matches, rows);
      case Expression.And _, Expression.Or _, Expression.Not _ -> logical(expression, rows);
    };
  }

  private ValueVector compare(Expression.Compare compare, Rows rows) {
    ValueVector left = values(compare.left(), rows);
    ValueVector right = values(compare.right(), rows);
    ValueVector out = new ValueVector(rows.size(), ByteStrings.EMPTY);
    for (int i = 0; i < rows.size(); i++) {
      if (left.type(i) == ValueType.ERROR || right.type(i) == ValueType.ERROR) {
        out.set(i, ValueType.ERROR, 0);
      } else {
        out.set(i, ValueType.BOOL, Operations.compare(compare.op(), left, right, i) ? 1 : 0);
      }
    }
    return out;
  }

  private ValueVector textMatches(Expression.TextMatches matches, Rows rows) {
    ValueVector operand = values(matches.operand(), rows);
    ValueVector out = new ValueVector(rows.size(), ByteStrings.EMPTY);
    for (int i = 0; i < rows.size(); i++) {
      if (operand.type(i) == ValueType.ERROR) {
        out.set(i, ValueType.ERROR, 0);
      } else {
        out.set(i, ValueType.BOOL, textMatches(matches.test(), operand, i) ? 1 : 0);
      }
    }
    return out;
  }

  private static boolean textMatches(Test.TextMatch test, ValueVector operand, int i) {
    return switch (operand.type(i)) {
      case ValueType.STRING ->
          test.accepts(operand.dictionary().bytes((int) operand.value(i))) != test.isNegated();
      case ValueType.STRING_ARRAY -> {
        boolean any = false;
        for (int k = 0; k < operand.arrayLength(i) && !any; k++) {
          any = test.accepts(operand.dictionary().bytes((int) operand.element(i, k)));
        }
        yield any != test.isNegated();
      }
      default -> false;
    };
  }

  private ValueVector exists(Expression.Exists exists, Rows rows) {
    ValueVector operand = values(exists.operand(), rows);
    ValueVector out = new ValueVector(rows.size(), ByteStrings.EMPTY);
    for (int i = 0; i < rows.size(); i++) {
      byte type = operand.type(i);
      if (type == ValueType.ERROR) {
        out.set(i, ValueType.ERROR, 0);
      } else {
        boolean isWanted = exists.isNegated() ? type == ValueType.NIL : type > ValueType.VOID;
        out.set(i, ValueType.BOOL, isWanted ? 1 : 0);
      }
    }
    return out;
  }

  /// A test where one value per span is wanted: on events and links, any of them may pass.
  private ValueVector matchesOfOne(Expression.Matches matches, Rows rows) {
    Field field = matches.field();
    Bitmap found = predicates.rows(field, matches.test());
    Level level = field.level();
    Bitmap here =
        rows.has(level) ? rows.lower(found, level) : anyBelow(found, level, rows.at(Level.SPAN));
    return booleans(here, null, rows.size());
  }

  private Bitmap anyBelow(Bitmap found, Level level, int[] spans) {
    int[] offsets = batch.offsets(level);
    Bitmap out = new Bitmap(spans.length);
    for (int i = 0; i < spans.length; i++) {
      if (found.intersects(offsets[spans[i]], offsets[spans[i] + 1])) {
        out.set(i);
      }
    }
    return out;
  }

  private ValueVector logical(Expression expression, Rows rows) {
    Truth truth = truth(expression, rows, Bitmap.all(rows.size()));
    return booleans(truth.isTrue(), truth.isError(), rows.size());
  }

  private static ValueVector booleans(Bitmap isTrue, @Nullable Bitmap isError, int size) {
    ValueVector out = new ValueVector(size, ByteStrings.EMPTY);
    for (int i = 0; i < size; i++) {
      if (isError != null && isError.get(i)) {
        out.set(i, ValueType.ERROR, 0);
      } else {
        out.set(i, ValueType.BOOL, isTrue.get(i) ? 1 : 0);
      }
    }
    return out;
  }
}
