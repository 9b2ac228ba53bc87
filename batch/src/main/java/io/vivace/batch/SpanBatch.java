package io.vivace.batch;

import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// A columnar view of whole rows, a row being a trace or the fragment of it that one source holds,
/// in ascending order of trace id without duplicates. At least one row.
///
/// Columns are decoded when first asked for and kept; the arrays that come back are shared, may be
/// longer than needed, and are not to be changed. Reading may do I/O: a failure is thrown as
/// [java.io.UncheckedIOException].
///
/// A batch belongs to one query thread at a time unless the implementation says otherwise.
public interface SpanBatch {
  /// Rows at `level`.
  int count(Level level);

  /// Row `p` of the parent level owns rows `[offsets[p], offsets[p + 1])` of `level`; length is at
  /// least `count(parent) + 1`. Not defined for [Level#TRACE].
  int[] offsets(Level level);

  /// The parent-level row of every row of `level`. Not defined for [Level#TRACE].
  int[] parents(Level level);

  /// First 8 bytes of the trace ids as big-endian numbers (compare unsigned).
  long[] traceIdsHigh();

  /// Last 8 bytes of the trace ids.
  long[] traceIdsLow();

  long[] longs(LongField field);

  int[] ints(IntField field);

  StringColumn strings(StringField field);

  BytesColumn bytes(BytesField field);

  /// The attribute `key` of the rows of `owner` (one of RESOURCE, SCOPE, SPAN, EVENT, LINK). Empty
  /// if no row has it. `service.name` is an attribute of RESOURCE like any other here.
  AttributeColumn attribute(Level owner, String key);

  /// Keys that occur at `owner` in this batch, or more cheaply in the row group that the batch
  /// belongs to.
  SortedSet<String> attributeKeys(Level owner);

  /// Keys that occur at those rows of `owner` that are set in `rows`, without reading values.
  SortedSet<String> attributeKeys(Level owner, Bitmap rows);

  /// The strings of `field` in this batch, or more cheaply in the row group that the batch belongs
  /// to, if they are known without reading the rows; else null.
  default @Nullable Dictionary distinct(StringField field) {
    return null;
  }

  /// The same for an attribute, if it has no other values than strings.
  default @Nullable Dictionary distinct(Level owner, String key) {
    return null;
  }

  /// False if no row of this batch can have exactly this string (or, in an array, this element) at
  /// `key` of `owner`, decided cheaply from what several batches share: dictionaries and statistics
  /// of the row group. Lets a required equality skip the columns; true if not known.
  default boolean mayHold(Level owner, String key, byte[] text) {
    return true;
  }

  /// The same for a dense string column.
  default boolean mayHold(StringField field, byte[] text) {
    return true;
  }

  /// Says that from now on only values of the rows below the trace rows set in `traces` will be
  /// looked at, in columns that have not been read yet. Values of other rows are then undefined
  /// (counts and offsets stay whole). Lets a block skip pages; by default nothing happens.
  /// Successive calls may only narrow.
  default void retain(Bitmap traces) {}

  /// Copies the rows set in `traces` with all that belongs to them.
  TraceColumns gather(Bitmap traces);
}
