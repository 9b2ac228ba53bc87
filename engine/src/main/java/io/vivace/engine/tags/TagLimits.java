package io.vivace.engine.tags;

/// When collecting for an answer ends early. The answer is then cut without a mark.
///
/// @param maxCount names per scope, or values; 0 for no bound
/// @param maxStale end after so many entries in a row that were known already; 0 for never
/// @param maxBytes length of all texts together; 0 for no bound
public record TagLimits(long maxCount, long maxStale, long maxBytes) {
  /// Nothing ends early.
  public static final TagLimits NONE = new TagLimits(0, 0, 0);

  public TagLimits {
    if (maxCount < 0 || maxStale < 0 || maxBytes < 0) {
      throw new IllegalArgumentException(
          "maxCount: "
              + maxCount
              + ", maxStale: "
              + maxStale
              + ", maxBytes: "
              + maxBytes
              + " (expected: none below 0)");
    }
  }
}
