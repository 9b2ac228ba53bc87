package io.vivace.testkit.reference;

import io.vivace.model.TraceId;
import io.vivace.testkit.reference.RefOperators.NoValue;
import io.vivace.testkit.reference.RefValue.Array;
import io.vivace.testkit.reference.RefValue.Bool;
import io.vivace.testkit.reference.RefValue.Duration;
import io.vivace.testkit.reference.RefValue.Int;
import io.vivace.testkit.reference.RefValue.Nil;
import io.vivace.testkit.reference.RefValue.Real;
import io.vivace.testkit.reference.RefValue.Text;
import io.vivace.testkit.reference.RefValue.Unusable;
import io.vivace.traceql.ast.Attribute;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.AttributeRef;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.Exists;
import io.vivace.traceql.ast.FieldExpression.Field;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.FieldExpression.NotExists;
import io.vivace.traceql.ast.FieldExpression.Unary;
import io.vivace.traceql.ast.Intrinsic;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.UnaryOp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Evaluates field expressions on the spans of one trace.
final class RefFields {
  private static final String NO_PARENT = "0000000000000000";

  private enum Pick {
    /// One event and one link at a time.
    PAIR,
    FIRST,
    LAST
  }

  private record At(
      RefView.Node node, RefTrace.@Nullable Event event, RefTrace.@Nullable Link link, Pick pick) {}

  private final RefView view;

  RefFields(RefView view) {
    this.view = view;
  }

  /// Whether a filter keeps the span: for one of its events together with one of its links the
  /// whole expression is true.
  boolean matches(FieldExpression expression, RefView.Node node) {
    return lastMatch(expression, node) != null;
  }

  /// The last event and link for which the expression is true.
  private @Nullable At lastMatch(FieldExpression expression, RefView.Node node) {
    List<RefTrace.Event> events = new ArrayList<>(node.span.events());
    List<RefTrace.Link> links = new ArrayList<>(node.span.links());
    Set<Intrinsic.Level> levels = new HashSet<>();
    collectLevels(expression, levels);
    boolean everyEvent = levels.contains(Intrinsic.Level.EVENT) && !events.isEmpty();
    boolean everyLink = levels.contains(Intrinsic.Level.LINK) && !links.isEmpty();
    for (int e = everyEvent ? events.size() - 1 : 0; e >= 0; e--) {
      for (int l = everyLink ? links.size() - 1 : 0; l >= 0; l--) {
        At at =
            new At(
                node,
                everyEvent ? events.get(e) : null,
                everyLink ? links.get(l) : null,
                Pick.PAIR);
        try {
          if (eval(expression, at) instanceof Bool(boolean value) && value) {
            return at;
          }
        } catch (NoValue _) {
          // Not for this event and link.
        }
      }
    }
    return null;
  }

  /// The value of a field of events or links in the last event and link for which the expression is
  /// true; nil if it is for none.
  RefValue shownWhere(Field field, FieldExpression expression, RefView.Node node) {
    At at = lastMatch(expression, node);
    return at == null ? RefValue.NIL : read(field, at);
  }

  /// The value of an expression for `by`, aggregates and metrics: of events and links the first
  /// that has the field counts.
  RefValue value(FieldExpression expression, RefView.Node node) {
    try {
      return eval(expression, new At(node, null, null, Pick.FIRST));
    } catch (NoValue _) {
      return RefValue.NIL;
    }
  }

  /// The value of a field as answers show it: of events and links the last that has it.
  RefValue shown(Field field, RefView.Node node) {
    return read(field, new At(node, null, null, Pick.LAST));
  }

  static void collectFields(FieldExpression expression, List<Field> into) {
    switch (expression) {
      case Binary it -> {
        collectFields(it.left(), into);
        collectFields(it.right(), into);
      }
      case Unary it -> collectFields(it.operand(), into);
      case Exists it -> collectFields(it.operand(), into);
      case NotExists it -> collectFields(it.operand(), into);
      case Literal _ -> {}
      case Field it -> into.add(it);
    }
  }

  private static void collectLevels(FieldExpression expression, Set<Intrinsic.Level> into) {
    List<Field> fields = new ArrayList<>();
    collectFields(expression, fields);
    for (Field field : fields) {
      into.add(levelOf(field));
    }
  }

