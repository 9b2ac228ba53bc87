package io.vivace.engine.search;

import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.ShownField;
import io.vivace.engine.filter.Value;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.search.SearchResult.FoundAttribute;
import io.vivace.engine.search.SearchResult.FoundSpan;
import io.vivace.engine.search.SearchResult.FoundSpanSet;
import io.vivace.engine.search.SearchResult.FoundTrace;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.engine.search.SearchResult.ServiceCounts;
import io.vivace.engine.spanset.SpanSet;
import io.vivace.model.GoDuration;
import io.vivace.model.TraceId;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Builds the answer's entry for traces of one batch. Confined to one thread.
///
/// Spans and span sets are ordered by start, then span id, so that the answer does not depend on
/// how the trace is stored.
final class TraceAssembler {
  private static final int STATUS_ERROR = 2;

  /// Fields that have a place of their own in an answer.
  private static final Set<Field.Intrinsic> SHOWN_ELSEWHERE =
      EnumSet.of(
          Field.Intrinsic.NAME,
          Field.Intrinsic.DURATION,
          Field.Intrinsic.TRACE_DURATION,
          Field.Intrinsic.ROOT_NAME,
          Field.Intrinsic.ROOT_SERVICE,
          Field.Intrinsic.TRACE_ID,
          Field.Intrinsic.SPAN_ID);

  private final BatchEvaluator evaluator;
  private final SpanBatch batch;
  private final List<ShownField> attributes = new ArrayList<>();
  private final @Nullable ShownField name;
  private final boolean showsSpans;
  private final int spansPerSpanSet;

  /// @param spansPerSpanSet 0 for all
  /// @param showsSpans whether span sets and service statistics are wanted
  TraceAssembler(
      BatchEvaluator evaluator, List<ShownField> fields, int spansPerSpanSet, boolean showsSpans) {
    this.showsSpans = showsSpans;
    this.evaluator = evaluator;
    this.batch = evaluator.batch();
    this.spansPerSpanSet = spansPerSpanSet;
    ShownField nameField = null;
    for (ShownField shown : fields) {
      if (shown.field() == Field.Intrinsic.NAME) {
        nameField = shown;
      }
      if (!(shown.field() instanceof Field.Intrinsic intrinsic
          && SHOWN_ELSEWHERE.contains(intrinsic))) {
        attributes.add(shown);
      }
    }
    this.name = nameField;
  }

  FoundTrace trace(int trace, List<SpanSet> sets) {
    List<FoundSpanSet> spanSets = new ArrayList<>(sets.size());
    List<Integer> firsts = new ArrayList<>(sets.size());
    for (SpanSet set : sets) {
      int[] ordered = byStart(set.spans());
      firsts.add(ordered[0]);
      spanSets.add(spanSet(set, ordered));
    }
    return new FoundTrace(
        new TraceId(batch.traceIdsHigh()[trace], batch.traceIdsLow()[trace]),
        string(StringField.ROOT_SERVICE_NAME, trace),
        string(StringField.ROOT_SPAN_NAME, trace),
        batch.longs(LongField.TRACE_START)[trace],
        batch.longs(LongField.TRACE_DURATION)[trace],
        showsSpans ? serviceStats(trace) : new TreeMap<>(),
        ordered(spanSets, firsts));
  }

  private List<FoundSpanSet> ordered(List<FoundSpanSet> sets, List<Integer> firsts) {
    if (sets.size() < 2) {
      return sets;
    }
    Comparator<Integer> byFirst = (a, b) -> compareSpans(firsts.get(a), firsts.get(b));
    Integer[] order = new Integer[sets.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, byFirst);
    List<FoundSpanSet> sorted = new ArrayList<>(sets.size());
    for (Integer i : order) {
      sorted.add(sets.get(i));
    }
    return sorted;
  }

  private String string(StringField field, int row) {
    StringColumn column = batch.strings(field);
    return column.dictionary().string(column.ids()[row]);
  }

  private SortedMap<String, ServiceCounts> serviceStats(int trace) {
    SortedMap<String, ServiceCounts> stats = new TreeMap<>();
    int[] resources = batch.offsets(Level.RESOURCE);
    int[] scopes = batch.offsets(Level.SCOPE);
    int[] spans = batch.offsets(Level.SPAN);
    int[] status = batch.ints(IntField.SPAN_STATUS);
    for (int r = resources[trace]; r < resources[trace + 1]; r++) {
      int from = spans[scopes[r]];
      int to = spans[scopes[r + 1]];
      int errors = 0;
      for (int s = from; s < to; s++) {
        errors += status[s] == STATUS_ERROR ? 1 : 0;
      }
      ServiceCounts counts = new ServiceCounts(to - from, errors);
      stats.merge(
          string(StringField.SERVICE_NAME, r),
          counts,
          (a, b) ->
              new ServiceCounts(a.spanCount() + b.spanCount(), a.errorCount() + b.errorCount()));
    }
    return stats;
  }

