package io.vivace.engine.spanset;

import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Value;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.filter.ValueVector;
import io.vivace.traceql.ast.AggregateOp;
import io.vivace.traceql.ast.BinaryOp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the sets whose aggregate compares as wanted, and notes the aggregate on them.
final class Aggregation {
  private final BatchEvaluator evaluator;

  Aggregation(BatchEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  SpanSets apply(Stage.Aggregate stage, SpanSets input) {
    List<SpanSet> sets = input.list();
    List<SpanSet> kept = new ArrayList<>();
    ValueVector values =
        stage.argument() == null ? null : Values.of(evaluator, stage.argument(), sets).vector();
    int row = 0;
    for (int origin = 0; origin < sets.size(); origin++) {
      SpanSet set = sets.get(origin);
      int size = set.spans().length;
      Value result =
          values == null
              ? Value.number(ValueType.INT, size)
              : aggregate(stage.aggregate(), values, row, row + size);
      row += size;
      if (result != null && holds(stage.op(), result, stage.bound())) {
        List<SpanSet.SetAttribute> attributes = new ArrayList<>(set.attributes());
        attributes.add(new SpanSet.SetAttribute(stage.label(), result));
        kept.add(new SpanSet(set.trace(), origin, set.spans(), List.copyOf(attributes)));
      }
    }
    return SpanSets.of(evaluator.batch(), kept);
  }

  /// Over rows `[from, to)`; values that are no numbers do not count. Null if none is.
  private static @Nullable Value aggregate(AggregateOp op, ValueVector values, int from, int to) {
    return switch (op) {
      case COUNT -> Value.number(ValueType.INT, to - from);
      case SUM -> sum(values, from, to, false);
      case AVG -> sum(values, from, to, true);
      case MIN -> extreme(values, from, to, -1);
      case MAX -> extreme(values, from, to, 1);
    };
  }

  private static boolean isNumber(byte type) {
    return type == ValueType.INT || type == ValueType.FLOAT || type == ValueType.DURATION;
  }

  /// Of the values that have the first one's type.
  private static @Nullable Value sum(ValueVector values, int from, int to, boolean isMean) {
    byte type = ValueType.NIL;
    long whole = 0;
    double real = 0;
    long count = 0;
    for (int i = from; i < to; i++) {
      byte here = values.type(i);
      if (type == ValueType.NIL && isNumber(here)) {
        type = here;
      }
      if (type == ValueType.NIL || here != type) {
        continue;
      }
      count++;
      if (type == ValueType.FLOAT) {
        real += values.number(i);
      } else {
        whole += values.value(i);
      }
    }
    if (count == 0) {
      return null;
    }
    if (type == ValueType.DURATION) {
      return Value.number(type, isMean ? whole / count : whole);
    }
    if (type == ValueType.INT && !isMean) {
      return Value.number(type, whole);
    }
    double sum = type == ValueType.INT ? (double) whole : real;
    return Value.number(ValueType.FLOAT, Double.doubleToRawLongBits(isMean ? sum / count : sum));
  }

  private static @Nullable Value extreme(ValueVector values, int from, int to, int direction) {
    int best = -1;
    for (int i = from; i < to; i++) {
      if (!isNumber(values.type(i))) {
        continue;
      }
      if (best < 0 || direction * compare(values, i, best) > 0) {
        best = i;
      }
    }
    return best < 0 ? null : Value.number(values.type(best), values.value(best));
  }

  private static int compare(ValueVector values, int left, int right) {
    if (values.type(left) == ValueType.FLOAT || values.type(right) == ValueType.FLOAT) {
      return Double.compare(values.number(left), values.number(right));
    }
    return Long.compare(values.value(left), values.value(right));
  }

  private static boolean holds(BinaryOp op, Value left, Value right) {
    if (left.type() == ValueType.FLOAT || right.type() == ValueType.FLOAT) {
      double leftNumber = number(left);
      double rightNumber = number(right);
      return switch (op) {
        case EQUAL -> leftNumber == rightNumber;
        case NOT_EQUAL -> leftNumber != rightNumber;
        case LESS -> leftNumber < rightNumber;
        case LESS_EQUAL -> leftNumber <= rightNumber;
        case GREATER -> leftNumber > rightNumber;
        case GREATER_EQUAL -> leftNumber >= rightNumber;
        default -> throw new IllegalArgumentException("op: " + op);
      };
    }
    int comparison = Long.compare(left.bits(), right.bits());
    return switch (op) {
      case EQUAL -> comparison == 0;
      case NOT_EQUAL -> comparison != 0;
      case LESS -> comparison < 0;
      case LESS_EQUAL -> comparison <= 0;
      case GREATER -> comparison > 0;
      case GREATER_EQUAL -> comparison >= 0;
      default -> throw new IllegalArgumentException("op: " + op);
    };
  }

  private static double number(Value value) {
    return value.type() == ValueType.FLOAT
        ? Double.longBitsToDouble(value.bits())
        : (double) value.bits();
  }
}
