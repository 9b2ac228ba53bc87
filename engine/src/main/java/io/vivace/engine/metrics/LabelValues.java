package io.vivace.engine.metrics;

import io.vivace.engine.filter.ValueType;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.model.GoDuration;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import java.nio.charset.StandardCharsets;

/// How values show as labels.
final class LabelValues {
  static final FoundValue NIL = new FoundValue.Text("nil");

  private LabelValues() {}

  static FoundValue text(byte[] utf8) {
    return new FoundValue.Text(new String(utf8, StandardCharsets.UTF_8));
  }

  /// A value that is not a string; arrays and what is missing are nil.
  static FoundValue of(byte type, long bits) {
    return switch (type) {
      case ValueType.INT -> new FoundValue.Int(bits);
      case ValueType.FLOAT -> new FoundValue.Real(Double.longBitsToDouble(bits));
      case ValueType.BOOL -> new FoundValue.Bool(bits == 1);
      case ValueType.DURATION -> new FoundValue.Text(GoDuration.format(bits));
      case ValueType.STATUS -> new FoundValue.Text(status(bits));
      case ValueType.KIND -> new FoundValue.Text(kind(bits));
      default -> NIL;
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

  /// The text by which series are put in order.
  static String sortText(FoundValue value) {
    return switch (value) {
      case FoundValue.Text(String text) -> text;
      case FoundValue.Int(long number) -> Long.toString(number);
      case FoundValue.Real(double number) -> Double.toString(number);
      case FoundValue.Bool(boolean bool) -> Boolean.toString(bool);
      case FoundValue.Array _ -> "";
    };
  }
}
