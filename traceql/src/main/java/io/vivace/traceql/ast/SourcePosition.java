package io.vivace.traceql.ast;

import org.jspecify.annotations.Nullable;

/// Where a node starts in the query text. All positions are equal to each other, so that two trees
/// are equal if they mean the same, wherever they were written.
public final class SourcePosition {
  /// The position of a node that was not parsed but built: offset, line and column are 0.
  public static final SourcePosition NONE = new SourcePosition(0, 0, 0);

  private final int offset;
  private final int line;
  private final int column;

  public SourcePosition(int offset, int line, int column) {
    this.offset = offset;
    this.line = line;
    this.column = column;
  }

  /// Index of the first `char` in the query text, from 0.
  public int offset() {
    return offset;
  }

  /// Line, from 1; 0 if unknown.
  public int line() {
    return line;
  }

  /// Column in code points, from 1; 0 if unknown.
  public int column() {
    return column;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SourcePosition;
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "line " + line + ", col " + column;
  }
}
