package io.vivace.livestore;

import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.model.TraceId;
import java.util.List;

/// Turns OTLP bytes into columns. Thread-safe.
public interface TraceEncoder {
  /// A new, empty batch for one thread.
  Batch newBatch();

  /// One batch that holds the rows of all `parts`; rows of one trace are joined into one, in the order of `parts`.
  TraceColumns join(List<TraceColumns> parts);

  /// A source over one batch in memory.
  BatchSource source(String name, TraceColumns columns);

  /// A batch that is being filled. Confined to one thread.
  interface Batch {
    /// Adds one piece of a trace, an OTLP `TracesData` message at `[offset, offset + length)`; pieces of one trace become
    /// one row.
    ///
    /// Throws [io.vivace.model.proto.MalformedProtoException] if the bytes are not that.
    void add(TraceId traceId, byte[] otlp, int offset, int length);

    /// The columns of everything added (at least one piece). The batch is not used again.
    TraceColumns build();
  }
}
