package io.vivace.testkit.otlp;

import io.vivace.model.proto.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Attributes in order of addition.
final class OtlpAttributes {
  private record Entry(String key, Object value) {}

  private final List<Entry> entries = new ArrayList<>();

  void add(String key, Object value) {
    entries.add(new Entry(key, value));
  }

  void write(ProtoWriter out, int field) {
    for (Entry entry : entries) {
      int mark = out.beginMessage(field);
      keyValue(out, entry.key(), entry.value());
      out.endMessage(mark);
    }
  }

  private static void keyValue(ProtoWriter out, String key, Object value) {
    out.writeBytes(1, utf8(key));
    int mark = out.beginMessage(2);
    value(out, value);
    out.endMessage(mark);
  }

  private static void value(ProtoWriter out, Object value) {
    switch (value) {
      case String text -> out.writeBytes(1, utf8(text));
      case Boolean flag -> out.writeVarint(2, flag ? 1 : 0);
      case Integer number -> out.writeVarint(3, number);
      case Long number -> out.writeVarint(3, number);
      case Double number -> out.writeDouble(4, number);
      case byte[] bytes -> out.writeBytes(7, bytes);
      case List<?> elements -> {
        int list = out.beginMessage(5);
        for (Object element : elements) {
          int mark = out.beginMessage(1);
          value(out, element);
          out.endMessage(mark);
        }
        out.endMessage(list);
      }
      case Map<?, ?> map -> {
        int list = out.beginMessage(6);
        map.forEach((key, element) -> {
          int mark = out.beginMessage(1);
          keyValue(out, String.valueOf(key), element);
          out.endMessage(mark);
        });
        out.endMessage(list);
      }
      default ->
          throw new IllegalArgumentException(
              "attribute value of "
                  + value.getClass()
                  + " (expected: String, Boolean, Integer, Long, Double, byte[], List or Map)");
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
