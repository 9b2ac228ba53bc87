package io.vivace.engine.tags;

import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.Fields;
import io.vivace.engine.tags.TagValue.Type;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.TraceQl;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.AttributeRef;
import io.vivace.traceql.ast.FieldExpression.IntrinsicRef;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import java.util.ArrayList;
import java.util.List;

/// A tag whose values are asked for.
public sealed interface Tag {

  /// One whose values come from the data.
  record Stored(Field field) implements Tag {}

  /// One whose values are always the same, whatever the data and the filter.
  record Fixed(List<TagValue> values) implements Tag {
    public Fixed {
      values = List.copyOf(values);
    }
  }

  /// Reads a name of the newer API: exactly one TraceQL attribute or intrinsic.
  ///
  /// @throws RequestException INVALID_ARGUMENT if it is anything else
  static Tag parse(String name) {
    checkNotEmpty(name);
    return of(TraceQl.parseField(name).orElseThrow(() -> notATag(name)));
  }

  private static RequestException notATag(String name) {
    String reason = "expected one attribute such as span.\"" + name + "\" or an intrinsic";
    try {
      TraceQl.parse("{" + name + "}");
    } catch (RequestException error) {
      reason = String.valueOf(error.getMessage());
    }
    return new RequestException(
        ErrorCategory.INVALID_ARGUMENT,
        "please provide a valid tagName: failed to parse identifier " + name + ": " + reason);
  }

  private static void checkNotEmpty(String name) {
    if (name.isEmpty()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "please provide a non-empty tagName");
    }
  }

  private static Tag of(FieldExpression.Field syntax) {
    return switch (syntax) {
      case AttributeRef ref when ref.attribute().parent() -> new Fixed(List.of());
      case AttributeRef ref -> new Stored(Fields.of(ref));
      case IntrinsicRef ref -> intrinsic(ref);
    };
  }

  private static Tag intrinsic(IntrinsicRef ref) {
    return switch (ref.intrinsic()) {
      case NAME,
          STATUS_MESSAGE,
          ROOT_NAME,
          ROOT_SERVICE,
          EVENT_NAME,
          INSTRUMENTATION_NAME,
          INSTRUMENTATION_VERSION ->
          new Stored(Fields.of(ref));
      case STATUS -> statuses();
      case KIND -> kinds();
      case DURATION,
          TRACE_DURATION,
          EVENT_TIME_SINCE_START,
          SPAN_ID,
          PARENT_ID,
          TRACE_ID,
          LINK_TRACE_ID,
          LINK_SPAN_ID,
          CHILD_COUNT,
          NESTED_SET_LEFT,
          NESTED_SET_RIGHT,
          NESTED_SET_PARENT,
          PARENT ->
          new Fixed(List.of());
    };
  }

  private static Fixed statuses() {
    List<TagValue> values = new ArrayList<>();
    for (SpanStatus status : SpanStatus.values()) {
      values.add(new TagValue(Type.KEYWORD, status.label()));
    }
    values.sort(null);
    return new Fixed(values);
  }

  private static Fixed kinds() {
    List<TagValue> values = new ArrayList<>();
    for (SpanKind kind : SpanKind.values()) {
      values.add(new TagValue(Type.KEYWORD, kind.label()));
    }
    values.sort(null);
    return new Fixed(values);
  }

  /// What a name of the older API means: the plain key of an attribute of spans or resources, or
  /// one of a few reserved names.
  ///
  /// @throws RequestException INVALID_ARGUMENT if it is empty
  static Tag ofPlainName(String name) {
    checkNotEmpty(name);
    return switch (name) {
      case "name" -> new Stored(Field.Intrinsic.NAME);
      case "root.name" -> new Stored(Field.Intrinsic.ROOT_NAME);
      case "root.service.name" -> new Stored(Field.Intrinsic.ROOT_SERVICE);
      case "status.code" -> statuses();
      case "error" -> new Fixed(List.of(new TagValue(Type.BOOL, "true")));
      default -> new Stored(new Field.Attribute(Field.Owner.SPAN_OR_RESOURCE, name));
    };
  }

  /// The names of all intrinsics that editors offer, ascending.
  List<String> INTRINSICS =
      List.of(
          "duration",
          "event:name",
          "event:timeSinceStart",
          "instrumentation:name",
          "instrumentation:version",
          "kind",
          "link:spanID",
          "link:traceID",
          "name",
          "rootName",
          "rootServiceName",
          "span:duration",
          "span:id",
          "span:kind",
          "span:name",
          "span:parentID",
          "span:status",
          "span:statusMessage",
          "status",
          "statusMessage",
          "trace:duration",
          "trace:id",
          "trace:rootName",
          "trace:rootService",
          "traceDuration");
}
