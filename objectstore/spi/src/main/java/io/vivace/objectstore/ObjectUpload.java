package io.vivace.objectstore;

import java.io.IOException;

/// An object that is being written. Confined to one thread. [#close] without [#commit] abandons it
/// and leaves nothing behind.
public interface ObjectUpload extends AutoCloseable {
  /// Appends bytes; the array may be reused by the caller after the call.
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Bytes written so far.
  long size();

  /// Makes the object visible and durable under its key, replacing an existing one.
  void commit() throws IOException;

  @Override
  void close() throws IOException;
}
