package io.vivace.engine.tags;

import java.util.List;

/// Values of a tag.
///
/// @param values distinct, in ascending order
/// @param inspectedBytes stored bytes of the sources that were looked at, at most
public record TagValues(List<TagValue> values, long inspectedBytes) {}
