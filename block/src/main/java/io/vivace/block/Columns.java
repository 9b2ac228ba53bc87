package io.vivace.block;

import io.vivace.batch.BytesColumn;
import io.vivace.parquet.Values;

/// Values of Parquet columns as the arrays that a batch has.
final class Columns {
  private Columns() {}

  static long[] longs(Values values) {
    if (values instanceof Values.Longs longs) {
      return longs.values();
    }
    if (values instanceof Values.Ints ints) {
      long[] wide = new long[ints.count()];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = ints.values()[i];
      }
      return wide;
    }
    throw new IllegalArgumentException("not a column of integers");
  }

  static int[] ints(Values values) {
    if (values instanceof Values.Ints ints) {
      return ints.values();
    }
    if (values instanceof Values.Longs longs) {
      int[] narrow = new int[longs.count()];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (int) longs.values()[i];
      }
      return narrow;
    }
    throw new IllegalArgumentException("not a column of integers");
  }

  static BytesColumn bytes(Values values) {
    return switch (values) {
      case Values.Binary binary -> new BytesColumn(binary.data(), binary.offsets());
      case Values.Ids ids -> {
        int[] offsets = new int[ids.count() + 1];
        for (int i = 0; i < ids.count(); i++) {
          offsets[i + 1] = Math.addExact(offsets[i], ids.dictionary().lengthBytes(ids.ids()[i]));
        }
        byte[] data = new byte[offsets[ids.count()]];
        for (int i = 0; i < ids.count(); i++) {
          ids.dictionary().copy(ids.ids()[i], data, offsets[i]);
        }
        yield new BytesColumn(data, offsets);
      }
      case Values.Longs v -> throw notBytes();
      case Values.Ints v -> throw notBytes();
      case Values.Doubles v -> throw notBytes();
      case Values.Booleans v -> throw notBytes();
    };
  }

  private static IllegalArgumentException notBytes() {
    return new IllegalArgumentException("not a column of byte strings");
  }
}