  private int[] byStart(int[] spans) {
    long[] starts = batch.longs(LongField.SPAN_START);
    boolean isSorted = true;
    for (int i = 1; i < spans.length && isSorted; i++) {
      isSorted = starts[spans[i - 1]] < starts[spans[i]];
    }
    if (isSorted) {
      return spans;
    }
    Integer[] order = new Integer[spans.length];
    Arrays.setAll(order, i -> spans[i]);
    Arrays.sort(order, this::compareSpans);
    int[] sorted = new int[spans.length];
    Arrays.setAll(sorted, i -> order[i]);
    return sorted;
  }

  private int compareSpans(int left, int right) {
    long[] starts = batch.longs(LongField.SPAN_START);
    int byStart = Long.compare(starts[left], starts[right]);
    if (byStart != 0) {
      return byStart;
    }
    BytesColumn ids = batch.bytes(BytesField.SPAN_ID);
    int byId =
        Arrays.compareUnsigned(
            ids.data(),
            ids.offsets()[left],
            ids.offsets()[left + 1],
            ids.data(),
            ids.offsets()[right],
            ids.offsets()[right + 1]);
    if (byId != 0) {
      return byId;
    }
    int[] kinds = batch.ints(IntField.SPAN_KIND);
    int byKind = Integer.compare(kinds[left], kinds[right]);
    return byKind != 0 ? byKind : Integer.compare(left, right);
  }

  private FoundSpanSet spanSet(SpanSet set, int[] ordered) {
    int shown = spansPerSpanSet == 0 ? ordered.length : Math.min(spansPerSpanSet, ordered.length);
    int[] spans = shown == ordered.length ? ordered : Arrays.copyOf(ordered, shown);
    List<@Nullable Value[]> columns = new ArrayList<>(attributes.size());
    for (ShownField attribute : attributes) {
      columns.add(evaluator.shownValues(attribute, spans));
    }
    @Nullable Value[] names = name == null ? null : evaluator.shownValues(name, spans);
    List<FoundSpan> found = new ArrayList<>(shown);
    for (int i = 0; i < spans.length; i++) {
      Value shownName = names == null ? null : names[i];
      found.add(span(spans[i], shownName, spanAttributes(columns, i)));
    }
    return new FoundSpanSet(ordered.length, setAttributes(set), found);
  }

  private List<FoundAttribute> spanAttributes(List<@Nullable Value[]> columns, int i) {
    List<FoundAttribute> found = new ArrayList<>(columns.size());
    for (int a = 0; a < columns.size(); a++) {
      Value value = columns.get(a)[i];
      if (value != null) {
        found.add(new FoundAttribute(attributes.get(a).field().label(), shown(value)));
      }
    }
    return found;
  }

  private static List<FoundAttribute> setAttributes(SpanSet set) {
    List<FoundAttribute> found = new ArrayList<>(set.attributes().size());
    for (SpanSet.SetAttribute attribute : set.attributes()) {
      found.add(new FoundAttribute(attribute.key(), shown(attribute.value())));
    }
    return found;
  }

  private FoundSpan span(int span, @Nullable Value shownName, List<FoundAttribute> spanAttributes) {
    BytesColumn ids = batch.bytes(BytesField.SPAN_ID);
    return new FoundSpan(
        Arrays.copyOfRange(ids.data(), ids.offsets()[span], ids.offsets()[span + 1]),
        shownName == null ? null : shownName.string(),
        batch.longs(LongField.SPAN_START)[span],
        batch.longs(LongField.SPAN_DURATION)[span],
        spanAttributes);
  }

  private static FoundValue shown(Value value) {
    return switch (value.type()) {
      case ValueType.INT -> new FoundValue.Int(value.bits());
      case ValueType.FLOAT -> new FoundValue.Real(Double.longBitsToDouble(value.bits()));
      case ValueType.BOOL -> new FoundValue.Bool(value.bits() == 1);
      case ValueType.STRING -> new FoundValue.Text(value.string());
      case ValueType.DURATION -> new FoundValue.Text(GoDuration.format(value.bits()));
      case ValueType.STATUS -> new FoundValue.Text(status(value.bits()));
      case ValueType.KIND -> new FoundValue.Text(kind(value.bits()));
      case ValueType.INT_ARRAY,
          ValueType.FLOAT_ARRAY,
          ValueType.STRING_ARRAY,
          ValueType.BOOL_ARRAY -> {
        List<FoundValue> elements = new ArrayList<>(value.elements().size());
        for (Value element : value.elements()) {
          elements.add(shown(element));
        }
        yield new FoundValue.Array(elements);
      }
      default -> new FoundValue.Text("nil");
    };
  }

  private static String status(long code) {
    for (SpanStatus status : SpanStatus.values()) {
      if (status.code() == code) {
        return status.label();
      }
    }
    return "status(" + code + ")";
  }

  private static String kind(long code) {
    for (SpanKind kind : SpanKind.values()) {
      if (kind.code() == code) {
        return kind.label();
      }
    }
    return "kind(" + code + ")";
  }
}
