package io.vivace.api.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/// Points in time as requests write them: seconds since 1970, whole or with a fraction; more than
/// ten digits are nanoseconds; or RFC 3339.
final class EpochTime {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int NANO_DIGITS = 9;
  private static final int MAX_SECONDS_LENGTH = 10;
  private static final int MAX_LENGTH = 40;

  private EpochTime() {}

  /// Nanoseconds since 1970.
  ///
  /// @throws IllegalArgumentException if the text is no such time
  static long parseNanos(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(text);
    }
    try {
      if (text.indexOf(':') >= 0) {
        // An unescaped plus sign arrives as a blank.
        OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', '+'));
        return Math.addExact(
            Math.multiplyExact(time.toEpochSecond(), NANOS_PER_SECOND), time.getNano());
      }
      if (text.indexOf('.') >= 0) {
        return fraction(text);
      }
      long number = Long.parseLong(text);
      return text.length() <= MAX_SECONDS_LENGTH
          ? Math.multiplyExact(number, NANOS_PER_SECOND)
          : number;
    } catch (DateTimeException | ArithmeticException _) {
      throw new IllegalArgumentException(text);
    }
  }

  /// Fractional seconds count to the millisecond.
  private static long fraction(String text) {
    if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      // A short text with an exponent may stand for a number of millions of digits.
      throw new IllegalArgumentException(text);
    }
    return new BigDecimal(text)
        .setScale(3, RoundingMode.HALF_UP)
        .movePointRight(NANO_DIGITS)
        .longValueExact();
  }
}
