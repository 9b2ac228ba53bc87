package io.vivace.traceql.ast;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A typed scalar value: a literal of a query, or the result of an operation on such values.
public sealed interface Static {
  Static NIL = new Nil();
  Static TRUE = new BoolValue(true);
  Static FALSE = new BoolValue(false);

  StaticType type();

  static Static of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Static of(long value) {
    return new IntValue(value);
  }

  static Static of(double value) {
    return new FloatValue(value);
  }

  static Static of(String text) {
    return new StringValue(text.getBytes(StandardCharsets.UTF_8));
  }

  static Static duration(long nanos) {
    return new DurationValue(nanos);
  }

  static Static of(SpanStatus status) {
    return new StatusValue(status);
  }

  static Static of(SpanKind kind) {
    return new KindValue(kind);
  }

  /// The missing value.
  record Nil() implements Static {
    @Override
    public StaticType type() {
      return StaticType.NIL;
    }

    @Override
    public String toString() {
      return "nil";
    }
  }

  record IntValue(long value) implements Static {
    @Override
    public StaticType type() {
      return StaticType.INT;
    }

    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// May be infinite or NaN, by folding.
  record FloatValue(double value) implements Static {
    @Override
    public StaticType type() {
      return StaticType.FLOAT;
    }

    @Override
    public String toString() {
      return Rendering.floatText(value);
    }
  }

  record BoolValue(boolean value) implements Static {
    @Override
    public StaticType type() {
      return StaticType.BOOL;
    }

    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  record DurationValue(long nanos) implements Static {
    @Override
    public StaticType type() {
      return StaticType.DURATION;
    }

    @Override
    public String toString() {
      return GoDuration.format(nanos);
    }
  }

  record StatusValue(SpanStatus value) implements Static {
    @Override
    public StaticType type() {
      return StaticType.STATUS;
    }

    @Override
    public String toString() {
      return value.label();
    }
  }

  record KindValue(SpanKind value) implements Static {
    @Override
    public StaticType type() {
      return StaticType.KIND;
    }

    @Override
    public String toString() {
      return value.label();
    }
  }

  /// A string as bytes: UTF-8, except where the query wrote bytes by `\x80` escapes. Compares
  /// bytewise (unsigned).
  final class StringValue implements Static, Comparable<StringValue> {
    private final byte[] utf8;

    /// @param utf8 not copied; must not be changed afterwards
    public StringValue(byte[] utf8) {
      this.utf8 = utf8;
    }

    /// The bytes; not to be changed.
    public byte[] utf8() {
      return utf8;
    }

    /// The text; bytes that are not UTF-8 become U+FFFD.
    public String text() {
      return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public StaticType type() {
      return StaticType.STRING;
    }

    @Override
    public int compareTo(StringValue other) {
      return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof StringValue that && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder();
      Rendering.string(out, this);
      return out.toString();
    }
  }
}
