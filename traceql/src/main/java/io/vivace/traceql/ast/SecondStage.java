package io.vivace.traceql.ast;

/// What follows a metrics function: works on whole series.
public sealed interface SecondStage extends Node {

  /// `topk(limit)`.
  record TopK(long limit, SourcePosition position) implements SecondStage {
    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `bottomk(limit)`.
  record BottomK(long limit, SourcePosition position) implements SecondStage {
    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }

  /// `op value`, per sample.
  ///
  /// @param op a comparison, not a regex
  /// @param value a duration literal is given in seconds
  record Threshold(BinaryOp op, double value, SourcePosition position) implements SecondStage {
    @Override
    public String toString() {
      return Rendering.text(this);
    }
  }
}
