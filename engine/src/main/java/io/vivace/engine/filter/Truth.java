package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import org.jspecify.annotations.Nullable;

/// What an expression in a boolean place is for each row: true, false, something that is no boolean
/// at all, or an error. Rows in none of the sets are false. Rows that are not candidates may be in
/// any.
///
/// @param isOther rows with a value that is not boolean; null for none
/// @param isError rows without a value because of an error; null for none
record Truth(Bitmap isTrue, @Nullable Bitmap isOther, @Nullable Bitmap isError) {

  static Truth of(Bitmap isTrue) {
    return new Truth(isTrue, null, null);
  }

  /// `left && right`: a false left operand decides; otherwise both must be boolean.
  static Truth and(Truth left, Truth right) {
    Bitmap isTrue = left.isTrue.copy();
    isTrue.and(right.isTrue);
    Bitmap isError = null;
    if (right.isError != null) {
      // Left must not be false for the right operand to be looked at.
      isError = left.notFalse();
      isError.and(right.isError);
    }
    return new Truth(isTrue, null, union(isError, left.isError));
  }

  /// `left || right`: a true left operand decides; otherwise both must be boolean.
  static Truth or(Truth left, Truth right) {
    Bitmap isTrue = right.isTrue.copy();
    subtract(isTrue, left.isOther);
    subtract(isTrue, left.isError);
    isTrue.or(left.isTrue);
    Bitmap isError = null;
    if (right.isError != null) {
      isError = right.isError.copy();
      isError.andNot(left.isTrue);
    }
    return new Truth(isTrue, null, union(isError, left.isError));
  }

  /// `!operand`: an error unless the operand is boolean.
  static Truth not(Truth operand) {
    Bitmap isTrue = operand.notFalse();
    isTrue.flip();
    return new Truth(isTrue, null, union(copy(operand.isOther), operand.isError));
  }

  private Bitmap notFalse() {
    Bitmap rows = isTrue.copy();
    if (isOther != null) {
      rows.or(isOther);
    }
    if (isError != null) {
      rows.or(isError);
    }
    return rows;
  }

  private static void subtract(Bitmap from, @Nullable Bitmap rows) {
    if (rows != null) {
      from.andNot(rows);
    }
  }

  private static @Nullable Bitmap copy(@Nullable Bitmap rows) {
    return rows == null ? null : rows.copy();
  }

  /// Adds `second` to `first`, which may be changed.
  private static @Nullable Bitmap union(@Nullable Bitmap first, @Nullable Bitmap second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    first.or(second);
    return first;
  }
}
