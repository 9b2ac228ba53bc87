package io.vivace.api.http;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations in Prometheus' notation: whole numbers with the units y, w, d, h, m, s, ms in
/// descending order, each at most once (`1d12h`).
final class PrometheusDuration {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final long[] UNIT_MILLIS = {
    365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1
  };

  private PrometheusDuration() {}

  /// @throws IllegalArgumentException if the text is not such a duration
  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      if (text.equals("0")) {
        return Duration.ZERO;
      }
      throw new IllegalArgumentException(text);
    }
    try {
      long millis = 0;
      for (int unit = 0; unit < UNIT_MILLIS.length; unit++) {
        String number = matcher.group(unit + 1);
        if (number != null) {
          millis =
              Math.addExact(millis, Math.multiplyExact(Long.parseLong(number), UNIT_MILLIS[unit]));
        }
      }
      Math.multiplyExact(millis, 1_000_000);
      return Duration.ofMillis(millis);
    } catch (ArithmeticException | NumberFormatException _) {
      throw new IllegalArgumentException(text);
    }
  }
}
