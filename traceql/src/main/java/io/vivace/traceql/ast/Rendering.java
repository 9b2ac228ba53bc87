package io.vivace.traceql.ast;

import io.vivace.traceql.ast.FieldExpression.AttributeRef;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.Exists;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.FieldExpression.NotExists;
import io.vivace.traceql.ast.FieldExpression.Unary;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The canonical rendering of the tree. Clients see it in metrics labels, attribute names and
/// messages, so its blanks matter.
///
/// Chains of left-associative operators can be thousands of operators long; they are rendered in a
/// loop, everything else by recursion, whose depth the parser bounds.
final class Rendering {
  private static final int QUANTILE_DECIMALS = 5;

  private Rendering() {}

  static String text(Node node) {
    StringBuilder out = new StringBuilder();
    switch (node) {
      case FieldExpression it -> field(out, it);
      case SpansetFilter it -> filter(out, it);
      case SpansetOperation it -> operation(out, it);
      case ScalarFilter it -> scalarFilter(out, it);
      case GroupBy it -> groupBy(out, it);
      case Select it -> select(out, it);
      case ScalarExpression it -> scalar(out, it);
      case Pipeline it -> pipeline(out, it);
      case MetricsFunction it -> function(out, it);
      case SecondStage it -> secondStage(out, it);
      case MetricsExpression it -> metrics(out, it);
      case MetricsQuery it -> metricsQuery(out, it);
      default -> throw new IllegalArgumentException("no rendering for " + node.getClass());
    }
    return out.toString();
  }

  // ---- field expressions

  private static void field(StringBuilder out, FieldExpression expression) {
    switch (expression) {
      case Binary it -> binary(out, it);
      case Unary it -> {
        out.append(it.op().symbol());
        wrapped(out, it.operand());
      }
      case Exists it -> {
        wrapped(out, it.operand());
        out.append(" != nil");
      }
      case NotExists it -> {
        wrapped(out, it.operand());
        out.append(" = nil");
      }
      case Literal it -> out.append(it);
      case AttributeRef it -> attribute(out, it.attribute());
      case IntrinsicRef it -> out.append(it.intrinsic().label());
    }
  }

  private static void binary(StringBuilder out, Binary root) {
    Deque<Binary> spine = new ArrayDeque<>();
    FieldExpression leftmost = root;
    while (leftmost instanceof Binary next) {
      spine.push(next);
      leftmost = next.left();
    }
    out.repeat('(', spine.size() - 1);
    leftOperand(out, spine.element().op(), leftmost);
    while (true) {
      Binary next = spine.pop();
      out.append(' ').append(next.op().symbol()).append(' ');
      wrapped(out, next.right());
      if (spine.isEmpty()) {
        return;
      }
      out.append(')');
    }
  }

  /// A negative number before an operator that binds tighter than unary minus would be read as the
  /// negation of the whole operation, so it goes into parentheses there.
  private static void leftOperand(StringBuilder out, BinaryOp op, FieldExpression operand) {
    boolean tight =
        op == BinaryOp.MULTIPLY
            || op == BinaryOp.DIVIDE
            || op == BinaryOp.MODULO
            || op == BinaryOp.POWER;
    if (tight && operand instanceof Literal literal && literal.toString().startsWith("-")) {
      out.append('(').append(literal).append(')');
    } else {
      wrapped(out, operand);
    }
  }

  private static void wrapped(StringBuilder out, FieldExpression operand) {
    if (operand instanceof Literal || operand instanceof FieldExpression.Field) {
      field(out, operand);
    } else {
      out.append('(');
      field(out, operand);
      out.append(')');
    }
  }

  static void attribute(StringBuilder out, Attribute attribute) {
    if (attribute.parent()) {
      out.append("parent.");
      if (attribute.scope() != AttributeScope.NONE) {
        out.append(attribute.scope().prefix());
      }
    } else {
      out.append(attribute.scope().prefix());
    }
    String name = attribute.name();
    if (!needsQuotes(attribute)) {
      out.append(name);
      return;
    }
    out.append('"');
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static boolean needsQuotes(Attribute attribute) {
    String name = attribute.name();
    if (name.isEmpty()) {
      return true;
    }
    if (attribute.parent()
        && attribute.scope() == AttributeScope.NONE
        && (name.startsWith("span.") || name.startsWith("resource."))) {
      return true;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || !Names.isBareNameChar(c)) {
        return true;
      }
    }
    return false;
  }

  // ---- literals

