package io.vivace.traceql.parse;

import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.WellKnownNames;
import java.util.ArrayList;
import java.util.List;

/// A cursor over the tokens of a query; makes the errors and bounds the depth of the tree.
final class TokenStream {
  /// How deep parentheses and unary operators may nest.
  static final int MAX_NESTING = 1_000;

  /// How high the tree may grow, so that those who walk it can use recursion. A chain of operators
  /// is as high as it is long.
  static final int MAX_HEIGHT = 3_000;

  /// How far back from an error a misspelt name is still worth a remark.
  private static final int NEAR_TOKENS = 4;

  private final List<Token> tokens;
  private int at;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  int index() {
    return at;
  }

  Token peek() {
    return tokens.get(at);
  }

  TokenKind kind() {
    return tokens.get(at).kind();
  }

  boolean at(TokenKind kind) {
    return kind() == kind;
  }

  SourcePosition position() {
    return peek().position();
  }

  /// The kind of the token after the next one.
  TokenKind kindAfter() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1)).kind();
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean accept(TokenKind kind) {
    if (kind() != kind) {
      return false;
    }
    next();
    return true;
  }

  Token expect(TokenKind kind) {
    if (kind() != kind) {
      throw unexpected(kind);
    }
    return next();
  }

  /// A step down in the recursion; to be balanced by [#leave].
  void enter() {
    if (++nesting > MAX_NESTING) {
      throw fail("the query is nested too deeply (at most " + MAX_NESTING + " levels)");
    }
  }

  void leave() {
    nesting--;
  }

  int higher(int left, int right) {
    int height = Math.max(left, right) + 1;
    if (height > MAX_HEIGHT) {
      throw fail("the query has too many operators in a row (at most " + MAX_HEIGHT + ")");
    }
    return height;
  }

  /// An error at the next token, which is not one of the few that could stand here.
  TraceQlSyntaxException unexpected(TokenKind... expected) {
    return unexpected(at, "", expected);
  }

  /// An error at the next token, with what was expected in words.
  TraceQlSyntaxException unexpected(String wanted) {
    return unexpected(at, "; " + wanted);
  }

  TraceQlSyntaxException unexpected(int index, String remark, TokenKind... expected) {
    Token token = tokens.get(index);
    if (token.is(TokenKind.ERROR)) {
      return error(token, token.text(), List.of());
    }
    StringBuilder text = new StringBuilder("syntax error: unexpected ").append(token.kind().text());
    for (int i = 0; i < expected.length; i++) {
      text.append(i == 0 ? ", expecting " : " or ").append(expected[i].text());
    }
    List<String> names = new ArrayList<>();
    for (TokenKind kind : expected) {
      names.add(kind.text());
    }
    text.append(remark).append(nearName(index));
    return error(token, text.toString(), List.copyOf(names));
  }

  /// A remark if the last attribute before the error looks misspelt.
  private String nearName(int index) {
    for (int i = index - 1; i > 0 && i >= index - NEAR_TOKENS; i--) {
      Token token = tokens.get(i);
      if (token.is(TokenKind.ATTRIBUTE_NAME)) {
        return WellKnownNames.near(token.text())
            .map(name -> "; did you mean " + name + " instead of " + token.text() + "?")
            .orElse("");
      }
    }
    return "";
  }

  /// An error at the next token with a text of its own; a lexical error there goes first.
  TraceQlSyntaxException fail(String detail) {
    return failAt(peek(), detail);
  }

  TraceQlSyntaxException failAtIndex(int index, String detail) {
    return failAt(tokens.get(index), detail);
  }

  private static TraceQlSyntaxException failAt(Token token, String detail) {
    return token.is(TokenKind.ERROR)
        ? error(token, token.text(), List.of())
        : error(token, detail, List.of());
  }

  private static TraceQlSyntaxException error(Token token, String detail, List<String> expected) {
    SourcePosition position = token.position();
    return new TraceQlSyntaxException(
        detail,
        position.line(),
        position.column(),
        position.offset(),
        token.kind().text(),
        expected);
  }
}
