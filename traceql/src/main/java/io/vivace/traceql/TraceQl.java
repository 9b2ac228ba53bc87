package io.vivace.traceql;

import io.vivace.traceql.ast.FieldExpression.Field;
import io.vivace.traceql.ast.Pipeline;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.SpansetFilter;
import io.vivace.traceql.check.TraceQlValidationException;
import io.vivace.traceql.check.Validator;
import io.vivace.traceql.parse.LenientParser;
import io.vivace.traceql.parse.QueryParser;
import io.vivace.traceql.parse.TraceQlSyntaxException;
import java.util.Optional;

/// Entry points of the language. All methods are pure and thread-safe.
public final class TraceQl {
  /// The default size limit of a query in UTF-8 bytes. Callers apply it (it is configurable); the
  /// parser itself takes any length in linear time, with bounded depth.
  public static final int DEFAULT_MAX_QUERY_BYTES = 128 * 1024;

  private TraceQl() {}

  /// Parses a query and folds its constants.
  ///
  /// @throws io.vivace.traceql.parse.TraceQlSyntaxException if the text is not TraceQL
  public static Query parse(String text) {
    return QueryParser.parse(text);
  }

  /// Checks types and the other static rules.
  ///
  /// @throws io.vivace.traceql.check.TraceQlValidationException with the first rule that fails
  public static void validate(Query query) {
    Validator.check(query);
  }

  /// [#parse] and [#validate].
  ///
  /// @throws io.vivace.traceql.parse.TraceQlSyntaxException if the text is not TraceQL
  /// @throws io.vivace.traceql.check.TraceQlValidationException if a static rule fails
  public static Query compile(String text) {
    Query query = parse(text);
    validate(query);
    return query;
  }

  /// Reads a query that is being typed: as it is, or repaired once (comparisons without a right
  /// side count as `true`, missing closing braces are added). Empty if there is nothing usable;
  /// never an error.
  public static Optional<Query> compileLenient(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    Optional<Query> query = LenientParser.parse(text.strip());
    try {
      query.ifPresent(TraceQl::validate);
      return query;
    } catch (TraceQlValidationException _) {
      return Optional.empty();
    }
  }

  /// A form of a tag filter that is equal for filters that mean the same; `{}` for all that do not
  /// filter.
  public static String normalizeFilter(String text) {
    return compileLenient(text)
        .map(Query::toString)
        .filter(canonical -> !canonical.equals("{ true }"))
        .orElse("{}");
  }

  /// Reads the name of a tag, such as `resource.service.name` or `span:kind`: exactly one attribute
  /// or intrinsic. Empty if it is anything else.
  public static Optional<Field> parseField(String text) {
    try {
      return parse("{" + text + "}").body() instanceof Pipeline pipeline
              && pipeline.stages().size() == 1
              && pipeline.stages().getFirst() instanceof SpansetFilter filter
              && filter.expression() instanceof Field field
          ? Optional.of(field)
          : Optional.empty();
    } catch (TraceQlSyntaxException _) {
      return Optional.empty();
    }
  }
}
