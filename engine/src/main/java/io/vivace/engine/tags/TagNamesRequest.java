package io.vivace.engine.tags;

import io.vivace.model.TimeRange;
import io.vivace.traceql.ConditionGroups;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// A question for the names of tags.
///
/// @param scopes which are wanted
/// @param spans only tags of spans that satisfy one of the groups are listed
/// @param timeRange sources that do not overlap it are left out; spans are not looked at singly
public record TagNamesRequest(
    Set<TagScope> scopes, ConditionGroups spans, TimeRange timeRange, TagLimits limits) {
  public TagNamesRequest {
    EnumSet<TagScope> copy = EnumSet.noneOf(TagScope.class);
    copy.addAll(scopes);
    scopes = Collections.unmodifiableSet(copy);
  }
}
