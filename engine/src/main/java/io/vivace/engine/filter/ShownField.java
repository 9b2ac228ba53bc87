package io.vivace.engine.filter;

import io.vivace.batch.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A field that answers show for a span because the query names it: always where it is selected or
/// computed with, but where it is only compared with literals, only if a comparison holds, and of
/// an array only the elements for which one does. A field that was found missing by `= nil` shows
/// as the word `nil`.
public final class ShownField {
  private static final Value MISSING = Value.text("nil");

  private final Field field;
  private final List<Test> tests = new ArrayList<>();
  private boolean isAlwaysShown;
  private boolean isSelected;

  private ShownField(Field field) {
    this.field = field;
  }

  public Field field() {
    return field;
  }

  /// Collects what the parts of a query show.
  public static final class Collector {
    private final Map<Field, ShownField> fields = new LinkedHashMap<>();

    public void addFilter(SpanFilter filter) {
      for (Expression term : filter.terms()) {
        addCondition(term);
      }
    }

    public void addValue(ValueExpression expression) {
      for (Field field : expression.fields()) {
        of(field).isAlwaysShown = true;
      }
    }

    public void addSelected(Field field) {
      of(field).isAlwaysShown = true;
      of(field).isSelected = true;
    }

    /// All, in order of first appearance.
    public List<ShownField> toList() {
      return List.copyOf(fields.values());
    }

    private ShownField of(Field field) {
      return fields.computeIfAbsent(field, ShownField::new);
    }

    private void addCondition(Expression expression) {
      switch (expression) {
        case Expression.Matches matches -> of(matches.field()).tests.add(matches.test());
        case Expression.And and -> {
          addCondition(and.left());
          addCondition(and.right());
        }
        case Expression.Or or -> {
          addCondition(or.left());
          addCondition(or.right());
        }
        default -> addAll(expression);
      }
    }

    /// Fields that are computed with or negated are shown whatever the outcome.
    private void addAll(Expression expression) {
      switch (expression) {
        case Expression.Constant _ -> {}
        case Expression.Read read -> of(read.field()).isAlwaysShown = true;
        case Expression.Matches matches -> of(matches.field()).isAlwaysShown = true;
        case Expression.Compare compare -> {
          addAll(compare.left());
          addAll(compare.right());
        }
        case Expression.Arithmetic arithmetic -> {
          addAll(arithmetic.left());
          addAll(arithmetic.right());
        }
        case Expression.And and -> {
          addAll(and.left());
          addAll(and.right());
        }
        case Expression.Or or -> {
          addAll(or.left());
          addAll(or.right());
        }
        case Expression.TextMatches matches -> addAll(matches.operand());
        case Expression.Not not -> addAll(not.operand());
        case Expression.Negate negate -> addAll(negate.operand());
        case Expression.Exists exists -> addAll(exists.operand());
      }
    }
  }

  /// What is shown for each of `spans`; null for nothing.
  @Nullable Value[] values(FieldReader reader, Rows spans) {
    Level level = field.level();
    if (level == Level.EVENT || level == Level.LINK) {
      return valuesOfMany(reader, spans, level);
    }
    ValueVector vector = reader.read(field, spans, FieldReader.Pick.LAST);
    @Nullable Value[] shown = new Value[spans.size()];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = shown(vector, i);
    }
    return shown;
  }

  /// Of several events or links, the last one that has something to show.
  private @Nullable Value[] valuesOfMany(FieldReader reader, Rows spans, Level level) {
    int[] at = spans.at(Level.SPAN);
    int[] offsets = spans.batch().offsets(level);
    @Nullable Value[] shown = new Value[spans.size()];
    for (int i = 0; i < shown.length; i++) {
      int count = offsets[at[i] + 1] - offsets[at[i]];
      int[] owners = new int[count];
      int[] many = new int[count];
      for (int k = 0; k < count; k++) {
        owners[k] = at[i];
        many[k] = offsets[at[i]] + k;
      }
      ValueVector vector =
          reader.read(
              field, Rows.expanded(spans.batch(), owners, many, many), FieldReader.Pick.LAST);
      for (int k = count - 1; k >= 0 && shown[i] == null; k--) {
        shown[i] = shown(vector, k);
      }
      if (shown[i] == null && isSelected && isText(field)) {
        shown[i] = Value.text("");
      }
    }
    return shown;
  }

  private static boolean isText(Field field) {
    return field == Field.Intrinsic.EVENT_NAME
        || field == Field.Intrinsic.LINK_TRACE_ID
        || field == Field.Intrinsic.LINK_SPAN_ID;
  }

  private @Nullable Value shown(ValueVector vector, int i) {
    byte type = vector.type(i);
    if (type == ValueType.NIL) {
      return hasAbsentTest() ? MISSING : null;
    }
    if (type == ValueType.VOID) {
      return null;
    }
    if (isAlwaysShown) {
      return Value.of(vector, i);
    }
    if (ValueType.isArray(type)) {
      return shownElements(vector, i, type);
    }
    return isAccepted(type, vector.value(i), vector) ? Value.of(vector, i) : null;
  }

  private boolean hasAbsentTest() {
    for (Test test : tests) {
      if (test instanceof Test.Absent) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Value shownElements(ValueVector vector, int i, byte type) {
    byte elementType = ValueType.element(type);
    List<Value> elements = new ArrayList<>();
    for (int k = 0; k < vector.arrayLength(i); k++) {
      long element = vector.element(i, k);
      if (isAccepted(elementType, element, vector)) {
        elements.add(Value.scalar(vector, elementType, element));
      }
    }
    return switch (elements.size()) {
      case 0 -> null;
      case 1 -> elements.getFirst();
      default -> new Value(type, 0, "", List.copyOf(elements));
    };
  }

  private boolean isAccepted(byte type, long bits, ValueVector vector) {
    for (Test test : tests) {
      boolean isAccepted =
          switch (test) {
            case Test.Text text ->
                type == ValueType.STRING
                    && text.accepts(vector.dictionary().bytes((int) bits)) != text.isNegated();
            case Test.Whole whole ->
                type == whole.type() && whole.accepts(bits) != whole.isNegated();
            case Test.Real real ->
                type == ValueType.FLOAT && real.accepts(bits) != real.isNegated();
            case Test.Present _, Test.Id _ -> true;
            case Test.Absent _, Test.Never _ -> false;
          };
      if (isAccepted) {
        return true;
      }
    }
    return false;
  }
}
