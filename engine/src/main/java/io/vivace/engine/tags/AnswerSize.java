package io.vivace.engine.tags;

import io.vivace.engine.QueryScope;

/// How much text an answer holds: bounded by the request, and accounted for in the query's memory.
/// Confined to one thread.
final class AnswerSize implements AutoCloseable {
  /// A string in a hash set, besides its text.
  private static final int ENTRY_BYTES = 96;

  private final long maxBytes;
  private final QueryScope scope;
  private long bytes;
  private long reservedBytes;
  private boolean isExceeded;

  /// @param maxBytes 0 for no bound
  AnswerSize(long maxBytes, QueryScope scope) {
    this.maxBytes = maxBytes;
    this.scope = scope;
  }

  /// Makes room for a text of this many bytes; false if there is none, and then there will be none
  /// for any other.
  boolean add(long length) {
    if (isExceeded || (maxBytes > 0 && bytes + length > maxBytes)) {
      isExceeded = true;
      return false;
    }
    scope.reserve(length + ENTRY_BYTES);
    reservedBytes += length + ENTRY_BYTES;
    bytes += length;
    return true;
  }

  boolean isExceeded() {
    return isExceeded;
  }

  /// Accounts for working memory.
  void reserve(long workingBytes) {
    scope.reserve(workingBytes);
    reservedBytes += workingBytes;
  }

  /// Gives back what [#reserve] took.
  void release(long workingBytes) {
    scope.release(workingBytes);
    reservedBytes -= workingBytes;
  }

  /// Gives everything back.
  @Override
  public void close() {
    scope.release(reservedBytes);
    reservedBytes = 0;
  }
}
