package io.vivace.ingest.otlp;

import io.vivace.model.TraceId;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Numbers the distinct trace ids of a request from 0 and counts their spans: an open-addressing
/// hash table over pairs of longs. The hash is seeded, so that a sender cannot aim at one slot.
final class TraceIndex {
  private final long seed = ThreadLocalRandom.current().nextLong() | 1;
  private int[] slots = new int[128];
  private long[] high = new long[64];
  private long[] low = new long[64];
  private int[] spans = new int[64];
  private int count;
  private int last;

  void clear() {
    if (count > 0) {
      Arrays.fill(slots, 0);
      count = 0;
    }
  }

  int count() {
    return count;
  }

  int capacity() {
    return high.length;
  }

  int spans(int trace) {
    return spans[trace];
  }

  TraceId id(int trace) {
    return new TraceId(high[trace], low[trace]);
  }

  /// Counts one more span of a trace and returns the trace's number.
  int add(long idHigh, long idLow) {
    // Spans of one trace often stand together.
    if (count > 0 && high[last] == idHigh && low[last] == idLow) {
      spans[last]++;
      return last;
    }
    int mask = slots.length - 1;
    int slot = hash(idHigh, idLow) & mask;
    while (slots[slot] != 0) {
      int trace = slots[slot] - 1;
      if (high[trace] == idHigh && low[trace] == idLow) {
        spans[trace]++;
        last = trace;
        return trace;
      }
      slot = slot + 1 & mask;
    }
    return insert(slot, idHigh, idLow);
  }

  private int insert(int slot, long idHigh, long idLow) {
    int trace = count++;
    slots[slot] = count;
    high[trace] = idHigh;
    low[trace] = idLow;
    spans[trace] = 1;
    last = trace;
    if (count == high.length) {
      grow();
    }
    return trace;
  }

  private void grow() {
    int capacity = 2 * count;
    high = Arrays.copyOf(high, capacity);
    low = Arrays.copyOf(low, capacity);
    spans = Arrays.copyOf(spans, capacity);
    slots = new int[2 * capacity];
    int mask = slots.length - 1;
    for (int trace = 0; trace < count; trace++) {
      int slot = hash(high[trace], low[trace]) & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = trace + 1;
    }
  }

  private int hash(long idHigh, long idLow) {
    long mixed = (idHigh ^ seed) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32 ^ idLow) * (seed ^ 0xD6E8FEB86659FD93L | 1);
    mixed ^= mixed >>> 29;
    mixed *= 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 32);
  }
}
