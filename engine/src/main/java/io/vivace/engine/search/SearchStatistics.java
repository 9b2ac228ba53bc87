package io.vivace.engine.search;

/// What a search looked at.
///
/// @param inspectedTraces rows of the batches that were evaluated
/// @param inspectedSpans spans of these batches
/// @param inspectedBytes stored bytes of the parts that were evaluated, at most (an estimate by
///   share of rows; columns that were not needed count too)
/// @param sources sources whose time range overlaps the request's
/// @param inspectedSources sources that were not skipped
/// @param sourceBytes size of `sources`
public record SearchStatistics(
    long inspectedTraces,
    long inspectedSpans,
    long inspectedBytes,
    int sources,
    int inspectedSources,
    long sourceBytes) {}
