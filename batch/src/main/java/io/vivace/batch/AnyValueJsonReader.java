package io.vivace.batch;

import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Turns the JSON text of a stored value back into the OTLP `AnyValue` that it was.
final class AnyValueJsonReader {
  /// Deeper than what the writer accepts: every level of a value is up to three of JSON.
  private static final int MAX_DEPTH = 4 * AnyValueJson.MAX_DEPTH;

  private final byte[] text;
  private int at;
  private int depth;

  private AnyValueJsonReader(byte[] text) {
    this.text = text;
  }

  /// Writes the fields of the `AnyValue` that `text` stands for; nothing (a value without content)
  /// if the text is damaged, which is what readers of such blocks see elsewhere too.
  static void write(byte[] text, ProtoWriter out) {
    ProtoWriter value = new ProtoWriter();
    try {
      AnyValueJsonReader reader = new AnyValueJsonReader(text);
      reader.value(value);
      if (reader.at != text.length) {
        return;
      }
    } catch (IllegalArgumentException e) {
      return;
    }
    out.writeRaw(value.array(), 0, value.size());
  }

  private void value(ProtoWriter out) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested too deeply");
    }
    expect('{');
    while (!accept('}')) {
      String name = string();
      expect(':');
      switch (name) {
        case "stringValue" -> out.writeBytes(1, string().getBytes(StandardCharsets.UTF_8));
        case "boolValue" -> out.writeVarint(2, literal().equals("true") ? 1 : 0);
        case "intValue" -> out.writeVarint(3, Long.parseLong(scalar()));
        case "doubleValue" -> out.writeDouble(4, Double.parseDouble(scalar()));
        case "arrayValue" -> list(5, false, out);
        case "kvlistValue" -> list(6, true, out);
        case "bytesValue" -> out.writeBytes(7, Base64.getDecoder().decode(string()));
        default -> throw new IllegalArgumentException("unknown name " + name);
      }
      accept(',');
    }
    depth--;
  }

  private void list(int field, boolean keyed, ProtoWriter out) {
    int mark = out.beginMessage(field);
    expect('{');
    while (!accept('}')) {
      if (!string().equals("values")) {
        throw new IllegalArgumentException("unknown name in a list");
      }
      expect(':');
      expect('[');
      while (!accept(']')) {
        int item = out.beginMessage(1);
        if (keyed) {
          keyValue(out);
        } else {
          value(out);
        }
        out.endMessage(item);
        accept(',');
      }
      accept(',');
    }
    out.endMessage(mark);
  }

  private void keyValue(ProtoWriter out) {
    expect('{');
    while (!accept('}')) {
      String name = string();
      expect(':');
      switch (name) {
        case "key" -> out.writeBytes(1, string().getBytes(StandardCharsets.UTF_8));
        case "value" -> {
          int mark = out.beginMessage(2);
          value(out);
          out.endMessage(mark);
        }
        default -> throw new IllegalArgumentException("unknown name " + name);
      }
      accept(',');
    }
  }

  private String scalar() {
    skipSpace();
    return at < text.length && text[at] == '"' ? string() : literal();
  }

  private String literal() {
    skipSpace();
    int from = at;
    while (at < text.length && text[at] != ',' && text[at] != '}' && text[at] > ' ') {
      at++;
    }
    return new String(text, from, at - from, StandardCharsets.UTF_8);
  }

  private String string() {
    expect('"');
    int from = at;
    ByteArray unescaped = new ByteArray();
    while (true) {
      byte b = next();
      if (b == '"') {
        unescaped.addAll(text, from, at - 1);
        return new String(unescaped.a, 0, unescaped.size, StandardCharsets.UTF_8);
      }
      if (b == '\\') {
        unescaped.addAll(text, from, at - 1);
        escape(unescaped);
        from = at;
      }
    }
  }

  private void escape(ByteArray out) {
    byte b = next();
    switch (b) {
      case 'n' -> out.add((byte) '\n');
      case 'r' -> out.add((byte) '\r');
      case 't' -> out.add((byte) '\t');
      case 'b' -> out.add((byte) '\b');
      case 'f' -> out.add((byte) '\f');
      case 'u' -> {
        String character = Character.toString(hex4());
        if (Character.isHighSurrogate(character.charAt(0))
            && at + 1 < text.length
            && text[at] == '\\'
            && text[at + 1] == 'u') {
          at += 2;
          character += Character.toString(hex4());
        }
        byte[] encoded = character.getBytes(StandardCharsets.UTF_8);
        out.addAll(encoded, 0, encoded.length);
      }
      default -> out.add(b);
    }
  }

  private int hex4() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw new IllegalArgumentException("bad escape");
      }
      code = code << 4 | digit;
    }
    return code;
  }

  private byte next() {
    if (at >= text.length) {
      throw new IllegalArgumentException("truncated");
    }
    return text[at++];
  }

  private void skipSpace() {
    while (at < text.length && text[at] <= ' ' && text[at] >= 0) {
      at++;
    }
  }

  private boolean accept(char wanted) {
    skipSpace();
    if (at < text.length && text[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!accept(wanted)) {
      throw new IllegalArgumentException("expected " + wanted + " at " + at);
    }
  }
}
