package io.vivace.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The types of a single value and how its text is read: YAML 1.1 booleans and numbers, Go and
/// Prometheus durations, sizes with or without a unit.
enum ValueType {
  STRING("a string"),
  SECRET("a string"),
  BOOL("true or false"),
  INT("an integer"),
  SIZE("a number of bytes such as 1048576 or 1MiB"),
  FLOAT("a number"),
  DURATION("a duration such as 30s, 1h30m or 14d");

  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "n");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)");
  private static final Pattern SIZE_TEXT = Pattern.compile("([0-9.eE+_-]+?)\\s*([kKMGT]?i?B?)");

  private final String expectation;

  ValueType(String expectation) {
    this.expectation = expectation;
  }

  /// What to write, for error messages.
  String expectation() {
    return expectation;
  }

  /// Reads `text`; throws [IllegalArgumentException] if it is not of this type. A string gives a
  /// String, BOOL a Boolean, INT and SIZE a Long, FLOAT a Double, DURATION a [Duration].
  Object parse(String text) {
    return switch (this) {
      case STRING, SECRET -> text;
      case BOOL -> parseBoolean(text);
      case INT -> parseInteger(text);
      case SIZE -> parseSize(text);
      case FLOAT -> parseFloat(text);
      case DURATION -> parseDuration(text);
    };
  }

  private static Boolean parseBoolean(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (TRUE.contains(lower)) {
      return true;
    }
    if (FALSE.contains(lower)) {
      return false;
    }
    throw new IllegalArgumentException("not a boolean");
  }

  private static Long parseInteger(String text) {
    String digits = text.replace("_", "");
    if (digits.matches("[+-]?0[xX][0-9a-fA-F]+")) {
      return Long.parseLong(digits.replaceFirst("0[xX]", ""), 16);
    }
    if (digits.matches("[+-]?0o?[0-7]+")) {
      return Long.parseLong(digits.replace("o", ""), 8);
    }
    BigDecimal number = number(digits);
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("not an integer", e);
    }
  }

  private static Long parseSize(String text) {
    Matcher matcher = SIZE_TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return parseInteger(text);
    }
    String unit = matcher.group(2);
    if (unit.isEmpty()) {
      return parseInteger(text);
    }
    long step = unit.contains("i") ? 1024 : 1000;
    int power = "BKMGT".indexOf(Character.toUpperCase(unit.charAt(0)));
    BigDecimal factor = BigDecimal.valueOf(step).pow(power);
    try {
      return number(matcher.group(1).replace("_", ""))
          .multiply(factor)
          .toBigInteger()
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large", e);
    }
  }

  private static Double parseFloat(String text) {
    return switch (text) {
      case ".inf", "+.inf", ".Inf" -> Double.POSITIVE_INFINITY;
      case "-.inf", "-.Inf" -> Double.NEGATIVE_INFINITY;
      case ".nan", ".NaN" -> Double.NaN;
      default -> number(text.replace("_", "")).doubleValue();
    };
  }

  private static BigDecimal number(String text) {
    // A plain decimal is bounded in length and exponent, so that it cannot be made to cost time.
    if (text.length() > 40 || !text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")) {
      throw new IllegalArgumentException("not a number");
    }
    return new BigDecimal(text);
  }

  private static Duration parseDuration(String text) {
    String rest = text;
    boolean negative = rest.startsWith("-");
    if (negative || rest.startsWith("+")) {
      rest = rest.substring(1);
    }
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    if (rest.isEmpty() || rest.length() > 64) {
      throw new IllegalArgumentException("not a duration");
    }
    Matcher part = DURATION_PART.matcher(rest);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < rest.length()) {
      if (!part.find(end) || part.start() != end) {
        throw new IllegalArgumentException("not a duration");
      }
      nanos =
          nanos.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unitNanos(part.group(2)))));
      end = part.end();
    }
    try {
      Duration duration = Duration.ofNanos(nanos.toBigInteger().longValueExact());
      return negative ? duration.negated() : duration;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too long", e);
    }
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "µs", "μs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      case "d" -> 86_400_000_000_000L;
      case "w" -> 604_800_000_000_000L;
      case "y" -> 31_536_000_000_000_000L;
      default -> throw new IllegalArgumentException("unknown unit " + unit);
    };
  }
}
