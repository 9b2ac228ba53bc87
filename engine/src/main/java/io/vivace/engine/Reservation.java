package io.vivace.engine;

/// Memory that a piece of work holds of its query's [QueryScope]; given back as a whole. Confined
/// to one thread.
public final class Reservation implements AutoCloseable {
  private final QueryScope scope;
  private long bytes;

  public Reservation(QueryScope scope) {
    this.scope = scope;
  }

  /// Takes more, as [QueryScope#reserve].
  public void add(long moreBytes) {
    scope.reserve(moreBytes);
    bytes += moreBytes;
  }

  /// Takes as much more as is missing to `totalBytes`.
  public void raiseTo(long totalBytes) {
    if (totalBytes > bytes) {
      add(totalBytes - bytes);
    }
  }

  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    scope.release(bytes);
    bytes = 0;
  }
}
