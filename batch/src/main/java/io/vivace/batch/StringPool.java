package io.vivace.batch;

/// The strings of a [TraceColumns]: distinct byte strings with dense ids from 0 in order of first
/// occurrence. Id 0 is always the empty string. Built by one thread; immutable afterwards.
public interface StringPool extends Dictionary {
  /// The id of an equal string, or -1.
  int find(byte[] bytes, int offset, int length);
}
