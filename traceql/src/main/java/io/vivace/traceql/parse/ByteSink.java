package io.vivace.traceql.parse;

import java.io.ByteArrayOutputStream;

/// Collects the bytes of a string literal.
final class ByteSink extends ByteArrayOutputStream {
  void add(int value) {
    write(value);
  }

  /// Appends the UTF-8 form.
  void codePoint(int c) {
    if (c < 0x80) {
      write(c);
    } else if (c < 0x800) {
      write(0xC0 | (c >> 6));
      write(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      write(0xE0 | (c >> 12));
      write(0x80 | ((c >> 6) & 0x3F));
      write(0x80 | (c & 0x3F));
    } else {
      write(0xF0 | (c >> 18));
      write(0x80 | ((c >> 12) & 0x3F));
      write(0x80 | ((c >> 6) & 0x3F));
      write(0x80 | (c & 0x3F));
    }
  }
}
