package io.vivace.engine.tags;

import io.vivace.engine.tags.TagValue.Type;
import io.vivace.traceql.ast.Static;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The distinct values of one tag. Numbers are compared before they become text. Confined to one
/// thread.
final class ValueCollector {
  private final Set<TagValue> values = new HashSet<>();
  private final LongSet longs = new LongSet();
  private final LongSet doubles = new LongSet();
  private final StopRule stop;

  ValueCollector(TagLimits limits, AnswerSize size) {
    this.stop = new StopRule(limits, size);
  }

  boolean isFull() {
    return stop.isMet();
  }

  void offer(TagValue value) {
    if (stop.isMet()) {
      return;
    }
    if (values.contains(value)) {
      stop.known();
    } else {
      addNew(value);
    }
  }

  private void addNew(TagValue value) {
    long length = value.type().label().length() + utf8Length(value.value());
    if (stop.admit(length)) {
      values.add(value);
    }
  }

  private static long utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  void offerString(String text) {
    offer(new TagValue(Type.STRING, text));
  }

  void offerLong(long number) {
    if (stop.isMet()) {
      return;
    }
    if (longs.add(number)) {
      addNew(new TagValue(Type.INT, Long.toString(number)));
    } else {
      stop.known();
    }
  }

  void offerDouble(long rawBits) {
    if (stop.isMet()) {
      return;
    }
    if (doubles.add(rawBits)) {
      // Different bits may be one text.
      offer(new TagValue(Type.FLOAT, text(Double.longBitsToDouble(rawBits))));
    } else {
      stop.known();
    }
  }

  private static String text(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    return Static.of(number).toString();
  }

  void offerBoolean(boolean flag) {
    offer(new TagValue(Type.BOOL, Boolean.toString(flag)));
  }

  /// Ascending.
  List<TagValue> toList() {
    List<TagValue> sorted = new ArrayList<>(values);
    sorted.sort(null);
    return sorted;
  }
}
