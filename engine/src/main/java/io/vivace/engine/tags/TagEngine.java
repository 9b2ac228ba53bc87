package io.vivace.engine.tags;

import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.Fields;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.FieldExpression;
import io.vivace.traceql.ast.FieldExpression.Binary;
import io.vivace.traceql.ast.FieldExpression.Literal;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds names and values of tags in span batches. Stateless and thread-safe.
///
/// Answers do not depend on the order of `sources`.
public final class TagEngine {

  /// The names of the tags of the spans that count.
  ///
  /// @throws RequestException CANCELLED, DEADLINE_EXCEEDED or RESOURCE_EXHAUSTED as the scope says
  /// @throws java.io.UncheckedIOException if a source cannot be read
  public TagNames names(TagNamesRequest request, List<BatchSource> sources, QueryScope scope) {
    try (AnswerSize size = new AnswerSize(request.limits().maxBytes(), scope)) {
      NameScan scan = new NameScan(request.scopes(), request.limits(), size);
      SpanSelection spans =
          request.spans().matchesAll()
              ? SpanSelection.ALL
              : SpanSelection.of(request.spans().groups());
      SourceWalk walk = new SourceWalk(sources, request.timeRange(), spans, scope);
      walk.run(scan, spans.needsWholeTrace());
      return new TagNames(scan.names(), walk.inspectedBytes());
    }
  }

  /// The values of a tag on the spans that count.
  ///
  /// @throws RequestException CANCELLED, DEADLINE_EXCEEDED or RESOURCE_EXHAUSTED as the scope says
  /// @throws java.io.UncheckedIOException if a source cannot be read
  public TagValues values(TagValuesRequest request, List<BatchSource> sources, QueryScope scope) {
    return switch (request.tag()) {
      case Tag.Fixed fixed -> new TagValues(fixed.values(), 0);
      case Tag.Stored stored -> values(stored.field(), request, sources, scope);
    };
  }

  private static TagValues values(
      Field field, TagValuesRequest request, List<BatchSource> sources, QueryScope scope) {
    try (AnswerSize size = new AnswerSize(request.limits().maxBytes(), scope)) {
      ValueCollector collector = new ValueCollector(request.limits(), size);
      List<List<FieldExpression>> searched = new ArrayList<>();
      for (List<FieldExpression> group : request.spans().groups()) {
        TagValue literal = required(field, group);
        if (literal == null) {
          searched.add(group);
        } else {
          collector.offer(literal);
        }
      }
      if (searched.isEmpty() && !request.spans().matchesAll()) {
        return new TagValues(collector.toList(), 0);
      }
      SpanSelection spans = searched.isEmpty() ? SpanSelection.ALL : SpanSelection.of(searched);
      SourceWalk walk = new SourceWalk(sources, request.timeRange(), spans, scope);
      walk.run(
          new ValueScan(field, collector, size), spans.needsWholeTrace() || isOfWholeTrace(field));
      return new TagValues(collector.toList(), walk.inspectedBytes());
    }
  }

  /// A fragment without the root does not know its names.
  private static boolean isOfWholeTrace(Field field) {
    return field == Field.Intrinsic.ROOT_NAME || field == Field.Intrinsic.ROOT_SERVICE;
  }

  /// The value that a conjunction says the field equals; null if it does not.
  private static @Nullable TagValue required(Field field, List<FieldExpression> group) {
    for (FieldExpression condition : group) {
      if (condition instanceof Binary(BinaryOp op, FieldExpression left, FieldExpression right, _)
          && op == BinaryOp.EQUAL) {
        TagValue value = required(field, left, right);
        if (value == null) {
          value = required(field, right, left);
        }
        if (value != null) {
          return value;
        }
      }
    }
    return null;
  }

  private static @Nullable TagValue required(
      Field field, FieldExpression named, FieldExpression value) {
    return named instanceof FieldExpression.Field syntax
            && value instanceof Literal(Static literal, _)
            && Fields.of(syntax).equals(field)
        ? shown(literal)
        : null;
  }

  private static @Nullable TagValue shown(Static literal) {
    return switch (literal) {
      case Static.Nil _ -> null;
      case Static.IntValue value -> new TagValue(TagValue.Type.INT, value.toString());
      case Static.FloatValue value -> new TagValue(TagValue.Type.FLOAT, value.toString());
      case Static.BoolValue value -> new TagValue(TagValue.Type.BOOL, value.toString());
      case Static.DurationValue value -> new TagValue(TagValue.Type.DURATION, value.toString());
      case Static.StatusValue value -> new TagValue(TagValue.Type.KEYWORD, value.toString());
      case Static.KindValue value -> new TagValue(TagValue.Type.KEYWORD, value.toString());
      case Static.StringValue value -> new TagValue(TagValue.Type.STRING, value.text());
    };
  }
}
