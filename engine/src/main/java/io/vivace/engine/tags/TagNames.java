package io.vivace.engine.tags;

import java.util.List;
import java.util.SortedMap;

/// Names of tags.
///
/// @param byScope names in ascending order; scopes without names are left out
/// @param inspectedBytes stored bytes of the sources that were looked at, at most
public record TagNames(SortedMap<TagScope, List<String>> byScope, long inspectedBytes) {}
