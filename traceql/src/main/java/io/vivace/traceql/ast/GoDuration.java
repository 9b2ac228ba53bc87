package io.vivace.traceql.ast;

/// Durations as text in the style that clients know: `1h30m0s`, `1.5s`, `750µs`, `0s`.
public final class GoDuration {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private GoDuration() {}

  public static String format(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    StringBuilder out = new StringBuilder();
    if (nanos < 0) {
      out.append('-');
    }
    // The magnitude of Long.MIN_VALUE only fits unsigned.
    long magnitude = nanos < 0 ? -nanos : nanos;
    if (Long.compareUnsigned(magnitude, NANOS_PER_SECOND) < 0) {
      subSecond(out, magnitude);
      return out.toString();
    }
    long seconds = Long.divideUnsigned(magnitude, NANOS_PER_SECOND);
    long fraction = Long.remainderUnsigned(magnitude, NANOS_PER_SECOND);
    if (seconds >= 3600) {
      out.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      out.append(seconds / 60 % 60).append('m');
    }
    out.append(seconds % 60);
    fraction(out, fraction, 9);
    return out.append('s').toString();
  }

  private static void subSecond(StringBuilder out, long nanos) {
    if (nanos < 1_000) {
      out.append(nanos).append("ns");
    } else if (nanos < 1_000_000) {
      out.append(nanos / 1_000);
      fraction(out, nanos % 1_000, 3);
      out.append("µs");
    } else {
      out.append(nanos / 1_000_000);
      fraction(out, nanos % 1_000_000, 6);
      out.append("ms");
    }
  }

  private static void fraction(StringBuilder out, long value, int digits) {
    if (value == 0) {
      return;
    }
    long rest = value;
    int width = digits;
    while (rest % 10 == 0) {
      rest /= 10;
      width--;
    }
    String text = Long.toString(rest);
    out.append('.').repeat('0', width - text.length()).append(text);
  }
}
