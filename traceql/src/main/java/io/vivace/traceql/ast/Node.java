package io.vivace.traceql.ast;

/// A node of the syntax tree. Nodes are immutable; `toString` is the canonical rendering, which
/// parses back to an equal node where the grammar allows the node on its own.
public interface Node {
  /// Where the node starts in the query text.
  SourcePosition position();
}
