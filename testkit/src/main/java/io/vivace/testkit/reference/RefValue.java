package io.vivace.testkit.reference;

import io.vivace.traceql.ast.GoDuration;
import io.vivace.traceql.ast.Numbers;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value at run time.
public sealed interface RefValue {
  RefValue NIL = new Nil();
  RefValue UNUSABLE = new Unusable();

  /// The span has no such field.
  record Nil() implements RefValue {
    @Override
    public String toString() {
      return "nil";
    }
  }

  /// The field is there, but no comparison can see its value.
  record Unusable() implements RefValue {
    @Override
    public String toString() {
      return "nil";
    }
  }

  record Int(long value) implements RefValue {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  record Real(double value) implements RefValue {
    @Override
    public String toString() {
      return Numbers.shortest(value);
    }
  }

  record Text(String value) implements RefValue {
    @Override
    public String toString() {
      return value;
    }
  }

  record Bool(boolean value) implements RefValue {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  record Duration(long nanos) implements RefValue {
    @Override
    public String toString() {
      return GoDuration.format(nanos);
    }
  }

  /// @param code as in OTLP
  record Status(int code) implements RefValue {
    @Override
    public String toString() {
      return code >= 0 && code < SpanStatus.values().length
          ? SpanStatus.values()[code].label()
          : Integer.toString(code);
    }
  }

  /// @param code as in OTLP
  record Kind(int code) implements RefValue {
    @Override
    public String toString() {
      return code >= 0 && code < SpanKind.values().length
          ? SpanKind.values()[code].label()
          : Integer.toString(code);
    }
  }

  /// At least two elements of one scalar type.
  record Array(List<RefValue> elements) implements RefValue {
    public Array {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return elements.toString();
    }
  }

  /// The value of a literal.
  static RefValue of(Static literal) {
    return switch (literal) {
      case Static.Nil _ -> NIL;
      case Static.IntValue it -> new Int(it.value());
      case Static.FloatValue it -> new Real(it.value());
      case Static.StringValue it -> new Text(it.text());
      case Static.BoolValue it -> new Bool(it.value());
      case Static.DurationValue it -> new Duration(it.nanos());
      case Static.StatusValue it -> new Status(it.value().code());
      case Static.KindValue it -> new Kind(it.value().code());
    };
  }

  /// The value of an attribute as received; null if there is no such key.
  static RefValue ofAttribute(@Nullable Object value) {
    return switch (value) {
      case null -> NIL;
      case String text -> new Text(text);
      case Boolean flag -> new Bool(flag);
      case Long number -> new Int(number);
      case Double number -> new Real(number);
      case List<?> list -> ofList(list);
      case byte[] _, Map<?, ?> _ -> UNUSABLE;
      default -> throw new IllegalArgumentException("attribute of " + value.getClass());
    };
  }

  private static RefValue ofList(List<?> list) {
    List<RefValue> elements = new ArrayList<>();
    for (Object element : list) {
      RefValue value = element instanceof List ? UNUSABLE : ofAttribute(element);
      if (value instanceof Unusable
          || (!elements.isEmpty() && elements.getFirst().getClass() != value.getClass())) {
        return UNUSABLE;
      }
      elements.add(value);
    }
    return switch (elements.size()) {
      case 0 -> UNUSABLE;
      case 1 -> elements.getFirst();
      default -> new Array(elements);
    };
  }
}
