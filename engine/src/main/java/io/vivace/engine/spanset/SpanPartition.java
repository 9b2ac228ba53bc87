package io.vivace.engine.spanset;

import io.vivace.engine.filter.Value;
import io.vivace.engine.filter.ValueVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Splits the spans of one set by value, in order of first appearance.
final class SpanPartition {
  private final int capacity;
  private final Map<Value, Part> parts = new HashMap<>();
  private final List<Part> order = new ArrayList<>();
  private byte lastType = -1;
  private long lastValue;
  private Part last = Part.NONE;

  private static final class Part {
    static final Part NONE = new Part(Value.NIL, 0);

    private final Value value;
    private int[] spans;
    private int size;

    Part(Value value, int capacity) {
      this.value = value;
      this.spans = new int[capacity];
    }

    void add(int span) {
      if (size == spans.length) {
        spans = Arrays.copyOf(spans, 2 * size + 1);
      }
      spans[size++] = span;
    }
  }

  SpanPartition(int spanCount) {
    this.capacity = Math.min(spanCount, 4);
  }

  void add(int span, ValueVector values, int row) {
    byte type = values.type(row);
    long value = values.value(row);
    // Runs of one value are usual; constants and ids need no look-up then.
    if (type != lastType || value != lastValue) {
      lastType = type;
      lastValue = value;
      Value key = Value.of(values, row);
      Part known = parts.get(key);
      if (known == null) {
        known = new Part(key, capacity);
        parts.put(key, known);
        order.add(known);
      }
      last = known;
    }
    last.add(span);
  }

  void appendTo(List<SpanSet> groups, SpanSet set, int origin, String label) {
    for (Part part : order) {
      List<SpanSet.SetAttribute> attributes = new ArrayList<>(set.attributes());
      attributes.add(new SpanSet.SetAttribute(label, part.value));
      groups.add(
          new SpanSet(
              set.trace(), origin, Arrays.copyOf(part.spans, part.size), List.copyOf(attributes)));
    }
  }
}
