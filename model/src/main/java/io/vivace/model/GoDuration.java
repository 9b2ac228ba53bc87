package io.vivace.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/// Durations in Go's notation (`168h0m0s`, `1.5s`, `750µs`), which configuration, parameters and
/// messages use.
public final class GoDuration {
  private GoDuration() {}

  public static String format(Duration duration) {
    return format(duration.toNanos());
  }

  /// Formats nanoseconds.
  public static String format(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    if (nanos == Long.MIN_VALUE) {
      return "-2562047h47m16.854775808s";
    }
    long rest = Math.abs(nanos);
    String sign = nanos < 0 ? "-" : "";
    if (rest < 1_000) {
      return sign + rest + "ns";
    }
    if (rest < 1_000_000) {
      return sign + fraction(rest, 1_000) + "µs";
    }
    if (rest < 1_000_000_000) {
      return sign + fraction(rest, 1_000_000) + "ms";
    }
    long minutes = rest / 60_000_000_000L;
    String seconds = fraction(rest % 60_000_000_000L, 1_000_000_000) + "s";
    if (minutes == 0) {
      return sign + seconds;
    }
    long hours = minutes / 60;
    return sign + (hours == 0 ? "" : hours + "h") + minutes % 60 + "m" + seconds;
  }

  private static String fraction(long value, long unit) {
    long whole = value / unit;
    long part = value % unit;
    if (part == 0) {
      return Long.toString(whole);
    }
    String digits = Long.toString(unit + part).substring(1);
    return whole + "." + digits.replaceAll("0+$", "");
  }

  /// Reads Go's notation: a sequence of decimal numbers with a unit (`ns`, `us`, `µs`, `ms`, `s`,
  /// `m`, `h`), such as `1h15m30.918s`, with an optional sign; `0` needs no unit.
  ///
  /// @return nanoseconds
  /// @throws IllegalArgumentException if the text is not a duration or does not fit into 64 bits
  public static long parse(String text) {
    int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    boolean isNegative = at == 1 && text.charAt(0) == '-';
    if (text.substring(at).equals("0")) {
      return 0;
    }
    if (at == text.length()) {
      throw invalid(text);
    }
    BigDecimal total = BigDecimal.ZERO;
    while (at < text.length()) {
      int unitAt = endOfNumber(text, at);
      int next = endOfUnit(text, unitAt);
      total =
          total.add(
              number(text, at, unitAt).multiply(BigDecimal.valueOf(unitNanos(text, unitAt, next))));
      at = next;
    }
    BigDecimal nanos = (isNegative ? total.negate() : total).setScale(0, RoundingMode.DOWN);
    if (nanos.toBigInteger().bitLength() > 63) {
      throw invalid(text);
    }
    return nanos.longValue();
  }

  private static int endOfNumber(String text, int from) {
    int at = from;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return at;
  }

  private static int endOfUnit(String text, int from) {
    int at = from;
    while (at < text.length() && !Character.isDigit(text.charAt(at)) && text.charAt(at) != '.') {
      at++;
    }
    return at;
  }

  private static BigDecimal number(String text, int from, int to) {
    try {
      return new BigDecimal(text.substring(from, to));
    } catch (NumberFormatException _) {
      throw invalid(text);
    }
  }

  private static long unitNanos(String text, int from, int to) {
    return switch (text.substring(from, to)) {
      case "ns" -> 1L;
      case "us", "µs", "μs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> throw invalid(text);
    };
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a duration (expected: for example 1h30m, 1.5s, 250ms)");
  }
}
