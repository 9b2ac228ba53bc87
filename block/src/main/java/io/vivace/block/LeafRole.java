package io.vivace.block;

import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.StringField;

/// What a leaf of a block's schema holds. Writer and reader go by roles; where a role stands, and
/// how it is encoded, is data of [BlockSchema].
sealed interface LeafRole {
  /// The 16 bytes of the trace id.
  record TraceIdBytes() implements LeafRole {}

  /// The trace id for humans.
  record TraceIdText() implements LeafRole {}

  /// A dense 64-bit column of the batch.
  record Longs(LongField field) implements LeafRole {}

  /// A dense 32-bit column of the batch.
  record Ints(IntField field) implements LeafRole {}

  /// A dense string column of the batch.
  record Strings(StringField field) implements LeafRole {}

  /// A dense column of raw ids.
  record Bytes(BytesField field) implements LeafRole {}

  /// One leaf of the statistics per trace and service.
  record Stats(StatsPart part) implements LeafRole {}

  enum StatsPart {
    NAME,
    SPAN_COUNT,
    ERROR_COUNT
  }

  /// One leaf of the generic attributes of a level.
  record Generic(Level owner, GenericPart part) implements LeafRole {}

  enum GenericPart {
    KEY,
    IS_ARRAY,
    STRING,
    LONG,
    DOUBLE,
    BOOLEAN,
    UNSUPPORTED
  }

  /// `dropped_attributes_count` of a level.
  record DroppedAttributes(Level owner) implements LeafRole {}

  record DroppedEvents() implements LeafRole {}

  record DroppedLinks() implements LeafRole {}

  /// An attribute with a column of its own, configured or built in: repeated (since vParquet5) or
  /// optional.
  ///
  /// @param order the values of one row come in this order when a trace is read
  record Attribute(Level owner, String key, DedicatedColumn.Type type, int order)
      implements LeafRole {}

  /// A slot that exists in the file without being used.
  record Unused() implements LeafRole {}

  /// Number of the interval of `stepSeconds` in which the span starts.
  record StartRounded(int stepSeconds) implements LeafRole {}

  /// Spans of the scope.
  record SpanCount() implements LeafRole {}
}
