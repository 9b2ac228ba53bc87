package io.vivace.parquet;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the pages of all columns with the same levels share: where rows begin, and the encoded
/// level streams of runs of rows.
final class LevelStreams {
  private final Levels levels;
  private final int @Nullable [] entryStarts;
  private final int @Nullable [] valueStarts;
  private final int levelBits;
  private final Map<Long, byte[]> encoded = new HashMap<>();

  LevelStreams(Levels levels) {
    this.levels = levels;
    byte @Nullable [] repetition = levels.repetition();
    byte @Nullable [] definition = levels.definition();
    this.levelBits = bits(levels.maxRepetition()) + bits(levels.maxDefinition());
    int rows = levels.rowCount();
    if (definition == null) {
      entryStarts = null;
      valueStarts = null;
      return;
    }
    int[] entries = new int[rows + 1];
    int[] values = new int[rows + 1];
    int row = 0;
    int value = 0;
    int max = levels.maxDefinition();
    for (int i = 0; i < levels.count(); i++) {
      if (repetition == null || repetition[i] == 0) {
        entries[row] = i;
        values[row] = value;
        row++;
      }
      value += definition[i] == max ? 1 : 0;
    }
    entries[rows] = levels.count();
    values[rows] = value;
    entryStarts = entries;
    valueStarts = values;
  }

  Levels levels() {
    return levels;
  }

  /// The first entry of `row`; at the end the number of entries.
  int entryStart(int row) {
    return entryStarts == null ? row : entryStarts[row];
  }

  /// The first value of `row`; at the end the number of values.
  int valueStart(int row) {
    return valueStarts == null ? row : valueStarts[row];
  }

  /// About how many bytes the levels of rows `[from, to)` take.
  long sizeBytes(int from, int to) {
    return ((long) (entryStart(to) - entryStart(from)) * levelBits) >>> 3;
  }

  /// The levels of rows `[from, to)` as a V1 page starts with them.
  byte[] encoded(int from, int to, ByteBuilder scratch) {
    return encoded.computeIfAbsent((long) from << 32 | to, key -> encode(from, to, scratch));
  }

  private byte[] encode(int from, int to, ByteBuilder scratch) {
    scratch.clear();
    int start = entryStart(from);
    int end = entryStart(to);
    byte @Nullable [] repetition = levels.repetition();
    if (repetition != null) {
      encode(repetition, start, end, levels.maxRepetition(), scratch);
    }
    byte @Nullable [] definition = levels.definition();
    if (definition != null) {
      encode(definition, start, end, levels.maxDefinition(), scratch);
    }
    return scratch.toArray();
  }

  private static void encode(byte[] stream, int from, int to, int max, ByteBuilder out) {
    int length = out.size;
    out.putInt(0);
    RunLengthEncoder.levels(stream, from, to, bits(max), out);
    LittleEndian.putInt(out.bytes, length, out.size - length - 4);
  }

  private static int bits(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }
}
