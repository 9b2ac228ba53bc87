package io.vivace.objectstore;

/// The rule for keys, the same in all stores.
public final class ObjectKeys {
  private static final int MAX_LENGTH = 1024;

  private ObjectKeys() {}

  /// Returns `key`, or throws [IllegalArgumentException] naming what is wrong with it.
  public static String check(String key) {
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "object key: " + key.length() + " characters (expected: 1 to " + MAX_LENGTH + ")");
    }
    int start = 0;
    while (start <= key.length()) {
      int slash = key.indexOf('/', start);
      int end = slash < 0 ? key.length() : slash;
      if (!isSegment(key, start, end)) {
        throw new IllegalArgumentException(
            "object key: '" + key + "' (expected: segments that are not empty, '.' or '..')");
      }
      start = end + 1;
    }
    return key;
  }

  /// True if `[start, end)` of `text` can be one segment of a key.
  public static boolean isSegment(String text, int start, int end) {
    int length = end - start;
    if (length == 0
        || (length == 1 && text.charAt(start) == '.')
        || (length == 2 && text.startsWith("..", start))) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
