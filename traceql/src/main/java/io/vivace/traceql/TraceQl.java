package io.vivace.traceql;

import io.vivace.traceql.ast.Query;
import io.vivace.traceql.check.Validator;
import io.vivace.traceql.parse.QueryParser;

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
}
