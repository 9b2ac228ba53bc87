package io.vivace.batch;

/// The distinct-ish strings that a column's ids stand for. A string may occur under more than one
/// id (a column that was put together from several physical columns, or one without a dictionary on
/// disk), so equality of strings does not imply equality of ids; equality of ids implies equality
/// of strings. Ids run from 0 to [#size] - 1. Strings are bytes, usually UTF-8 but not validated.
///
/// Implementations are immutable while a batch is read and may be shared by all batches of a row
/// group, so results of predicates can be remembered per dictionary instance.
public interface Dictionary {
  int size();

  /// The bytes of `id` in a new or shared array that is not to be changed.
  byte[] bytes(int id);

  /// Length of [#bytes], without copying them where that is possible.
  default int lengthBytes(int id) {
    return bytes(id).length;
  }

  /// Copies the bytes of `id` to `target` from `offset` on.
  default void copy(int id, byte[] target, int offset) {
    byte[] bytes = bytes(id);
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  /// The string of `id`, decoded as UTF-8 with replacement.
  default String string(int id) {
    return new String(bytes(id), java.nio.charset.StandardCharsets.UTF_8);
  }
}
