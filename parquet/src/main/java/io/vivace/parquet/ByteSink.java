package io.vivace.parquet;

import java.io.IOException;

/// Where a [ParquetWriter] puts the file, front to back. The array belongs to the writer again when
/// the call returns.
public interface ByteSink {
  void write(byte[] bytes, int offset, int length) throws IOException;
}