  static Intrinsic.Level levelOf(Field field) {
    return switch (field) {
      case IntrinsicRef it -> it.intrinsic().level();
      case AttributeRef it ->
          switch (it.attribute().scope()) {
            case EVENT -> Intrinsic.Level.EVENT;
            case LINK -> Intrinsic.Level.LINK;
            case NONE, SPAN, RESOURCE, INSTRUMENTATION -> Intrinsic.Level.SPAN;
          };
    };
  }

  private RefValue eval(FieldExpression expression, At at) {
    return switch (expression) {
      case Literal it -> RefValue.of(it.value());
      case Field it -> read(it, at);
      case Exists it -> new Bool(!isMissing(eval(it.operand(), at)));
      case NotExists it -> new Bool(isAbsent(it, at));
      case Unary it -> unary(it.op(), eval(it.operand(), at));
      case Binary it -> it.op().isLogical() ? logic(it, at) : binary(it, at);
    };
  }

  private static boolean isMissing(RefValue value) {
    return value instanceof Nil || value instanceof Unusable;
  }

  private boolean isAbsent(NotExists node, At at) {
    if (node.operand() instanceof Field field) {
      // Without any event (link) there is none that could lack the field.
      boolean none =
          switch (levelOf(field)) {
            case EVENT -> at.node.span.events().isEmpty();
            case LINK -> at.node.span.links().isEmpty();
            case TRACE, INSTRUMENTATION, SPAN -> false;
          };
      if (none) {
        return false;
      }
    }
    return eval(node.operand(), at) instanceof Nil;
  }

  private static RefValue unary(UnaryOp op, RefValue operand) {
    return switch (op) {
      case NOT -> {
        if (operand instanceof Bool(boolean value)) {
          yield new Bool(!value);
        }
        throw new NoValue("! of something else than a boolean");
      }
      case NEGATE ->
          switch (operand) {
            case Int(long value) -> new Int(-value);
            case Real(double value) -> new Real(-value);
            case Duration(long nanos) -> new Duration(-nanos);
            default -> throw new NoValue("- of something else than a number");
          };
    };
  }

  private RefValue logic(Binary node, At at) {
    boolean or = node.op() == BinaryOp.OR;
    @Nullable Boolean left = truth(eval(node.left(), at));
    if (left == null) {
      return new Bool(false);
    }
    if (left == or) {
      return new Bool(or);
    }
    @Nullable Boolean right = truth(eval(node.right(), at));
    return new Bool(right != null && right);
  }

  /// True, false, or null for what is no boolean. An array of booleans is true if any element is.
  private static @Nullable Boolean truth(RefValue value) {
    return switch (value) {
      case Bool(boolean flag) -> flag;
      case Array(List<RefValue> elements) when elements.getFirst() instanceof Bool ->
          elements.contains(new Bool(true));
      default -> null;
    };
  }

  private RefValue binary(Binary node, At at) {
    RefValue left = eval(node.left(), at);
    RefValue right = eval(node.right(), at);
    if (!node.op().isArithmetic()) {
      if (node.left() instanceof AttributeRef && node.right() instanceof Literal literal) {
        left = asSeenBy(literal.value(), left);
      } else if (node.right() instanceof AttributeRef && node.left() instanceof Literal literal) {
        right = asSeenBy(literal.value(), right);
      }
    }
    return RefOperators.apply(node.op(), left, right);
  }

  /// A user attribute compared with a literal is only seen if it has exactly the literal's type.
  private static RefValue asSeenBy(Static literal, RefValue value) {
    RefValue scalar = value instanceof Array(List<RefValue> elements) ? elements.getFirst() : value;
    boolean same =
        switch (literal) {
          case Static.IntValue _ -> scalar instanceof Int;
          case Static.FloatValue _ -> scalar instanceof Real;
          case Static.StringValue _ -> scalar instanceof Text;
          case Static.BoolValue _ -> scalar instanceof Bool;
          case Static.DurationValue _, Static.StatusValue _, Static.KindValue _, Static.Nil _ ->
              false;
        };
    return same ? value : RefValue.NIL;
  }

  // ---- fields

  private RefValue read(Field field, At at) {
    return switch (field) {
      case AttributeRef it -> attribute(it.attribute(), at);
      case IntrinsicRef it -> intrinsic(it.intrinsic(), at);
    };
  }

