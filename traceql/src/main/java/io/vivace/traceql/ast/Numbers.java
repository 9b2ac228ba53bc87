package io.vivace.traceql.ast;

import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers as text, in the form that clients know.
public final class Numbers {
  private static final int MIN_PLAIN_EXPONENT = -4;
  private static final int MAX_PLAIN_EXPONENT = 6;

  private Numbers() {}

  /// The shortest digits that read back as the same number, with an exponent only where it is below
  /// -4 or at least 6.
  public static String shortest(double value) {
    if (value == 0) {
      return Double.doubleToRawLongBits(value) < 0 ? "-0" : "0";
    }
    BigDecimal exact = digitsOf(Math.abs(value), Double.toString(Math.abs(value)));
    String digits = exact.unscaledValue().toString();
    int exponent = digits.length() - 1 - exact.scale();
    StringBuilder out = new StringBuilder();
    if (value < 0) {
      out.append('-');
    }
    if (exponent >= MIN_PLAIN_EXPONENT && exponent < MAX_PLAIN_EXPONENT) {
      return out.append(exact.toPlainString()).toString();
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      out.append('0');
    }
    return out.append(magnitude).toString();
  }

  /// Java writes at least two digits, also where one is enough (4.9E-324 for 5E-324).
  private static BigDecimal digitsOf(double value, String text) {
    BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
    if (exact.precision() == 2) {
      BigDecimal oneDigit = exact.round(new MathContext(1));
      if (oneDigit.doubleValue() == value) {
        return oneDigit.stripTrailingZeros();
      }
    }
    return exact;
  }
}
