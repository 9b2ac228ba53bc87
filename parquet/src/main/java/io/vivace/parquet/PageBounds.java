package io.vivace.parquet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Smallest and largest value of a page that is written, as in PLAIN encoding without a length.
///
/// @param min null if there is no value, or they have no order (NaN only)
record PageBounds(byte @Nullable [] min, byte @Nullable [] max) {
  static final PageBounds NONE = new PageBounds(null, null);

  private static final int LAST_ASCII = 0x7e;

  /// Not above `min` and at most `limit` long.
  static byte[] shortenedMin(byte[] min, int limit, boolean text) {
    if (min.length <= limit) {
      return min;
    }
    int length = limit;
    // Text is not cut inside of a character: some readers decode the bounds.
    while (text && length > 0 && (min[length] & 0xc0) == 0x80) {
      length--;
    }
    return Arrays.copyOf(min, length);
  }

  /// Not below `max` and at most `limit` long if such a bound exists, else `max`.
  static byte[] shortenedMax(byte[] max, int limit, boolean text) {
    if (max.length <= limit) {
      return max;
    }
    int length = limit;
    while (length > 0 && !canGrow(max[length - 1], text)) {
      length--;
    }
    if (length == 0) {
      return max;
    }
    byte[] bound = Arrays.copyOf(max, length);
    bound[length - 1]++;
    return bound;
  }

  private static boolean canGrow(byte last, boolean text) {
    return text ? last >= 0 && last <= LAST_ASCII : last != (byte) 0xff;
  }
}
