package io.vivace.query;

/// Which stores a trace lookup asks.
public enum TraceScope {
  ALL,
  RECENT,
  BLOCKS,
  NONE
}