  static void string(StringBuilder out, Static.StringValue value) {
    byte[] utf8 = value.utf8();
    String text = value.text();
    if (Names.isRawStringSafe(text, utf8)) {
      out.append('`').append(text).append('`');
    } else {
      quoted(out, utf8);
    }
  }

  private static void quoted(StringBuilder out, byte[] bytes) {
    out.append('"');
    for (byte b : bytes) {
      if (b == '"' || b == '\\') {
        out.append('\\').append((char) b);
      } else if (b >= ' ' && b < 0x7f) {
        out.append((char) b);
      } else {
        out.append("\\x");
        out.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
      }
    }
    out.append('"');
  }

  /// Infinite values and NaN have no literal; they are rendered as the division that folds to them.
  static String floatText(double value) {
    if (Double.isNaN(value)) {
      return "(0.0 / 0)";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "(1.0 / 0)" : "(-1.0 / 0)";
    }
    String text = Numbers.shortest(value);
    return text.indexOf('.') < 0 && text.indexOf('e') < 0 ? text + ".0" : text;
  }

  /// A number of the metrics stages: an integral one without decimals.
  private static String metricsNumber(double value) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? floatText(value)
        : Numbers.shortest(value);
  }

  // ---- spansets

  private static void filter(StringBuilder out, SpansetFilter filter) {
    out.append("{ ");
    field(out, filter.expression());
    out.append(" }");
  }

  private static void operation(StringBuilder out, SpansetOperation root) {
    Deque<SpansetOperation> spine = new ArrayDeque<>();
    SpansetExpression leftmost = root;
    while (leftmost instanceof SpansetOperation next) {
      spine.push(next);
      leftmost = next.left();
    }
    out.repeat('(', spine.size());
    spanset(out, leftmost);
    out.append(')');
    while (true) {
      SpansetOperation next = spine.pop();
      out.append(' ').append(next.op().symbol()).append(" (");
      spanset(out, next.right());
      out.append(')');
      if (spine.isEmpty()) {
        return;
      }
      out.append(')');
    }
  }

  private static void spanset(StringBuilder out, SpansetExpression expression) {
    switch (expression) {
      case SpansetFilter it -> filter(out, it);
      case SpansetOperation it -> operation(out, it);
      case Pipeline it -> pipeline(out, it);
    }
  }

  private static void pipeline(StringBuilder out, Pipeline pipeline) {
    String separator = "";
    for (PipelineStage stage : pipeline.stages()) {
      out.append(separator);
      separator = "|";
      switch (stage) {
        case SpansetFilter it -> filter(out, it);
        case SpansetOperation it -> operation(out, it);
        case ScalarFilter it -> scalarFilter(out, it);
        case GroupBy it -> groupBy(out, it);
        case Coalesce it -> out.append(it);
        case Select it -> select(out, it);
      }
    }
  }

  private static void groupBy(StringBuilder out, GroupBy stage) {
    out.append("by(");
    field(out, stage.expression());
    out.append(')');
  }

  private static void select(StringBuilder out, Select stage) {
    out.append("select(");
    fields(out, stage.fields(), ", ");
    out.append(')');
  }

  private static void fields(
      StringBuilder out, List<FieldExpression.Field> fields, String separator) {
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        out.append(separator);
      }
      out.append(fields.get(i).label());
    }
  }

  // ---- scalars

  private static void scalarFilter(StringBuilder out, ScalarFilter filter) {
    scalarOperand(out, filter.left());
    out.append(' ').append(filter.op().symbol()).append(' ');
    scalarOperand(out, filter.right());
  }

  private static void scalarOperand(StringBuilder out, ScalarExpression operand) {
    if (operand instanceof ScalarExpression.Constant) {
      out.append(operand);
    } else {
      out.append('(');
      scalar(out, operand);
      out.append(')');
    }
  }

  private static void scalar(StringBuilder out, ScalarExpression expression) {
    switch (expression) {
      case ScalarExpression.Constant it -> out.append(it.value());
      case ScalarExpression.Aggregate it -> {
        out.append(it.op().label()).append('(');
        if (it.argument() != null) {
          field(out, it.argument());
        }
        out.append(')');
      }
      case ScalarExpression.Operation it -> scalarOperation(out, it);
      case ScalarExpression.PipelineAggregate it -> {
        pipeline(out, it.pipeline());
        out.append('|');
        scalar(out, it.aggregate());
      }
    }
  }

  private static void scalarOperation(StringBuilder out, ScalarExpression.Operation root) {
    Deque<ScalarExpression.Operation> spine = new ArrayDeque<>();
    ScalarExpression leftmost = root;
    while (leftmost instanceof ScalarExpression.Operation next) {
      spine.push(next);
      leftmost = next.left();
    }
    out.repeat('(', spine.size() - 1);
    scalarOperand(out, leftmost);
    while (true) {
      ScalarExpression.Operation next = spine.pop();
      out.append(' ').append(next.op().symbol()).append(' ');
      scalarOperand(out, next.right());
      if (spine.isEmpty()) {
        return;
      }
      out.append(')');
    }
  }

  // ---- metrics

  private static void function(StringBuilder out, MetricsFunction function) {
    switch (function) {
      case MetricsFunction.OverTime it -> overTime(out, it);
      case MetricsFunction.Compare it -> compare(out, it);
    }
  }

  private static void overTime(StringBuilder out, MetricsFunction.OverTime function) {
    out.append(function.op().label()).append('(');
    if (function.argument() != null) {
      out.append(function.argument().label());
    }
    for (double quantile : function.quantiles()) {
      out.append(',').append(quantileText(quantile));
    }
    out.append(')');
    if (!function.by().isEmpty()) {
      out.append("by(");
      fields(out, function.by(), ",");
      out.append(')');
    }
  }

  /// Five decimals, unless the quantile has more: two queries that differ must not look alike.
  private static String quantileText(double quantile) {
    BigDecimal exact = new BigDecimal(Double.toString(quantile));
    BigDecimal rounded = exact.setScale(QUANTILE_DECIMALS, RoundingMode.HALF_EVEN);
    return rounded.compareTo(exact) == 0 ? rounded.toPlainString() : floatText(quantile);
  }

  private static void compare(StringBuilder out, MetricsFunction.Compare function) {
    out.append("compare(");
    filter(out, function.selection());
    boolean window = function.startEpochNanos() != 0 || function.endEpochNanos() != 0;
    if (window || function.topValues() != MetricsFunction.DEFAULT_COMPARE_TOP_VALUES) {
      out.append(',').append(function.topValues());
    }
    if (window) {
      out.append(',').append(function.startEpochNanos());
      out.append(',').append(function.endEpochNanos());
    }
    out.append(')');
  }

  private static void secondStage(StringBuilder out, SecondStage stage) {
    switch (stage) {
      case SecondStage.TopK it -> out.append("| topk(").append(it.limit()).append(')');
      case SecondStage.BottomK it -> out.append("| bottomk(").append(it.limit()).append(')');
      case SecondStage.Threshold it ->
          out.append(it.op().symbol()).append(' ').append(metricsNumber(it.value()));
    }
  }

  private static void secondStages(StringBuilder out, List<SecondStage> stages) {
    for (SecondStage stage : stages) {
      out.append(' ');
      secondStage(out, stage);
    }
  }

  private static void metrics(StringBuilder out, MetricsExpression expression) {
    switch (expression) {
      case MetricsExpression.SubQuery it -> {
        pipeline(out, it.pipeline());
        out.append(" | ");
        function(out, it.function());
        secondStages(out, it.secondStages());
      }
      case MetricsExpression.Arithmetic it -> arithmetic(out, it);
      case MetricsExpression.Scalar it -> out.append(metricsNumber(it.value()));
    }
  }

  private static void arithmetic(StringBuilder out, MetricsExpression.Arithmetic root) {
    Deque<MetricsExpression.Arithmetic> spine = new ArrayDeque<>();
    MetricsExpression leftmost = root;
    while (leftmost instanceof MetricsExpression.Arithmetic next) {
      spine.push(next);
      leftmost = next.left();
    }
    out.repeat('(', spine.size() - 1);
    metricsOperand(out, leftmost);
    while (true) {
      MetricsExpression.Arithmetic next = spine.pop();
      out.append(' ').append(next.op().symbol()).append(' ');
      metricsOperand(out, next.right());
      if (spine.isEmpty()) {
        return;
      }
      out.append(')');
    }
  }

  private static void metricsOperand(StringBuilder out, MetricsExpression operand) {
    if (operand instanceof MetricsExpression.Scalar) {
      metrics(out, operand);
    } else {
      out.append('(');
      metrics(out, operand);
      out.append(')');
    }
  }

  private static void metricsQuery(StringBuilder out, MetricsQuery query) {
    metrics(out, query.expression());
    secondStages(out, query.secondStages());
  }

  // ---- hints

  static void hints(StringBuilder out, Hints hints) {
    out.append("with(");
    for (int i = 0; i < hints.list().size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(hints.list().get(i));
    }
    out.append(')');
  }
}
