package io.vivace.engine.metrics;

import io.vivace.engine.QueryScope;

/// What a metrics query holds until it is answered, accounted for in its scope. Confined to one
/// thread.
final class MemoryLedger implements AutoCloseable {
  /// Small amounts are reserved together.
  private static final long CHUNK_BYTES = 1 << 16;

  private final QueryScope scope;
  private long reserved;
  private long used;

  MemoryLedger(QueryScope scope) {
    this.scope = scope;
  }

  /// Ends the query with RESOURCE_EXHAUSTED if it would hold too much.
  void add(long bytes) {
    used += bytes;
    if (used > reserved) {
      long more = Math.max(CHUNK_BYTES, used - reserved);
      scope.reserve(more);
      reserved += more;
    }
  }

  @Override
  public void close() {
    scope.release(reserved);
    reserved = 0;
  }
}
