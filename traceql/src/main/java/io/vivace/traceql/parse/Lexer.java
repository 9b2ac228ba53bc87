package io.vivace.traceql.parse;

import io.vivace.traceql.ast.Names;
import io.vivace.traceql.ast.SourcePosition;
import io.vivace.traceql.ast.Static;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Splits a query into tokens. A lexical error ends the list with an ERROR token, so that a syntax
/// error before it is reported first.
///
/// There are two modes: after a token that ends in a dot, an attribute name is read, in which most
/// characters have no meaning of their own.
final class Lexer {
  private static final int END = -1;
  private static final String DURATION_LETTERS = "nsumhµdwy";

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int offset;
  private int line = 1;
  private int column = 1;

  private int tokenOffset;
  private int tokenLine;
  private int tokenColumn;

  private Lexer(String source) {
    this.source = source;
  }

  /// The tokens of the query; the last one is END or ERROR.
  static List<Token> tokenize(String source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    if (peek() == '\uFEFF') {
      next();
    }
    try {
      while (scan()) {
        // Each call adds the tokens it finds.
      }
    } catch (LexicalError e) {
      add(TokenKind.ERROR, e.detail, null);
    }
  }

  /// Adds the next token or tokens; false after the last.
  private boolean scan() {
    skipBlanks();
    begin();
    int c = peek();
    if (c == END) {
      add(TokenKind.END, "", null);
      return false;
    }
    if (c == '"') {
      add(TokenKind.STRING, null, new StringScanner().quoted());
    } else if (c == '`') {
      add(TokenKind.STRING, null, rawString());
    } else if (c == '\'') {
      charLiteral();
    } else if (isDigit(c) || (c == '.' && isDigit(peekAfter()))) {
      number();
    } else {
      word();
    }
    return true;
  }

  // ---- characters

  private int peek() {
    return offset < source.length() ? source.codePointAt(offset) : END;
  }

  /// The code point after the next one, which must be a BMP character.
  private int peekAfter() {
    return offset + 1 < source.length() ? source.codePointAt(offset + 1) : END;
  }

  private int next() {
    int c = source.codePointAt(offset);
    if (c == 0) {
      throw error("invalid character NUL");
    }
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw error("invalid UTF-8 encoding");
    }
    offset += Character.charCount(c);
    if (c == '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
    return c;
  }

  private void begin() {
    tokenOffset = offset;
    tokenLine = line;
    tokenColumn = column;
  }

  private void add(TokenKind kind, @Nullable String text, @Nullable Static value) {
    String shown = text == null ? source.substring(tokenOffset, offset) : text;
    tokens.add(
        new Token(
            kind, shown, value, new SourcePosition(tokenOffset, tokenLine, tokenColumn), offset));
  }

