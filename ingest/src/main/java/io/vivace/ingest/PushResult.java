package io.vivace.ingest;

import org.jspecify.annotations.Nullable;

/// What became of a push that was not refused as a whole.
///
/// @param acceptedSpans spans that are kept
/// @param rejectedSpans spans that were refused because of a limit; repeating is useless
/// @param rejectionReason why, for the sender; null if no span was refused
public record PushResult(int acceptedSpans, int rejectedSpans, @Nullable String rejectionReason) {
  /// Nothing came, nothing was refused.
  public static final PushResult EMPTY = new PushResult(0, 0, null);
}
