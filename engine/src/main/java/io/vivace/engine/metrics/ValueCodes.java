package io.vivace.engine.metrics;

import io.vivace.batch.Dictionary;
import io.vivace.engine.filter.ValueType;
import io.vivace.engine.filter.ValueVector;
import io.vivace.engine.search.SearchResult.FoundValue;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Small numbers for the distinct typed values of a field: code 0 for what is missing, code 1 for
/// arrays, which no label can show, then in order of first appearance. Confined to one thread.
final class ValueCodes {
  static final int NIL = 0;
  static final int ARRAY = 1;

  private static final int BYTES_PER_VALUE = 96;
  private static final int MAX_MAPPED_IDS = 1 << 13;

  private final MemoryLedger memory;

  /// Codes of strings by hash, open addressing; 0 where free.
  private int[] slots = new int[64];

  private int[] hashes = new int[64];

  private int stringCount;
  private final @Nullable LongIntMap[] numbers = new LongIntMap[ValueType.ERROR + 1];
  private byte[] types = new byte[16];
  private long[] bits = new long[16];
  private byte[][] texts = new byte[16][];
  private int size = 2;

  /// The dictionary met last, and the codes of its strings so far: by id plus one in a table, or in
  /// a map if it is large.
  private @Nullable Dictionary dictionary;

  private final int maxTable;
  private int[] table = {};
  private boolean isMapped;
  private LongIntMap mapOfIds = new LongIntMap();

  /// @param maxTable how large a dictionary may be for which there is a table
  ValueCodes(MemoryLedger memory, int maxTable) {
    this.memory = memory;
    this.maxTable = maxTable;
    types[ARRAY] = ValueType.STRING_ARRAY;
  }

  int size() {
    return size;
  }

  /// Says to which dictionary the ids belong that [#ofString] is asked from now on.
  void use(Dictionary of) {
    if (dictionary == of) {
      return;
    }
    dictionary = of;
    int ids = of.size();
    isMapped = ids > maxTable;
    if (isMapped) {
      mapOfIds = new LongIntMap();
    } else {
      if (table.length < ids) {
        memory.add(Integer.BYTES * (long) (ids - table.length));
        table = new int[ids];
      } else {
        Arrays.fill(table, 0, ids, 0);
      }
    }
  }

  /// The code of a string of the dictionary given to [#use] last.
  int ofString(int id) {
    if (isMapped) {
      return ofMappedId(id);
    }
    int known = table[id];
    if (known == 0) {
      known = ofText(id) + 1;
      table[id] = known;
    }
    return known - 1;
  }

  private int ofMappedId(int id) {
    if (mapOfIds.size() > MAX_MAPPED_IDS) {
      // Hardly an id comes twice.
      return ofText(id);
    }
    int known = mapOfIds.get(id);
    if (known < 0) {
      known = ofText(id);
      mapOfIds.put(id, known);
    }
    return known;
  }

  private int ofText(int id) {
    byte[] text = Objects.requireNonNull(dictionary).bytes(id);
    int hash = hash(text);
    int slot = slotOf(text, hash);
    return slots[slot] != 0 ? slots[slot] : addText(text, hash, slot);
  }

  private int addText(byte[] text, int hash, int slot) {
    memory.add(BYTES_PER_VALUE + text.length);
    int code = add(ValueType.STRING, 0, text);
    slots[slot] = code;
    hashes[slot] = hash;
    if (++stringCount > slots.length / 2) {
      growSlots();
    }
    return code;
  }

  private void growSlots() {
    int[] before = slots;
    int[] hashesBefore = hashes;
    slots = new int[2 * before.length];
    hashes = new int[slots.length];
    int mask = slots.length - 1;
    for (int i = 0; i < before.length; i++) {
      if (before[i] != 0) {
        int slot = hashesBefore[i] & mask;
        while (slots[slot] != 0) {
          slot = slot + 1 & mask;
        }
        slots[slot] = before[i];
        hashes[slot] = hashesBefore[i];
      }
    }
  }

  private static int hash(byte[] text) {
    int hash = Arrays.hashCode(text) * 0x9E3779B1;
    return hash ^ hash >>> 16;
  }

  /// Where the code of an equal string is, or a free place.
  private int slotOf(byte[] text, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0 && (hashes[slot] != hash || !Arrays.equals(texts[slots[slot]], text))) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  int ofNumber(byte type, long value) {
    LongIntMap map = numbers[type];
    if (map == null) {
      map = new LongIntMap();
      numbers[type] = map;
    }
    int code = map.get(value);
    if (code < 0) {
      memory.add(BYTES_PER_VALUE);
      code = add(type, value, NO_TEXT);
      map.put(value, code);
    }
    return code;
  }

  private static final byte[] NO_TEXT = {};

  private int add(byte type, long value, byte[] text) {
    if (size == types.length) {
      types = Arrays.copyOf(types, 2 * size);
      bits = Arrays.copyOf(bits, 2 * size);
      texts = Arrays.copyOf(texts, 2 * size);
    }
    types[size] = type;
    bits[size] = value;
    texts[size] = text;
    return size++;
  }

  /// The codes of the first `count` rows of `values`.
  void codes(ValueVector values, int count, int[] out) {
    use(values.dictionary());
    for (int i = 0; i < count; i++) {
      byte type = values.type(i);
      out[i] =
          switch (type) {
            case ValueType.NIL, ValueType.VOID, ValueType.ERROR -> NIL;
            case ValueType.STRING -> ofString((int) values.value(i));
            case ValueType.INT_ARRAY,
                ValueType.FLOAT_ARRAY,
                ValueType.STRING_ARRAY,
                ValueType.BOOL_ARRAY ->
                ARRAY;
            default -> ofNumber(type, values.value(i));
          };
    }
  }

  FoundValue value(int code) {
    return code == NIL || code == ARRAY
        ? LabelValues.NIL
        : types[code] == ValueType.STRING
            ? LabelValues.text(texts[code])
            : LabelValues.of(types[code], bits[code]);
  }

  /// Takes over a value of `other`.
  int copyFrom(ValueCodes other, int code) {
    byte type = other.types[code];
    if (type != ValueType.STRING) {
      return ofNumber(type, other.bits[code]);
    }
    byte[] text = other.texts[code];
    int hash = hash(text);
    return addText(text, hash, slotOf(text, hash));
  }

  /// Gives back the memory; not to be used afterwards.
  void forget() {
    long bytes = Integer.BYTES * (long) table.length;
    for (int code = 2; code < size; code++) {
      bytes += BYTES_PER_VALUE + texts[code].length;
    }
    memory.add(-bytes);
  }
}
