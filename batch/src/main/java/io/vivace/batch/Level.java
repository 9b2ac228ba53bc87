package io.vivace.batch;

import org.jspecify.annotations.Nullable;

/// The nesting levels of a batch. A row of a level belongs to exactly one row of its parent level;
/// rows of one parent are contiguous and in stored order.
public enum Level {
  TRACE(null),
  RESOURCE(TRACE),
  SCOPE(RESOURCE),
  SPAN(SCOPE),
  EVENT(SPAN),
  LINK(SPAN);

  private final @Nullable Level parent;

  Level(@Nullable Level parent) {
    this.parent = parent;
  }

  /// The level above, null for [#TRACE].
  public @Nullable Level parent() {
    return parent;
  }
}
