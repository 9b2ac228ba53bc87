package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.QueryScope;

/// Evaluates filters and expressions on one batch. Confined to one thread.
public final class BatchEvaluator {
  private final SpanBatch batch;
  private final Evaluation evaluation;
  private final Rows allSpans;
  private int retained;

  /// @param memo shared by the batches that one thread looks at for one query
  public BatchEvaluator(SpanBatch batch, TextMemo memo, QueryScope scope) {
    this.batch = batch;
    this.evaluation = new Evaluation(batch, memo, scope);
    this.allSpans = Rows.allSpans(batch);
    this.retained = batch.count(Level.TRACE);
  }

  public SpanBatch batch() {
    return batch;
  }

  /// The values of `expression` for these spans. Of a field of events or links the first one that
  /// has it counts.
  public ValueVector values(ValueExpression expression, int[] spans) {
    return evaluation.values(expression.resolved(), Rows.ofSpans(batch, spans));
  }

  /// The values of a field for these spans as search answers show them: of events and links the
  /// last one that has it.
  public ValueVector shownValues(Field field, int[] spans) {
    return evaluation.reader().read(field, Rows.ofSpans(batch, spans), FieldReader.Pick.LAST);
  }

  /// Tells the batch that only the traces of these spans are of further interest.
  public void retain(Bitmap spans) {
    Bitmap traces = Levels.liftToTraces(batch, spans);
    int left = traces.cardinality();
    if (left < retained) {
      retained = left;
      batch.retain(traces);
    }
  }

  Evaluation evaluation() {
    return evaluation;
  }

  Rows allSpans() {
    return allSpans;
  }
}
