package io.vivace.query;

import io.vivace.engine.tags.TagScope;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client asked of the names of tags, before defaults and limits.
///
/// @param scopes which are wanted
/// @param query filters spans; read leniently, null if absent
/// @param limit names per scope; 0 for no bound
/// @param maxStaleValues end after so many known names in a row; 0 for never
/// @param startEpochSeconds null if absent
/// @param endEpochSeconds null if absent
/// @param since how far back from now, instead of start and end; null if absent
public record TagNamesCall(
    Set<TagScope> scopes,
    @Nullable String query,
    long limit,
    long maxStaleValues,
    @Nullable Long startEpochSeconds,
    @Nullable Long endEpochSeconds,
    @Nullable Duration since) {}
