package io.vivace.query;

import io.vivace.engine.tags.Tag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a client asked of the values of a tag, before defaults and limits.
///
/// @param query filters spans; read leniently, null if absent
/// @param limit how many values; 0 for no bound
/// @param maxStaleValues end after so many known values in a row; 0 for never
/// @param startEpochSeconds null if absent
/// @param endEpochSeconds null if absent
/// @param since how far back from now, instead of start and end; null if absent
public record TagValuesCall(
    Tag tag,
    @Nullable String query,
    long limit,
    long maxStaleValues,
    @Nullable Long startEpochSeconds,
    @Nullable Long endEpochSeconds,
    @Nullable Duration since) {}
