package io.vivace.engine.metrics;

import io.vivace.batch.LongField;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.Fields;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.filter.ValueVector;
import io.vivace.traceql.ast.FieldExpression;
import java.util.Arrays;

/// The field that a metrics function looks at. Immutable.
final class Argument {
  static final double NANOS_PER_SECOND = 1e9;

  /// Stands for spans without a value that has a bucket.
  static final byte NO_BUCKET = 0;

  private final Field field;
  private final ValueExpression expression;

  Argument(FieldExpression.Field syntax) {
    this.field = Fields.of(syntax);
    this.expression = ValueExpression.of(syntax);
  }

  boolean needsWholeTrace() {
    return expression.needsWholeTrace();
  }

  /// True if values are durations, of which buckets are in seconds.
  boolean isDuration() {
    return field == Field.Intrinsic.DURATION
        || field == Field.Intrinsic.TRACE_DURATION
        || field == Field.Intrinsic.EVENT_TIME_SINCE_START;
  }

  /// True if [#numbers] gives durations in seconds.
  boolean isInSeconds() {
    return field == Field.Intrinsic.DURATION;
  }

  /// The numbers of the first `count` of `spans`; NaN where there is none. The duration of spans is
  /// in seconds, other durations in nanoseconds.
  void numbers(BatchEvaluator evaluator, int[] spans, int count, double[] out) {
    if (field == Field.Intrinsic.DURATION) {
      long[] durations = evaluator.batch().longs(LongField.SPAN_DURATION);
      for (int k = 0; k < count; k++) {
        out[k] = durations[spans[k]] / NANOS_PER_SECOND;
      }
      return;
    }
    ValueVector values = evaluator.values(expression, Arrays.copyOf(spans, count));
    for (int k = 0; k < count; k++) {
      out[k] =
          switch (values.type(k)) {
            case ValueType.INT, ValueType.FLOAT, ValueType.DURATION -> values.number(k);
            default -> Double.NaN;
          };
    }
  }

  /// The buckets of the first `count` of `spans` as powers of two: a value lies in the bucket of
  /// the least power that is not below it.
  void buckets(BatchEvaluator evaluator, int[] spans, int count, byte[] out) {
    if (field == Field.Intrinsic.DURATION) {
      long[] durations = evaluator.batch().longs(LongField.SPAN_DURATION);
      for (int k = 0; k < count; k++) {
        out[k] = bucket(durations[spans[k]]);
      }
      return;
    }
    ValueVector values = evaluator.values(expression, Arrays.copyOf(spans, count));
    for (int k = 0; k < count; k++) {
      out[k] =
          switch (values.type(k)) {
            case ValueType.INT, ValueType.DURATION -> bucket(values.value(k));
            default -> NO_BUCKET;
          };
    }
  }

  static byte bucket(long value) {
    return value < 2 ? NO_BUCKET : (byte) (Long.SIZE - Long.numberOfLeadingZeros(value - 1));
  }
}
