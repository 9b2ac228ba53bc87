package io.vivace.traceql.parse;

import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.Static;
import org.jspecify.annotations.Nullable;

/// One token.
///
/// @param text the source text; for attribute names the bare name; for errors the message
/// @param value of literals only
/// @param endOffset index after the last `char` of the token in the query
record Token(
    TokenKind kind, String text, @Nullable Static value, SourcePosition position, int endOffset) {

  boolean is(TokenKind other) {
    return kind == other;
  }
}
