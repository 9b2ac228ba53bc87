package io.vivace.engine.metrics;

import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.Fields;
import io.vivace.engine.filter.ValueExpression;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.traceql.ast.FieldExpression;
import java.util.Arrays;

/// Codes of the values that spans have at one field. Values of levels above the span are looked at
/// once for each row of that level. Confined to one thread.
final class FieldCodes {
  private static final int UNKNOWN = -1;
  private static final int MAX_TABLE = 1 << 20;

  private final Field field;
  private final ValueExpression expression;
  private final ValueCodes codes;

  FieldCodes(FieldExpression.Field syntax, MemoryLedger memory) {
    this.field = Fields.of(syntax);
    this.expression = ValueExpression.of(syntax);
    this.codes = new ValueCodes(memory, MAX_TABLE);
  }

  FoundValue value(int code) {
    return codes.value(code);
  }

  /// The codes of the first `count` of `spans`, which are ascending.
  void assign(BatchEvaluator evaluator, SpanBatch batch, int[] spans, int count, int[] out) {
    switch (field) {
      case Field.Intrinsic.NAME -> strings(batch, StringField.SPAN_NAME, spans, count, out);
      case Field.Intrinsic.STATUS_MESSAGE ->
          strings(batch, StringField.SPAN_STATUS_MESSAGE, spans, count, out);
      case Field.Intrinsic.STATUS ->
          ints(batch, IntField.SPAN_STATUS, ValueType.STATUS, spans, count, out);
      case Field.Intrinsic.KIND ->
          ints(batch, IntField.SPAN_KIND, ValueType.KIND, spans, count, out);
      default -> {
        switch (field.level()) {
          case TRACE, RESOURCE, SCOPE -> byOwner(evaluator, batch, spans, count, out);
          case SPAN, EVENT, LINK ->
              codes.codes(evaluator.values(expression, Arrays.copyOf(spans, count)), count, out);
        }
      }
    }
  }

  private void strings(SpanBatch batch, StringField column, int[] spans, int count, int[] out) {
    StringColumn strings = batch.strings(column);
    int[] ids = strings.ids();
    codes.use(strings.dictionary());
    for (int k = 0; k < count; k++) {
      out[k] = codes.ofString(ids[spans[k]]);
    }
  }

  private void ints(
      SpanBatch batch, IntField column, byte type, int[] spans, int count, int[] out) {
    int[] values = batch.ints(column);
    int[] known = new int[8];
    for (int k = 0; k < count; k++) {
      int value = values[spans[k]];
      if (value < 0 || value >= known.length) {
        out[k] = codes.ofNumber(type, value);
      } else {
        if (known[value] == 0) {
          known[value] = codes.ofNumber(type, value) + 1;
        }
        out[k] = known[value] - 1;
      }
    }
  }

  /// Asks the first span of every owner, and gives its code to the others.
  private void byOwner(
      BatchEvaluator evaluator, SpanBatch batch, int[] spans, int count, int[] out) {
    int[] owners = owners(batch, field.level());
    int[] codeOfOwner = new int[batch.count(field.level())];
    Arrays.fill(codeOfOwner, UNKNOWN);
    int[] asked = new int[Math.min(count, codeOfOwner.length)];
    int n = 0;
    int last = UNKNOWN;
    for (int k = 0; k < count; k++) {
      int owner = owners[spans[k]];
      if (owner != last) {
        // The spans of an owner follow one another.
        last = owner;
        asked[n++] = spans[k];
      }
    }
    int[] found = new int[n];
    codes.codes(evaluator.values(expression, Arrays.copyOf(asked, n)), n, found);
    for (int i = 0; i < n; i++) {
      codeOfOwner[owners[asked[i]]] = found[i];
    }
    for (int k = 0; k < count; k++) {
      out[k] = codeOfOwner[owners[spans[k]]];
    }
  }

  /// The row of `level` of every span.
  private static int[] owners(SpanBatch batch, Level level) {
    int[] scopes = batch.parents(Level.SPAN);
    if (level == Level.SCOPE) {
      return scopes;
    }
    int[] resourceOfScope = batch.parents(Level.SCOPE);
    int[] traceOfResource = level == Level.TRACE ? batch.parents(Level.RESOURCE) : resourceOfScope;
    int[] owners = new int[batch.count(Level.SPAN)];
    for (int i = 0; i < owners.length; i++) {
      int resource = resourceOfScope[scopes[i]];
      owners[i] = level == Level.TRACE ? traceOfResource[resource] : resource;
    }
    return owners;
  }
}
