package io.vivace.engine.tags;

/// Counts entries of one list and says when there are enough. Confined to one thread.
final class StopRule {
  private final TagLimits limits;
  private final AnswerSize size;
  private long count;
  private long stale;

  StopRule(TagLimits limits, AnswerSize size) {
    this.limits = limits;
    this.size = size;
  }

  /// True if nothing more is to be collected.
  boolean isMet() {
    return size.isExceeded()
        || (limits.maxCount() > 0 && count >= limits.maxCount())
        || (limits.maxStale() > 0 && stale >= limits.maxStale());
  }

  /// A new entry; false if there is no room for it.
  boolean admit(long lengthBytes) {
    if (isMet() || !size.add(lengthBytes)) {
      return false;
    }
    count++;
    stale = 0;
    return true;
  }

  /// An entry that is known already.
  void known() {
    stale++;
  }
}
