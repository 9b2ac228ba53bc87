package io.vivace.traceql.check;

import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.Node;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.StaticType;
import java.util.Locale;

/// What a user may have meant; follows the text of an error.
final class Suggestions {
  private Suggestions() {}

  /// A remark that starts with a semicolon, or nothing.
  static String forTypes(StaticType left, StaticType right, Node node) {
    if (!(node instanceof FieldExpression.Binary binary)) {
      return "";
    }
    StaticType wanted = binary.right() instanceof Literal ? left : right;
    FieldExpression written = binary.right() instanceof Literal ? binary.right() : binary.left();
    if (!(written instanceof Literal(Static value, _))) {
      return "";
    }
    return switch (wanted) {
      case STATUS -> "; the states are written without quotes: " + states(value);
      case KIND -> "; the kinds are written without quotes: " + kinds(value);
      case DURATION ->
          value instanceof Static.StringValue text
              ? "; durations are written without quotes, such as " + bare(text)
              : "";
      case INT, FLOAT ->
          value instanceof Static.StringValue ? "; numbers are written without quotes" : "";
      case STRING ->
          value.type().isNumeric() ? "; strings are written in double quotes or back-quotes" : "";
      case BOOL ->
          value instanceof Static.StringValue ? "; true and false are written without quotes" : "";
      default -> "";
    };
  }

  private static String bare(Static.StringValue text) {
    String bare = text.text();
    return bare.matches("[0-9.]+(ns|us|µs|ms|s|m|h)") ? bare : "1.5s";
  }

  private static String states(Static value) {
    for (SpanStatus status : SpanStatus.values()) {
      if (isName(value, status.label())) {
        return status.label();
      }
    }
    return "ok, error, unset";
  }

  private static String kinds(Static value) {
    for (SpanKind kind : SpanKind.values()) {
      if (isName(value, kind.label())) {
        return kind.label();
      }
    }
    return "unspecified, internal, server, client, producer, consumer";
  }

  private static boolean isName(Static value, String label) {
    return value instanceof Static.StringValue text
        && text.text().toLowerCase(Locale.ROOT).equals(label);
  }
}
