package io.vivace.traceql.parse;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.io.Serial;
import java.util.List;

/// The query is not TraceQL. The message has the form `parse error at line L, col C: syntax error:
/// unexpected TOKEN…`, on which clients match.
public final class TraceQlSyntaxException extends RequestException {
  @Serial private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final int offset;
  private final String token;
  private final transient List<String> expected;

  TraceQlSyntaxException(
      String detail, int line, int column, int offset, String token, List<String> expected) {
    super(
        ErrorCategory.INVALID_ARGUMENT,
        "parse error at line " + line + ", col " + column + ": " + detail);
    this.line = line;
    this.column = column;
    this.offset = offset;
    this.token = token;
    this.expected = expected;
  }

  /// Line of the offending token, from 1.
  public int line() {
    return line;
  }

  /// Column of the offending token in code points, from 1.
  public int column() {
    return column;
  }

  /// Index of the offending token in the query, in `char`s from 0.
  public int offset() {
    return offset;
  }

  /// The offending token: its spelling, or a class such as `IDENTIFIER`, or `$end`.
  public String token() {
    return token;
  }

  /// The tokens that could stand here, where they are few and known; else empty.
  public List<String> expected() {
    return expected == null ? List.of() : expected;
  }
}
