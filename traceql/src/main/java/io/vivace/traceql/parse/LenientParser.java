package io.vivace.traceql.parse;

import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Parses a query that is being typed: a comparison without its right side counts as `true`, and
/// missing closing braces are added. One attempt; what still is no query is given up.
public final class LenientParser {
  private LenientParser() {}

  /// The query as it is or as repaired; empty if neither parses.
  public static Optional<Query> parse(String source) {
    List<Token> tokens = Lexer.tokenize(source);
    try {
      return Optional.of(QueryParser.parse(tokens));
    } catch (TraceQlSyntaxException _) {
      return repaired(tokens);
    }
  }

  private static Optional<Query> repaired(List<Token> tokens) {
    Token last = tokens.getLast();
    if (last.is(TokenKind.ERROR) && last.text().startsWith("invalid char literal")) {
      return Optional.empty();
    }
    try {
      return Optional.of(QueryParser.parse(repair(tokens, last.position())));
    } catch (TraceQlSyntaxException _) {
      return Optional.empty();
    }
  }

  private static List<Token> repair(List<Token> tokens, SourcePosition end) {
    List<Token> result = new ArrayList<>();
    int open = 0;
    boolean piped = false;
    int at = 0;
    // The last token is the end or an error.
    while (at < tokens.size() - 1) {
      Token token = tokens.get(at);
      piped |= token.is(TokenKind.PIPE);
      int after = piped ? at : afterIncompleteMatcher(tokens, at);
      if (after > at) {
        result.add(new Token(TokenKind.TRUE, "true", null, token.position(), token.endOffset()));
        at = after;
        continue;
      }
      if (token.is(TokenKind.OPEN_BRACE)) {
        open++;
      } else if (token.is(TokenKind.CLOSE_BRACE)) {
        open--;
      }
      result.add(token);
      at++;
    }
    for (; open > 0; open--) {
      result.add(new Token(TokenKind.CLOSE_BRACE, "}", null, end, end.offset()));
    }
    result.add(new Token(TokenKind.END, "", null, end, end.offset()));
    return result;
  }

  /// Index after a field and an operator that nothing follows; `at` if there is none here.
  private static int afterIncompleteMatcher(List<Token> tokens, int at) {
    int afterField = afterField(tokens, at);
    if (afterField == at) {
      return at;
    }
    boolean operator =
        switch (tokens.get(afterField).kind()) {
          case EQ, NEQ, LT, LTE, GT, GTE, RE, NRE -> true;
          default -> false;
        };
    if (!operator) {
      return at;
    }
    return switch (tokens.get(afterField + 1).kind()) {
      case END, ERROR, CLOSE_BRACE, CLOSE_PAREN, AND, OR -> afterField + 1;
      default -> at;
    };
  }

  private static int afterField(List<Token> tokens, int at) {
    switch (tokens.get(at).kind()) {
      case DOT, SPAN_DOT, RESOURCE_DOT, PARENT_DOT, EVENT_DOT, LINK_DOT, INSTRUMENTATION_DOT -> {
        int next = at + 1;
        while (tokens.get(next).kind().startsAttribute()) {
          next++;
        }
        return tokens.get(next).is(TokenKind.ATTRIBUTE_NAME) ? next + 1 : at;
      }
      case TRACE_COLON, SPAN_COLON, EVENT_COLON, LINK_COLON, INSTRUMENTATION_COLON -> {
        return isWord(tokens.get(at + 1).kind()) ? at + 2 : at;
      }
      default -> {
        return isWord(tokens.get(at).kind()) ? at + 1 : at;
      }
    }
  }

  private static boolean isWord(TokenKind kind) {
    return switch (kind) {
      case IDENTIFIER,
          DURATION_WORD,
          CHILD_COUNT,
          NAME,
          STATUS,
          STATUS_MESSAGE,
          KIND,
          ROOT_NAME,
          ROOT_SERVICE_NAME,
          ROOT_SERVICE,
          TRACE_DURATION,
          NESTED_SET_LEFT,
          NESTED_SET_RIGHT,
          NESTED_SET_PARENT,
          ID,
          TRACE_ID,
          SPAN_ID,
          PARENT_ID,
          TIME_SINCE_START,
          VERSION,
          PARENT ->
          true;
      default -> false;
    };
  }
}
