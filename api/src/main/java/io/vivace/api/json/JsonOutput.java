package io.vivace.api.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/// Makes JSON documents: compact, UTF-8, with `<`, `>`, `&` and the two Unicode line separators
/// escaped as Go's encoder does.
final class JsonOutput {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().characterEscapes(new GoEscapes()).build();

  private JsonOutput() {}

  /// The document that `writer` writes.
  static byte[] write(Consumer<JsonGenerator> writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      writer.accept(json);
    }
    return out.toByteArray();
  }

  /// As [#write], in pieces to be sent one after the other: of a large document no copy is made.
  static List<byte[]> writePieces(Consumer<JsonGenerator> writer) {
    return writePieces(writer, bytes -> {});
  }

  /// @param growth told the size of each piece before it is made; may throw
  static List<byte[]> writePieces(Consumer<JsonGenerator> writer, LongConsumer growth) {
    Pieces out = new Pieces(growth);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      writer.accept(json);
    }
    return out.take();
  }

  /// Bytes in pieces that are never copied; they grow with the document up to a bound.
  private static final class Pieces extends OutputStream {
    private static final int FIRST_BYTES = 4 << 10;
    private static final int MAX_BYTES = 256 << 10;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] current = new byte[FIRST_BYTES];
    private final LongConsumer growth;
    private int used;

    Pieces(LongConsumer growth) {
      this.growth = growth;
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      int from = offset;
      int rest = length;
      while (rest > 0) {
        if (used == current.length) {
          int next = Math.min(MAX_BYTES, 2 * current.length);
          growth.accept(next);
          full.add(current);
          current = new byte[next];
          used = 0;
        }
        int count = Math.min(rest, current.length - used);
        System.arraycopy(bytes, from, current, used, count);
        used += count;
        from += count;
        rest -= count;
      }
    }

    List<byte[]> take() {
      full.add(Arrays.copyOf(current, used));
      return full;
    }
  }

  /// A double as protobuf-JSON writes it: numbers, and quoted names for what JSON has no numbers
  /// for.
  static void writeDouble(JsonGenerator json, double value) {
    if (Double.isNaN(value)) {
      json.writeString("NaN");
    } else if (Double.isInfinite(value)) {
      json.writeString(value > 0 ? "Infinity" : "-Infinity");
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }

  private static final class GoEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

    GoEscapes() {
      ascii['<'] = CharacterEscapes.ESCAPE_CUSTOM;
      ascii['>'] = CharacterEscapes.ESCAPE_CUSTOM;
      ascii['&'] = CharacterEscapes.ESCAPE_CUSTOM;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return switch (character) {
        case '<' -> new SerializedString("\\u003c");
        case '>' -> new SerializedString("\\u003e");
        case '&' -> new SerializedString("\\u0026");
        case 0x2028 -> new SerializedString("\\u2028");
        case 0x2029 -> new SerializedString("\\u2029");
        default -> null;
      };
    }
  }
}
