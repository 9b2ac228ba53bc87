package io.vivace.engine.metrics;

import io.vivace.batch.Dictionary;
import io.vivace.batch.SpanBatch;
import io.vivace.batch.StringColumn;
import io.vivace.batch.StringField;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How many spans a sampled span stands for, from the threshold that its sampler left in the trace
/// state (`ot=th:…;rv:…`). With a random value the number is rounded to a whole one, up or down by
/// chance, but equally for all spans of the trace. Confined to one thread.
final class SpanWeights {
  private static final int DIGITS = 14;
  private static final double RANGE = Math.scalb(1.0, 4 * DIGITS);
  private static final double RANDOM_RANGE = Math.scalb(1.0, 53);

  private @Nullable Dictionary dictionary;
  private double[] weights = {};

  /// Writes the weights of the first `count` of `spans`.
  void assign(SpanBatch batch, int[] spans, int count, double[] out) {
    StringColumn states = batch.strings(StringField.SPAN_TRACE_STATE);
    if (dictionary != states.dictionary()) {
      dictionary = states.dictionary();
      weights = new double[states.dictionary().size()];
    }
    for (int k = 0; k < count; k++) {
      int id = states.ids()[spans[k]];
      if (weights[id] == 0) {
        weights[id] = weight(states.dictionary().bytes(id));
      }
      out[k] = weights[id];
    }
  }

  private static double weight(byte[] state) {
    return state.length == 0 ? 1 : weight(new String(state, StandardCharsets.ISO_8859_1));
  }

  /// The weight that a trace state tells; 1 if it tells none.
  static double weight(String state) {
    for (String member : state.split(",", -1)) {
      String trimmed = member.strip();
      if (trimmed.startsWith("ot=")) {
        return ofVendorState(trimmed.substring(3));
      }
    }
    return 1;
  }

  private static double ofVendorState(String state) {
    long threshold = -1;
    long random = -1;
    for (String field : state.split(";", -1)) {
      if (field.startsWith("th:")) {
        threshold = threshold(field.substring(3));
      } else if (field.startsWith("rv:") && field.length() == 3 + DIGITS) {
        random = hex(field.substring(3));
      }
    }
    if (threshold < 0) {
      return 1;
    }
    double weight = RANGE / (RANGE - threshold);
    if (random < 0) {
      return weight;
    }
    double whole = Math.floor(weight);
    return (random >>> 3) / RANDOM_RANGE < weight - whole ? whole + 1 : whole;
  }

  /// Trailing zeros may be left out.
  private static long threshold(String digits) {
    if (digits.isEmpty() || digits.length() > DIGITS) {
      return -1;
    }
    return hex(digits + "0".repeat(DIGITS - digits.length()));
  }

  private static long hex(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
