package io.vivace.query;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a client asked of a metrics query, before defaults and limits.
///
/// @param query TraceQL, empty if absent
/// @param startEpochNanos null if absent
/// @param endEpochNanos null if absent
/// @param since length of the range where `start` is absent; null if absent
/// @param stepNanos null for the default; ignored by instant queries
/// @param exemplars how many are wanted; 0 for the default
/// @param maxSeries lowers the limit of series; 0 to leave it
public record MetricsCall(
    String query,
    @Nullable Long startEpochNanos,
    @Nullable Long endEpochNanos,
    @Nullable Duration since,
    @Nullable Long stepNanos,
    long exemplars,
    long maxSeries) {}
