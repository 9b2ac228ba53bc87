package io.vivace.engine.tags;

/// What is done with every batch of a tag request.
interface TagScan {
  /// Takes what it needs of the rows that count.
  void visit(SelectedRows rows);

  /// True if further batches would change nothing.
  boolean isDone();
}
