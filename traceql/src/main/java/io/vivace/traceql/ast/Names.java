package io.vivace.traceql.ast;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Which characters may stand unquoted in attribute names and raw strings.
public final class Names {
  private static final String NAME_ENDS = "{}()=~!<>&|^,";

  private Names() {}

  /// Whether `codePoint` can be part of a bare attribute name. A double quote can start a quoted
  /// part there and is not bare.
  public static boolean isBareNameChar(int codePoint) {
    return codePoint != '"' && NAME_ENDS.indexOf(codePoint) < 0 && !isSpace(codePoint);
  }

  /// Any Unicode white space, the no-break space and its like included.
  public static boolean isSpace(int codePoint) {
    return (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  /// Whether a string literal can be written between back-quotes and reads back as the same bytes.
  static boolean isRawStringSafe(String text, byte[] utf8) {
    return text.indexOf('`') < 0
        && text.indexOf('\r') < 0
        && text.indexOf('\0') < 0
        && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8);
  }
}
