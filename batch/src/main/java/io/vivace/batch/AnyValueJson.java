package io.vivace.batch;

import io.vivace.model.proto.MalformedProtoException;
import io.vivace.model.proto.ProtoCursor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Writes an OTLP `AnyValue` as the JSON text under which blocks keep values that have no typed
/// column. The text follows Go's protobuf JSON and its string and number forms byte for byte, since
/// rows are compared by it.
final class AnyValueJson {
  static final int MAX_DEPTH = 64;
  private static final byte[] NONE = {};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteArray out = new ByteArray(256);

  /// The text of the message; valid until the next call.
  ByteArray encode(byte[] bytes, int offset, int length) {
    out.size = 0;
    value(bytes, offset, length, 0);
    return out;
  }

  private void value(byte[] bytes, int offset, int length, int depth) {
    if (depth > MAX_DEPTH) {
      throw new MalformedProtoException(
          "attribute value nested deeper than " + MAX_DEPTH + " levels");
    }
    AnyValueCursor value = new AnyValueCursor();
    value.read(bytes, offset, length);
    out.add((byte) '{');
    switch (value.kind) {
      case AnyValueCursor.STRING -> {
        out.addAscii("\"stringValue\":");
        string(bytes, value.offset, value.length);
      }
      case AnyValueCursor.BOOLEAN ->
          out.addAscii(value.bits != 0 ? "\"boolValue\":true" : "\"boolValue\":false");
      case AnyValueCursor.LONG -> out.addAscii("\"intValue\":\"" + value.bits + '"');
      case AnyValueCursor.DOUBLE ->
          out.addAscii("\"doubleValue\":" + number(Double.longBitsToDouble(value.bits)));
      case AnyValueCursor.BYTES -> {
        byte[] raw = java.util.Arrays.copyOfRange(bytes, value.offset, value.offset + value.length);
        out.addAscii("\"bytesValue\":\"");
        byte[] text = Base64.getEncoder().encode(raw);
        out.addAll(text, 0, text.length);
        out.add((byte) '"');
      }
      case AnyValueCursor.ARRAY -> {
        out.addAscii("\"arrayValue\":");
        list(bytes, value.offset, value.length, false, depth);
      }
      case AnyValueCursor.KVLIST -> {
        out.addAscii("\"kvlistValue\":");
        list(bytes, value.offset, value.length, true, depth);
      }
      default -> {}
    }
    out.add((byte) '}');
  }

  private void list(byte[] bytes, int offset, int length, boolean keyed, int depth) {
    ProtoCursor cursor = new ProtoCursor(bytes, offset, length);
    out.add((byte) '{');
    boolean first = true;
    while (cursor.next()) {
      if (cursor.field() != 1 || cursor.wireType() != ProtoCursor.LENGTH) {
        cursor.skip();
        continue;
      }
      out.addAscii(first ? "\"values\":[" : ",");
      first = false;
      int size = cursor.readLength();
      if (keyed) {
        keyValue(bytes, cursor.valueOffset(), size, depth + 1);
      } else {
        value(bytes, cursor.valueOffset(), size, depth + 1);
      }
    }
    if (!first) {
      out.add((byte) ']');
    }
    out.add((byte) '}');
  }

  private void keyValue(byte[] bytes, int offset, int length, int depth) {
    int keyOffset = 0;
    int keyLength = 0;
    int valueOffset = -1;
    int valueLength = 0;
    ProtoCursor cursor = new ProtoCursor(bytes, offset, length);
    while (cursor.next()) {
      int field = cursor.field();
      if ((field == 1 || field == 2) && cursor.wireType() == ProtoCursor.LENGTH) {
        int size = cursor.readLength();
        if (field == 1) {
          keyOffset = cursor.valueOffset();
          keyLength = size;
        } else {
          valueOffset = cursor.valueOffset();
          valueLength = size;
        }
      } else {
        cursor.skip();
      }
    }
    out.add((byte) '{');
    if (keyLength > 0) {
      out.addAscii("\"key\":");
      string(bytes, keyOffset, keyLength);
    }
    if (valueOffset >= 0) {
      out.addAscii(keyLength > 0 ? ",\"value\":" : "\"value\":");
      value(bytes, valueOffset, valueLength, depth);
    }
    out.add((byte) '}');
  }

  private void string(byte[] bytes, int offset, int length) {
    // Decoding replaces what is not UTF-8, as the other side does.
    byte[] text =
        new String(bytes, offset, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    out.add((byte) '"');
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      switch (b) {
        case '"' -> out.addAscii("\\\"");
        case '\\' -> out.addAscii("\\\\");
        case '\n' -> out.addAscii("\\n");
        case '\r' -> out.addAscii("\\r");
        case '\t' -> out.addAscii("\\t");
        case '\b' -> out.addAscii("\\b");
        case '\f' -> out.addAscii("\\f");
        default -> {
          if (b >= 0 && b < 0x20 || b == '<' || b == '>' || b == '&') {
            out.addAscii("\\u00");
            out.add(HEX[b >> 4]);
            out.add(HEX[b & 15]);
          } else if (isLineSeparator(text, i)) {
            out.addAscii(text[i + 2] == (byte) 0xa8 ? "\\u2028" : "\\u2029");
            i += 2;
          } else {
            out.add(b);
          }
        }
      }
    }
    out.add((byte) '"');
  }

  private static boolean isLineSeparator(byte[] text, int i) {
    return text[i] == (byte) 0xe2
        && i + 2 < text.length
        && text[i + 1] == (byte) 0x80
        && (text[i + 2] & 0xfe) == 0xa8;
  }

  /// A double as Go's encoding/json prints it; the special values are quoted.
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "\"NaN\"";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    }
    boolean negative = value < 0 || value == 0 && 1 / value < 0;
    String sign = negative ? "-" : "";
    double magnitude = Math.abs(value);
    if (magnitude == 0) {
      return sign + "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(magnitude)).stripTrailingZeros();
    if (magnitude >= 1e-6 && magnitude < 1e21) {
      return sign + decimal.toPlainString();
    }
    BigInteger unscaled = decimal.unscaledValue();
    String digits = unscaled.toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return sign + mantissa + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
  }
}
