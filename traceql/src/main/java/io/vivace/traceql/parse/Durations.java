package io.vivace.traceql.parse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.OptionalLong;

/// Reads duration literals in the two notations that the language takes.
final class Durations {
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final String[] CALENDAR_UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
  private static final long[] CALENDAR_MILLIS = {
    365L * 24 * 3600 * 1000,
    7L * 24 * 3600 * 1000,
    24L * 3600 * 1000,
    3600L * 1000,
    60L * 1000,
    1000L,
    1L
  };

  private Durations() {}

  /// Nanoseconds, or empty if the text is not a duration or does not fit.
  static OptionalLong parse(String text) {
    OptionalLong calendar = parseCalendar(text);
    return calendar.isPresent() ? calendar : parseDecimal(text);
  }

  /// `1y2w3d4h5m6s7ms`: integers, units strictly descending.
  private static OptionalLong parseCalendar(String text) {
    int at = 0;
    int nextUnit = 0;
    BigInteger millis = BigInteger.ZERO;
    while (at < text.length()) {
      int digits = at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      int letters = at;
      while (at < text.length() && !isDigit(text.charAt(at))) {
        at++;
      }
      int unit = indexOf(text.substring(letters, at), nextUnit);
      if (digits == letters || unit < 0) {
        return OptionalLong.empty();
      }
      nextUnit = unit + 1;
      BigInteger count = new BigInteger(text.substring(digits, letters));
      millis = millis.add(count.multiply(BigInteger.valueOf(CALENDAR_MILLIS[unit])));
    }
    return at == 0
        ? OptionalLong.empty()
        : fit(new BigDecimal(millis).multiply(BigDecimal.valueOf(1_000_000)));
  }

  private static int indexOf(String unit, int from) {
    for (int i = from; i < CALENDAR_UNITS.length; i++) {
      if (CALENDAR_UNITS[i].equals(unit)) {
        return i;
      }
    }
    return -1;
  }

  /// `1.5h`, `10s5m`: fractions, any order, repeats.
  private static OptionalLong parseDecimal(String text) {
    int at = 0;
    BigDecimal nanos = BigDecimal.ZERO;
    while (at < text.length()) {
      int number = at;
      int dots = 0;
      while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        dots += text.charAt(at) == '.' ? 1 : 0;
        at++;
      }
      int unit = at;
      while (at < text.length() && !isDigit(text.charAt(at)) && text.charAt(at) != '.') {
        at++;
      }
      long unitNanos = unitNanos(text.substring(unit, at));
      String count = text.substring(number, unit);
      if (unitNanos == 0 || dots > 1 || count.length() == dots) {
        return OptionalLong.empty();
      }
      BigDecimal value = new BigDecimal(count.endsWith(".") ? count + "0" : "0" + count);
      nanos =
          nanos.add(value.multiply(BigDecimal.valueOf(unitNanos)).setScale(0, RoundingMode.DOWN));
    }
    return at == 0 ? OptionalLong.empty() : fit(nanos);
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 0;
    };
  }

  private static OptionalLong fit(BigDecimal nanos) {
    return nanos.compareTo(MAX) > 0 ? OptionalLong.empty() : OptionalLong.of(nanos.longValue());
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
