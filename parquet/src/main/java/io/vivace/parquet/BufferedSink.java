package io.vivace.parquet;

import java.io.IOException;

/// Gathers small writes and counts bytes.
final class BufferedSink {
  private static final int BUFFER_BYTES = 256 << 10;

  private final ByteSink sink;
  private final ByteBuilder buffer = new ByteBuilder(BUFFER_BYTES);
  private long flushed;

  BufferedSink(ByteSink sink) {
    this.sink = sink;
  }

  long position() {
    return flushed + buffer.size;
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    if (length > BUFFER_BYTES - buffer.size) {
      flush();
    }
    if (length >= BUFFER_BYTES) {
      sink.write(bytes, from, length);
      flushed += length;
    } else {
      buffer.put(bytes, from, length);
    }
  }

  void flush() throws IOException {
    sink.write(buffer.bytes, 0, buffer.size);
    flushed += buffer.size;
    buffer.clear();
  }
}
