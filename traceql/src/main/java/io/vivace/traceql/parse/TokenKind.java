package io.vivace.traceql.parse;

import java.util.HashMap;
import java.util.Map;

/// Every kind of token. `text` is the spelling, or the name that error messages use.
enum TokenKind {
  END("$end", false),
  /// A lexical error; the token's value is the message.
  ERROR("ERROR", false),
  IDENTIFIER("IDENTIFIER", false),
  STRING("STRING", false),
  INTEGER("INTEGER", false),
  FLOAT("FLOAT", false),
  DURATION("DURATION", false),
  /// The name of an attribute, without quotes.
  ATTRIBUTE_NAME("IDENTIFIER", false),
  /// Stands where an attribute name is missing.
  END_ATTRIBUTE("END_ATTRIBUTE", false),

  COMMA(","),
  DOT("."),
  OPEN_BRACE("{"),
  CLOSE_BRACE("}"),
  OPEN_PAREN("("),
  CLOSE_PAREN(")"),
  PIPE("|"),

  EQ("="),
  NEQ("!="),
  RE("=~"),
  NRE("!~"),
  GT(">"),
  GTE(">="),
  LT("<"),
  LTE("<="),
  ADD("+"),
  SUB("-"),
  MUL("*"),
  DIV("/"),
  MOD("%"),
  POW("^"),
  AND("&&"),
  OR("||"),
  NOT("!"),
  DESC(">>"),
  ANCE("<<"),
  TILDE("~"),
  NOT_CHILD("!>"),
  NOT_PARENT("!<"),
  NOT_DESC("!>>"),
  NOT_ANCE("!<<"),
  UNION_CHILD("&>"),
  UNION_PARENT("&<"),
  UNION_DESC("&>>"),
  UNION_ANCE("&<<"),
  UNION_SIBL("&~"),

  TRUE("true"),
  FALSE("false"),
  NIL("nil"),
  OK("ok"),
  ERROR_STATUS("error"),
  UNSET("unset"),
  UNSPECIFIED("unspecified"),
  INTERNAL("internal"),
  SERVER("server"),
  CLIENT("client"),
  PRODUCER("producer"),
  CONSUMER("consumer"),

  DURATION_WORD("duration"),
  CHILD_COUNT("childCount"),
  NAME("name"),
  STATUS("status"),
  STATUS_MESSAGE("statusMessage"),
  KIND("kind"),
  ROOT_NAME("rootName"),
  ROOT_SERVICE_NAME("rootServiceName"),
  ROOT_SERVICE("rootService"),
  TRACE_DURATION("traceDuration"),
  NESTED_SET_LEFT("nestedSetLeft"),
  NESTED_SET_RIGHT("nestedSetRight"),
  NESTED_SET_PARENT("nestedSetParent"),
  ID("id"),
  TRACE_ID("traceID"),
  SPAN_ID("spanID"),
  PARENT_ID("parentID"),
  TIME_SINCE_START("timeSinceStart"),
  VERSION("version"),
  PARENT("parent"),

  SPAN_DOT("span."),
  RESOURCE_DOT("resource."),
  PARENT_DOT("parent."),
  EVENT_DOT("event."),
  LINK_DOT("link."),
  INSTRUMENTATION_DOT("instrumentation."),
  TRACE_COLON("trace:"),
  SPAN_COLON("span:"),
  EVENT_COLON("event:"),
  LINK_COLON("link:"),
  INSTRUMENTATION_COLON("instrumentation:"),

  COUNT("count"),
  AVG("avg"),
  MAX("max"),
  MIN("min"),
  SUM("sum"),
  BY("by"),
  COALESCE("coalesce"),
  SELECT("select"),
  RATE("rate"),
  COUNT_OVER_TIME("count_over_time"),
  MIN_OVER_TIME("min_over_time"),
  MAX_OVER_TIME("max_over_time"),
  AVG_OVER_TIME("avg_over_time"),
  SUM_OVER_TIME("sum_over_time"),
  QUANTILE_OVER_TIME("quantile_over_time"),
  HISTOGRAM_OVER_TIME("histogram_over_time"),
  COMPARE("compare"),
  TOPK("topk"),
  BOTTOMK("bottomk"),
  WITH("with");

  private static final Map<String, TokenKind> BY_TEXT = byText();

  private final String text;
  private final boolean spelled;

  TokenKind(String text) {
    this(text, true);
  }

  TokenKind(String text, boolean spelled) {
    this.text = text;
    this.spelled = spelled;
  }

  String text() {
    return text;
  }

  /// Whether the text is the spelling in the query, not a name for a class of tokens.
  boolean isSpelled() {
    return spelled;
  }

  /// Whether an attribute name follows at once.
  boolean startsAttribute() {
    return switch (this) {
      case DOT, SPAN_DOT, RESOURCE_DOT, PARENT_DOT, EVENT_DOT, LINK_DOT, INSTRUMENTATION_DOT ->
          true;
      default -> false;
    };
  }

  static boolean isToken(String text) {
    return BY_TEXT.containsKey(text);
  }

  /// The kind that is spelled like this; IDENTIFIER if none is.
  static TokenKind of(String text) {
    return BY_TEXT.getOrDefault(text, IDENTIFIER);
  }

  private static Map<String, TokenKind> byText() {
    Map<String, TokenKind> kinds = new HashMap<>();
    for (TokenKind kind : values()) {
      if (kind.spelled) {
        kinds.put(kind.text, kind);
      }
    }
    return Map.copyOf(kinds);
  }

  @Override
  public String toString() {
    return text;
  }
}
