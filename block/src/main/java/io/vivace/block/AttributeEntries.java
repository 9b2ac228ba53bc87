package io.vivace.block;

import io.vivace.batch.AttributeType;
import io.vivace.parquet.Values;
import org.jspecify.annotations.Nullable;

/// The generic attributes of some rows of one owner: row `r` has entries `[offsets[r], offsets[r +
/// 1])`. Lists that have no element at all are null.
///
/// @param arrays 1 for entries that are arrays
record AttributeEntries(
    int[] offsets,
    int entryCount,
    Strings keys,
    byte[] arrays,
    @Nullable Elements strings,
    @Nullable Elements longs,
    @Nullable Elements doubles,
    @Nullable Elements booleans,
    @Nullable Elements unsupported) {

  /// String values as ids.
  record Strings(ChunkDictionary dictionary, int[] ids) {}

  /// List `i` is elements `[offsets[i], offsets[i + 1])` of `values`; strings have `dictionary` and
  /// their ids as values.
  record Elements(
      int[] offsets, Values values, @Nullable ChunkDictionary dictionary, int @Nullable [] ids) {
    int count(int list) {
      return offsets[list + 1] - offsets[list];
    }

    /// Element `i` in the form of [io.vivace.batch.AttributeColumn#values].
    long value(int i) {
      if (ids != null) {
        return ids[i];
      }
      return switch (values) {
        case Values.Longs longs -> longs.values()[i];
        case Values.Ints ints -> ints.values()[i];
        case Values.Doubles doubles -> Double.doubleToRawLongBits(doubles.values()[i]);
        case Values.Booleans booleans -> booleans.values()[i];
        case Values.Binary binary -> i;
        case Values.Ids dictionaryIds -> dictionaryIds.ids()[i];
      };
    }
  }

  /// The type of an entry as it is stored.
  AttributeType type(int entry) {
    boolean isArray = arrays[entry] != 0;
    int count = count(strings, entry);
    if (count > 0) {
      return isArray || count > 1 ? AttributeType.STRING_ARRAY : AttributeType.STRING;
    }
    count = count(longs, entry);
    if (count > 0) {
      return isArray || count > 1 ? AttributeType.LONG_ARRAY : AttributeType.LONG;
    }
    count = count(doubles, entry);
    if (count > 0) {
      return isArray || count > 1 ? AttributeType.DOUBLE_ARRAY : AttributeType.DOUBLE;
    }
    count = count(booleans, entry);
    if (count > 0) {
      return isArray || count > 1 ? AttributeType.BOOLEAN_ARRAY : AttributeType.BOOLEAN;
    }
    if (count(unsupported, entry) > 0) {
      return AttributeType.UNSUPPORTED;
    }
    return isArray ? AttributeType.EMPTY_ARRAY : AttributeType.MISSING;
  }

  private static int count(@Nullable Elements elements, int entry) {
    return elements == null ? 0 : elements.count(entry);
  }

  /// The elements of an entry of this type, or null if such an entry has none.
  @Nullable Elements elements(AttributeType type) {
    return switch (type) {
      case STRING, STRING_ARRAY -> strings;
      case LONG, LONG_ARRAY -> longs;
      case DOUBLE, DOUBLE_ARRAY -> doubles;
      case BOOLEAN, BOOLEAN_ARRAY -> booleans;
      case UNSUPPORTED -> unsupported;
      case EMPTY_ARRAY, MISSING -> null;
    };
  }
}
