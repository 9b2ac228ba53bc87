package io.vivace.api.http;

import io.vivace.model.ErrorCategory;
import io.vivace.model.GoDuration;
import io.vivace.model.RequestException;
import io.vivace.query.MetricsCall;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of `/api/metrics/query_range` and `/api/metrics/query`.
final class MetricsParameters {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int NANO_DIGITS = 9;

  /// Longer numbers are nanoseconds.
  private static final int MAX_SECONDS_LENGTH = 10;

  private static final int MAX_NUMBER_LENGTH = 40;

  private MetricsParameters() {}

  static MetricsCall parse(Parameters parameters, boolean isInstant) {
    String query = parameters.text("q", parameters.text("query", ""));
    Long start = time(parameters, "start");
    Long end = time(parameters, "end");
    Duration since = since(parameters);
    Long step = isInstant ? null : step(parameters);
    long exemplars = isInstant ? 0 : unsignedOrZero(parameters.text("exemplars"));
    return new MetricsCall(
        query, start, end, since, step, exemplars, unsignedOrZero(parameters.text("maxSeries")));
  }

  /// Seconds, whole or with a fraction, nanoseconds, or RFC 3339.
  private static @Nullable Long time(Parameters parameters, String name) {
    String text = parameters.text(name);
    if (text == null) {
      return null;
    }
    try {
      if (text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-' || c == '+')) {
        long number = Long.parseLong(text);
        return text.length() <= MAX_SECONDS_LENGTH
            ? Math.multiplyExact(number, NANOS_PER_SECOND)
            : number;
      }
      if (text.indexOf(':') < 0) {
        return fraction(text);
      }
      OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', 'T'));
      return Math.addExact(
          Math.multiplyExact(time.toEpochSecond(), NANOS_PER_SECOND), time.getNano());
    } catch (DateTimeException | ArithmeticException | NumberFormatException _) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "could not parse '"
              + name
              + "' parameter: \""
              + text
              + "\" (expected: seconds or nanoseconds since 1970, or RFC 3339)");
    }
  }

  /// Fractional seconds count to the millisecond.
  private static long fraction(String text) {
    return number(text)
        .setScale(3, RoundingMode.HALF_UP)
        .movePointRight(NANO_DIGITS)
        .longValueExact();
  }

  /// A number that is not too large, nor too small, to be written out.
  private static BigDecimal number(String text) {
    BigDecimal number = new BigDecimal(text);
    if (text.length() > MAX_NUMBER_LENGTH || Math.abs((long) number.scale()) > MAX_NUMBER_LENGTH) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  private static @Nullable Duration since(Parameters parameters) {
    String text = parameters.text("since");
    if (text == null) {
      return null;
    }
    try {
      return PrometheusDuration.parse(text);
    } catch (IllegalArgumentException _) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "could not parse 'since' parameter: \"" + text + "\" (expected: for example 30m, 1d12h)");
    }
  }

  /// Seconds or a duration.
  private static @Nullable Long step(Parameters parameters) {
    String text = parameters.text("step");
    if (text == null) {
      return null;
    }
    long nanos;
    try {
      nanos = isNumber(text) ? seconds(text) : GoDuration.parse(text);
    } catch (ArithmeticException | IllegalArgumentException _) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "cannot parse \"" + text + "\" to a valid duration");
    }
    if (nanos < 0) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "cannot parse \"" + text + "\": step must be positive");
    }
    return nanos;
  }

  private static boolean isNumber(String text) {
    char last = text.charAt(text.length() - 1);
    return last >= '0' && last <= '9' || last == '.';
  }

  private static long seconds(String text) {
    return number(text).movePointRight(NANO_DIGITS).setScale(0, RoundingMode.DOWN).longValueExact();
  }

  /// What is no number is ignored.
  private static long unsignedOrZero(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      long number = Long.parseLong(text);
      return number < 0 || number > 0xffff_ffffL ? 0 : number;
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
