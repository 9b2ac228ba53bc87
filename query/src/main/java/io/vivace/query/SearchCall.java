package io.vivace.query;

import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What a client asked of a search, before defaults and limits.
///
/// @param query TraceQL, null if absent
/// @param tags the older tag search; empty if absent
/// @param minDurationNanos of the trace, for tag searches; 0 for none
/// @param maxDurationNanos of the trace, for tag searches; 0 for none
/// @param limit null for the default
/// @param spansPerSpanSet null for the default; 0 for as many as the answer may hold
/// @param startEpochSeconds null if absent
/// @param endEpochSeconds null if absent
/// @param since how far back from now, instead of start and end; null if absent
public record SearchCall(
    @Nullable String query,
    SortedMap<String, String> tags,
    long minDurationNanos,
    long maxDurationNanos,
    @Nullable Long limit,
    @Nullable Long spansPerSpanSet,
    @Nullable Long startEpochSeconds,
    @Nullable Long endEpochSeconds,
    @Nullable Duration since) {}
