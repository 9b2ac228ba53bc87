package io.vivace.batch;

/// All attributes of all rows of one level, in stored order: row `r` owns entries `[offsets[r],
/// offsets[r + 1])`.
///
/// Entry `e` has key `keys[e]` (a string id of the batch's [StringPool]) and type `types[e]`
/// ([AttributeType] code). Its elements are `values[starts[e] … starts[e + 1])`: strings as pool
/// ids, longs as they are, doubles as raw bits, booleans as 0 and 1; `UNSUPPORTED` has one element,
/// the pool id of its JSON text; `EMPTY_ARRAY` and `MISSING` have none. A one-element array keeps
/// its array type.
///
/// The arrays are shared, may be longer than needed, and are not to be changed.
public record AttributeList(int[] offsets, int[] keys, byte[] types, int[] starts, long[] values) {}
