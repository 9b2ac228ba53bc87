package io.vivace.engine.metrics;

import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.filter.ValueVector;
import io.vivace.engine.metrics.MetricsResult.Label;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.model.TraceId;
import io.vivace.traceql.ast.FieldExpression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Picks example spans, spread over the window: at most two in each of as many equal slots as there
/// may be pairs, and one of each trace. Looks at a sample of every batch only. Confined to one
/// thread.
final class ExemplarPicker {
  private static final int PER_SLOT = 2;
  private static final int SAMPLED_PER_BATCH = 1024;
  private static final String TRACE_ID = "trace:id";
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int BYTES_PER_LABEL = 100;

  private final int limit;
  private final int intervals;
  private final @Nullable Argument argument;
  private final MemoryLedger memory;
  private final List<FieldExpression.Field> fields = new ArrayList<>();
  private final List<ValueExpression> expressions = new ArrayList<>();
  private final byte[] slots;
  private final Set<TraceId> traces = new HashSet<>();
  private final List<Picked> picked = new ArrayList<>();
  private int fullSlots;

  /// A span that was picked.
  ///
  /// @param bucket of its argument; 0 if the function has none
  /// @param value of its argument; NaN if the function has none
  record Picked(
      int span,
      int group,
      int bucket,
      double value,
      long epochMillis,
      int interval,
      List<Label> labels) {}

  /// @param limit how many may be picked; 0 for none
  /// @param argument whose value the span stands for; null if for that of its series
  ExemplarPicker(
      int limit,
      int intervals,
      @Nullable Argument argument,
      List<FieldExpression.Field> fields,
      MemoryLedger memory) {
    this.limit = limit;
    this.intervals = intervals;
    this.argument = argument;
    this.memory = memory;
    this.slots = new byte[Math.max(1, Math.min(intervals, limit / PER_SLOT))];
    for (FieldExpression.Field field : fields) {
      if (!field.label().equals(TRACE_ID)) {
        this.fields.add(field);
        this.expressions.add(ValueExpression.of(field));
      }
    }
  }

  boolean isDone() {
    return picked.size() >= limit || fullSlots == slots.length;
  }

  /// How far apart the spans are that are looked at of `size`.
  static int stride(int size) {
    return Math.max(1, size / SAMPLED_PER_BATCH);
  }

  /// Picks from the first `size` of `spans`, and returns the new ones.
  ///
  /// @param buckets null if the function has none
  List<Picked> offer(
      BatchEvaluator evaluator,
      int[] spans,
      int[] intervalOf,
      int[] groups,
      byte @Nullable [] buckets,
      int size) {
    if (isDone()) {
      return List.of();
    }
    int stride = stride(size);
    int[] chosen = new int[limit - picked.size()];
    int n = 0;
    for (int k = 0; k < size && n < chosen.length && fullSlots < slots.length; k += stride) {
      int slot = (int) ((long) intervalOf[k] * slots.length / intervals);
      if (slots[slot] < PER_SLOT
          && groups[k] != GroupKeys.NONE
          && (buckets == null || buckets[k] != Argument.NO_BUCKET)
          && traces.add(traceOf(evaluator.batch(), spans[k]))) {
        chosen[n++] = k;
        if (++slots[slot] == PER_SLOT) {
          fullSlots++;
        }
      }
    }
    return n == 0 ? List.of() : take(evaluator, spans, intervalOf, groups, buckets, chosen, n);
  }

  private List<Picked> take(
      BatchEvaluator evaluator,
      int[] spans,
      int[] intervalOf,
      int[] groups,
      byte @Nullable [] buckets,
      int[] chosen,
      int n) {
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) {
      rows[i] = spans[chosen[i]];
    }
    double[] values = new double[n];
    Arrays.fill(values, Double.NaN);
    if (argument != null) {
      argument.numbers(evaluator, rows, n, values);
    }
    List<List<Label>> labels = labels(evaluator, rows);
    long[] starts = evaluator.batch().longs(LongField.SPAN_START);
    for (int i = 0; i < n; i++) {
      int k = chosen[i];
      boolean lacksArgument = argument != null && Double.isNaN(values[i]);
      picked.add(
          new Picked(
              rows[i],
              groups[k],
              buckets == null ? 0 : buckets[k],
              lacksArgument ? 0 : values[i],
              Math.floorDiv(starts[rows[i]], NANOS_PER_MILLI),
              intervalOf[k],
              labels.get(i)));
    }
    return List.copyOf(picked.subList(picked.size() - n, picked.size()));
  }

  private List<List<Label>> labels(BatchEvaluator evaluator, int[] rows) {
    List<List<Label>> labels = new ArrayList<>(rows.length);
    for (int row : rows) {
      List<Label> ofSpan = new ArrayList<>();
      ofSpan.add(new Label(TRACE_ID, new FoundValue.Text(text(traceOf(evaluator.batch(), row)))));
      labels.add(ofSpan);
    }
    for (int f = 0; f < fields.size(); f++) {
      ValueVector values = evaluator.values(expressions.get(f), rows);
      for (int i = 0; i < rows.length; i++) {
        FoundValue value = value(values, i);
        if (value != LabelValues.NIL) {
          labels.get(i).add(new Label(fields.get(f).label(), value));
        }
      }
    }
    memory.add((long) BYTES_PER_LABEL * rows.length * (fields.size() + 1L));
    return labels;
  }

  private static FoundValue value(ValueVector values, int i) {
    byte type = values.type(i);
    return type == ValueType.STRING
        ? LabelValues.text(values.dictionary().bytes((int) values.value(i)))
        : LabelValues.of(type, values.value(i));
  }

  private static TraceId traceOf(SpanBatch batch, int span) {
    int scope = batch.parents(Level.SPAN)[span];
    int trace = batch.parents(Level.RESOURCE)[batch.parents(Level.SCOPE)[scope]];
    return new TraceId(batch.traceIdsHigh()[trace], batch.traceIdsLow()[trace]);
  }

  /// Without leading zeros, as fields show trace ids.
  private static String text(TraceId id) {
    String hex = id.toHex();
    int start = 0;
    while (start < hex.length() && hex.charAt(start) == '0') {
      start++;
    }
    return hex.substring(start);
  }

  List<Picked> picked() {
    return picked;
  }
}
