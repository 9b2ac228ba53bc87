package io.vivace.block;

import io.vivace.parquet.ColumnChunkReader;
import io.vivace.parquet.OffsetIndex;
import io.vivace.parquet.PackedDictionary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A column chunk with its page index and dictionary read, shared by threads from then on.
///
/// @param dictionary null if the chunk has none
record ColumnHandle(
    ColumnChunkReader reader, @Nullable ChunkDictionary dictionary, long sizeBytes) {
  private static final int BYTES_PER_PAGE = 16;
  private static final int OVERHEAD_BYTES = 512;

  static ColumnHandle open(ColumnChunkReader reader) throws IOException {
    OffsetIndex pages = reader.offsetIndex();
    ChunkDictionary dictionary = null;
    if (reader.chunk().dictionaryPageOffset() >= 0) {
      PackedDictionary packed = reader.dictionary();
      dictionary = packed == null ? null : new ChunkDictionary(packed);
    }
    long size = OVERHEAD_BYTES + (pages == null ? 0 : (long) BYTES_PER_PAGE * pages.pageCount());
    return new ColumnHandle(
        reader, dictionary, size + (dictionary == null ? 0 : dictionary.sizeBytes()));
  }

  /// True if it is known that no row has a value.
  boolean isEmpty() {
    return reader.chunk().statistics().allNull();
  }
}