  private void skipBlanks() {
    while (true) {
      int c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        next();
      } else if (c == '/' && peekAfter() == '/') {
        begin();
        while (peek() != END && peek() != '\n') {
          next();
        }
      } else if (c == '/' && peekAfter() == '*') {
        blockComment();
      } else {
        return;
      }
    }
  }

  private void blockComment() {
    begin();
    next();
    next();
    while (!(peek() == '*' && peekAfter() == '/')) {
      if (peek() == END) {
        throw error("comment not terminated");
      }
      next();
    }
    next();
    next();
  }

  // ---- words and operators

  private void word() {
    int start = offset;
    if (isLetter(next())) {
      while (peek() != END && (isLetter(peek()) || Character.isDigit(peek()))) {
        next();
      }
    }
    while (peek() != END) {
      int end = offset + Character.charCount(peek());
      if (!TokenKind.isToken(source.substring(start, end))) {
        break;
      }
      next();
    }
    TokenKind kind = TokenKind.of(source.substring(start, offset));
    add(kind, null, null);
    if (kind.startsAttribute()) {
      attribute(kind);
    }
  }

  private void charLiteral() {
    next();
    int count = 0;
    while (peek() != '\'') {
      if (peek() == END || peek() == '\n') {
        throw error("literal not terminated; strings take double quotes or back-quotes");
      }
      next();
      count++;
    }
    next();
    if (count != 1) {
      throw error("invalid char literal; strings take double quotes or back-quotes");
    }
    add(TokenKind.IDENTIFIER, null, null);
  }

  // ---- attribute names

  private void attribute(TokenKind scope) {
    begin();
    if (scope == TokenKind.PARENT_DOT) {
      for (TokenKind second : List.of(TokenKind.SPAN_DOT, TokenKind.RESOURCE_DOT)) {
        if (source.startsWith(second.text(), offset)) {
          for (int i = 0; i < second.text().length(); i++) {
            next();
          }
          add(second, null, null);
          begin();
          break;
        }
      }
    }
    if (!continuesName(peek())) {
      add(TokenKind.END_ATTRIBUTE, "", null);
      return;
    }
    StringBuilder name = new StringBuilder();
    while (continuesName(peek())) {
      if (peek() == '"') {
        quotedPart(name);
      } else {
        name.appendCodePoint(next());
      }
    }
    add(TokenKind.ATTRIBUTE_NAME, name.toString(), null);
  }

  private static boolean continuesName(int c) {
    return c != END && (c == '"' || Names.isBareNameChar(c));
  }

  private void quotedPart(StringBuilder name) {
    next();
    while (true) {
      if (peek() == END) {
        throw error("unexpected EOF, expecting \"");
      }
      int c = next();
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        if (peek() != '"' && peek() != '\\') {
          throw error(
              peek() == END
                  ? "unexpected EOF, expecting \""
                  : "invalid escape sequence; quoted attribute names know \\\" and \\\\ only");
        }
        c = next();
      }
      name.appendCodePoint(c);
    }
  }

  // ---- strings

  private Static rawString() {
    next();
    int start = offset;
    while (peek() != '`') {
      if (peek() == END) {
        throw error("literal not terminated");
      }
      next();
    }
    String text = source.substring(start, offset).replace("\r", "");
    next();
    return Static.of(text);
  }

  /// Reads one double-quoted string.
  private final class StringScanner {
    private final ByteSink bytes = new ByteSink();

    Static quoted() {
      next();
      while (peek() != '"') {
        if (peek() == END || peek() == '\n') {
          throw error("literal not terminated");
        }
        int c = next();
        if (c == '\\') {
          escape();
        } else {
          bytes.codePoint(c);
        }
      }
      next();
      return new Static.StringValue(bytes.toByteArray());
    }

    private void escape() {
      int c = peek();
      switch (c) {
        case 'a' -> simple(7);
        case 'b' -> simple('\b');
        case 'f' -> simple('\f');
        case 'n' -> simple('\n');
        case 'r' -> simple('\r');
        case 't' -> simple('\t');
        case 'v' -> simple(11);
        case '\\', '"' -> simple(c);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> raw(digits(3, 8));
        case 'x' -> {
          next();
          raw(digits(2, 16));
        }
        case 'u' -> {
          next();
          unicode(digits(4, 16));
        }
        case 'U' -> {
          next();
          unicode(digits(8, 16));
        }
        default ->
            throw error("invalid char escape; a regex with back-slashes reads best in back-quotes");
      }
    }

    private void simple(int value) {
      next();
      bytes.add(value);
    }

    private long digits(int count, int base) {
      long value = 0;
      for (int i = 0; i < count; i++) {
        int c = peek();
        int digit = c < 128 ? Character.digit(c, base) : -1;
        if (digit < 0) {
          throw error("invalid char escape");
        }
        next();
        value = value * base + digit;
      }
      return value;
    }

    private void raw(long value) {
      if (value > 255) {
        throw error("invalid char escape");
      }
      bytes.add((int) value);
    }

    private void unicode(long value) {
      if (value > Character.MAX_CODE_POINT
          || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
        throw error("invalid char escape");
      }
      bytes.codePoint((int) value);
    }
  }

  // ---- numbers

  private void number() {
    int start = offset;
    NumberScanner scanner = new NumberScanner();
    boolean decimalPoint = scanner.scan();
    String text = source.substring(start, offset);
    int mark = offset;
    int markColumn = column;
    while (continuesDuration(peek())) {
      next();
    }
    if (offset > mark) {
      OptionalLong nanos = Durations.parse(source.substring(start, offset));
      if (nanos.isPresent()) {
        add(TokenKind.DURATION, null, Static.duration(nanos.getAsLong()));
        return;
      }
      offset = mark;
      column = markColumn;
    }
    if (decimalPoint) {
      add(TokenKind.FLOAT, null, Static.of(floatValue(text)));
    } else {
      add(TokenKind.INTEGER, null, Static.of(intValue(text)));
    }
  }

  private static boolean continuesDuration(int c) {
    if (c == END) {
      return false;
    }
    int type = Character.getType(c);
    return c == '.'
        || DURATION_LETTERS.indexOf(c) >= 0
        || type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private long intValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        throw error("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
      }
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw error(
          "strconv.Atoi: parsing \""
              + shortened(text)
              + "\": value out of range; integers have"
              + " 64 bits");
    }
  }

  private double floatValue(String text) {
    // Java reads a trailing 'd' or 'f' as a type; the scanner never leaves one outside hex digits.
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw error("strconv.ParseFloat: parsing \"" + shortened(text) + "\": invalid syntax");
    }
    if (Double.isInfinite(value)) {
      throw error("strconv.ParseFloat: parsing \"" + shortened(text) + "\": value out of range");
    }
    return value;
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  /// Finds the end of a number by the rules of the host language's numbers, which are wider than
  /// what is accepted afterwards; so `0x1F` is one wrong number and not two tokens.
  private final class NumberScanner {
    private boolean sawDigit;
    private int invalidDigit;

    /// Returns whether the number is a float.
    boolean scan() {
      int base = 10;
      char prefix = 0;
      boolean isFloat = false;
      if (peek() != '.') {
        if (peek() == '0') {
          next();
          prefix = prefix(peek());
          base = prefix == 'x' ? 16 : prefix == 'b' ? 2 : 8;
          if (prefix == '0') {
            sawDigit = true;
          } else {
            next();
          }
        }
        digits(base);
      }
      if (peek() == '.') {
        isFloat = true;
        if (prefix == 'o' || prefix == 'b') {
          throw error("invalid radix point in " + name(prefix));
        }
        next();
        digits(base);
      }
      if (!sawDigit) {
        throw error(name(prefix) + " has no digits");
      }
      isFloat |= exponent(prefix);
      if (prefix == 'x' && isFloat && !hasBinaryExponent) {
        throw error("hexadecimal mantissa requires a 'p' exponent");
      }
      if (!isFloat && invalidDigit != 0) {
        throw error("invalid digit '" + (char) invalidDigit + "' in " + name(prefix));
      }
      return isFloat;
    }

    private boolean hasBinaryExponent;

    private boolean exponent(char prefix) {
      int c = peek() | 0x20;
      if (peek() == END || (c != 'e' && c != 'p')) {
        return false;
      }
      if (c == 'e' && prefix != 0 && prefix != '0') {
        throw error("'e' exponent requires decimal mantissa");
      }
      if (c == 'p' && prefix != 'x') {
        throw error("'p' exponent requires hexadecimal mantissa");
      }
      hasBinaryExponent = c == 'p';
      next();
      if (peek() == '+' || peek() == '-') {
        next();
      }
      sawDigit = false;
      digits(10);
      if (!sawDigit) {
        throw error("exponent has no digits");
      }
      return true;
    }

    private static char prefix(int c) {
      return switch (c) {
        case 'x', 'X' -> 'x';
        case 'o', 'O' -> 'o';
        case 'b', 'B' -> 'b';
        default -> '0';
      };
    }

    private void digits(int base) {
      while (true) {
        int c = peek();
        if (isDigit(c)) {
          sawDigit = true;
          if (base < 10 && c >= '0' + base && invalidDigit == 0) {
            invalidDigit = c;
          }
        } else if (base == 16 && c < 128 && Character.digit(c, 16) >= 0) {
          sawDigit = true;
        } else if (c != '_') {
          return;
        }
        next();
      }
    }

    private static String name(char prefix) {
      return switch (prefix) {
        case 'x' -> "hexadecimal literal";
        case 'o', '0' -> "octal literal";
        case 'b' -> "binary literal";
        default -> "decimal literal";
      };
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return c == '_' || Character.isLetter(c);
  }

  private static LexicalError error(String detail) {
    return new LexicalError(detail);
  }

  /// Leaves the scan; becomes the last token.
  private static final class LexicalError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    LexicalError(String detail) {
      super(detail, null, false, false);
      this.detail = detail;
    }
  }
}