  private static RefValue attribute(Attribute attribute, At at) {
    String name = attribute.name();
    return switch (attribute.scope()) {
      case SPAN -> RefValue.ofAttribute(at.node.span.attributes().get(name));
      case RESOURCE -> resource(name, at);
      case INSTRUMENTATION -> RefValue.ofAttribute(at.node.scope.attributes().get(name));
      case NONE ->
          at.node.span.attributes().containsKey(name)
              ? RefValue.ofAttribute(at.node.span.attributes().get(name))
              : resource(name, at);
      case EVENT -> {
        RefValue found = RefValue.NIL;
        for (RefTrace.Event event : events(at)) {
          if (event.attributes().containsKey(name)) {
            found = RefValue.ofAttribute(event.attributes().get(name));
            if (at.pick == Pick.FIRST) {
              break;
            }
          }
        }
        yield found;
      }
      case LINK -> {
        RefValue found = RefValue.NIL;
        for (RefTrace.Link link : links(at)) {
          if (link.attributes().containsKey(name)) {
            found = RefValue.ofAttribute(link.attributes().get(name));
            if (at.pick == Pick.FIRST) {
              break;
            }
          }
        }
        yield found;
      }
    };
  }

  /// A resource without a name of its service, or with one that is no string, has the empty name.
  private static RefValue resource(String name, At at) {
    if (name.equals("service.name")) {
      return new Text(at.node.service());
    }
    return RefValue.ofAttribute(at.node.resource.attributes().get(name));
  }

  private static List<RefTrace.Event> events(At at) {
    if (at.pick == Pick.PAIR) {
      return at.event == null ? List.of() : List.of(at.event);
    }
    return at.node.span.events();
  }

  private static List<RefTrace.Link> links(At at) {
    if (at.pick == Pick.PAIR) {
      return at.link == null ? List.of() : List.of(at.link);
    }
    return at.node.span.links();
  }

  private static <T> @Nullable T pick(List<T> list, At at) {
    return list.isEmpty() ? null : at.pick == Pick.LAST ? list.getLast() : list.getFirst();
  }

  private RefValue intrinsic(Intrinsic intrinsic, At at) {
    RefView.Node node = at.node;
    RefTrace.Span span = node.span;
    return switch (intrinsic) {
      case NAME -> new Text(span.name());
      case DURATION -> new Duration(span.durationNanos());
      case STATUS -> new RefValue.Status(span.status());
      case STATUS_MESSAGE -> new Text(span.statusMessage());
      case KIND -> new RefValue.Kind(span.kind());
      case SPAN_ID -> new Text(span.id());
      case PARENT_ID -> new Text(span.parentId().isEmpty() ? NO_PARENT : span.parentId());
      case CHILD_COUNT -> new Int(node.children);
      case NESTED_SET_LEFT -> new Int(node.left);
      case NESTED_SET_RIGHT -> new Int(node.right);
      case NESTED_SET_PARENT -> new Int(node.nestedParent);
      case TRACE_ID -> new Text(withoutLeadingZeros(view.trace().id()));
      case TRACE_DURATION -> new Duration(view.durationNanos());
      case ROOT_NAME -> new Text(view.rootName());
      case ROOT_SERVICE -> new Text(view.rootService());
      case EVENT_NAME -> {
        RefTrace.@Nullable Event event = pick(events(at), at);
        yield event == null ? RefValue.NIL : new Text(event.name());
      }
      case EVENT_TIME_SINCE_START -> {
        RefTrace.@Nullable Event event = pick(events(at), at);
        yield event == null
            ? RefValue.NIL
            : new Duration(event.epochNanos() - span.startEpochNanos());
      }
      case LINK_TRACE_ID -> {
        RefTrace.@Nullable Link link = pick(links(at), at);
        yield link == null ? RefValue.NIL : new Text(link.traceId().replaceFirst("^0+", ""));
      }
      case LINK_SPAN_ID -> {
        RefTrace.@Nullable Link link = pick(links(at), at);
        yield link == null ? RefValue.NIL : new Text(link.spanId());
      }
      case INSTRUMENTATION_NAME -> new Text(node.scope.name());
      case INSTRUMENTATION_VERSION -> new Text(node.scope.version());
      case PARENT -> throw new IllegalArgumentException("parent is not supported");
    };
  }

  private static String withoutLeadingZeros(TraceId id) {
    return id.toHex().replaceFirst("^0+", "");
  }
}
