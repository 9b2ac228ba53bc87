package io.vivace.engine.spanset;

import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.engine.filter.ValueVector;
import java.util.List;

/// The values of an expression for all spans of some sets, set after set.
record Values(ValueVector vector) {
  static Values of(BatchEvaluator evaluator, ValueExpression expression, List<SpanSet> sets) {
    int count = 0;
    for (SpanSet set : sets) {
      count += set.spans().length;
    }
    int[] spans = new int[count];
    int n = 0;
    for (SpanSet set : sets) {
      System.arraycopy(set.spans(), 0, spans, n, set.spans().length);
      n += set.spans().length;
    }
    return new Values(evaluator.values(expression, spans));
  }
}
