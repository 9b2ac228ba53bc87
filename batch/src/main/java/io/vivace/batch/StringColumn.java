package io.vivace.batch;

/// Strings as dictionary ids, one for each row of the column's level. The array is shared, may be
/// longer than the level has rows, and is not to be changed.
public record StringColumn(Dictionary dictionary, int[] ids) {}
