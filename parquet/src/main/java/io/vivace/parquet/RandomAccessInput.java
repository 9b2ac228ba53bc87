package io.vivace.parquet;

import java.io.IOException;

/// The bytes of one immutable file. Implementations may be used by several threads at once.
public interface RandomAccessInput {
  /// The size in bytes.
  long size() throws IOException;

  /// Reads exactly `length` bytes from `position` into `target` at `offset`.
  ///
  /// @throws java.io.EOFException if the file ends before
  void read(long position, byte[] target, int offset, int length) throws IOException;

  /// A file that is held in memory. The array is not copied and must not be changed.
  static RandomAccessInput of(byte[] file) {
    return new RandomAccessInput() {
      @Override
      public long size() {
        return file.length;
      }

      @Override
      public void read(long position, byte[] target, int offset, int length)
          throws java.io.EOFException {
        if (position < 0 || position > file.length - (long) length) {
          throw new java.io.EOFException(
              "read of " + length + " bytes at " + position + " of " + file.length);
        }
        System.arraycopy(file, (int) position, target, offset, length);
      }
    };
  }
}
