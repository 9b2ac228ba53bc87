package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.QueryScope;
import org.jspecify.annotations.Nullable;

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

  /// What answers show of a field for each of these spans; null for nothing.
  public @Nullable Value[] shownValues(ShownField field, int[] spans) {
    return field.values(evaluation.reader(), Rows.ofSpans(batch, spans));
  }

  /// The spans that have a value at `field` (for one of their events or links, if it is theirs).
  public Bitmap spansWith(Field field) {
    Bitmap rows = evaluation.predicates().rows(field, new Test.Present());
    Level level = field.level();
    if (level != Level.EVENT && level != Level.LINK) {
      return Levels.lowerToSpans(batch, rows, level);
    }
    int[] parents = batch.parents(level);
    Bitmap spans = new Bitmap(batch.count(Level.SPAN));
    for (int i = rows.next(0); i >= 0; i = rows.next(i + 1)) {
      spans.set(parents[i]);
    }
    return spans;
  }

  public QueryScope scope() {
    return evaluation.scope();
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
