package io.vivace.model.log;

/// A place in one partition of the span log. Positions of one partition are ordered by `offset`;
/// the offset says nothing across partitions. The local log is partition 0.
public record LogPosition(int partition, long offset) {}
