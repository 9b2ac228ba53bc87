package io.vivace.engine.tags;

import io.vivace.model.TimeRange;
import io.vivace.traceql.ConditionGroups;

/// A question for the values of one tag.
///
/// @param spans only values on spans that satisfy one of the groups are listed; a group that says
///   what the tag equals is answered by just that value
/// @param timeRange sources that do not overlap it are left out; spans are not looked at singly
public record TagValuesRequest(
    Tag tag, ConditionGroups spans, TimeRange timeRange, TagLimits limits) {}
