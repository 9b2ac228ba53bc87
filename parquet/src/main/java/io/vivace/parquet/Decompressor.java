package io.vivace.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Decompresses pages. Checks what a frame says of its size before anything is allocated for it.
/// Belongs to one thread.
final class Decompressor implements AutoCloseable {
  // The most that one byte of DEFLATE can become, rounded up.
  private static final int MAX_DEFLATE_RATIO = 1040;
  private static final int GZIP_HEADER_BYTES = 10;
  private static final int GZIP_TRAILER_BYTES = 8;

  private @Nullable ZstdDecompressCtx zstd;

  /// Fails if the compressed bytes cannot become `size` bytes.
  static void check(Codec codec, byte[] source, int from, int length, int size) throws IOException {
    if (length == 0) {
      if (size != 0) {
        throw new MalformedParquetException("0 compressed bytes for " + size);
      }
      return;
    }
    switch (codec) {
      case UNCOMPRESSED -> {
        if (length != size) {
          throw new MalformedParquetException(
              length + " bytes where " + size + " uncompressed ones are stated");
        }
      }
      case SNAPPY -> {
        int stated = snappySize(source, from, length);
        if (stated != size) {
          throw new MalformedParquetException("Snappy of " + stated + " bytes, not " + size);
        }
      }
      case ZSTD -> {
        long stated = Zstd.getFrameContentSize(source, from, length);
        if (stated > 0 && stated != size) {
          throw new MalformedParquetException("Zstandard of " + stated + " bytes, not " + size);
        }
      }
      case GZIP -> {
        if (size > (long) length * MAX_DEFLATE_RATIO) {
          throw new MalformedParquetException(length + " bytes of GZIP cannot become " + size);
        }
      }
    }
  }

  private static int snappySize(byte[] source, int from, int length)
      throws MalformedParquetException {
    try {
      return Snappy.uncompressedLength(source, from, length);
    } catch (IOException e) {
      throw new MalformedParquetException("not a Snappy frame", e);
    }
  }

  /// Decompresses to exactly `size` bytes; [#check] must have passed.
  void decompress(Codec codec, byte[] source, int from, int length, byte[] target, int at, int size)
      throws IOException {
    if (length == 0) {
      return;
    }
    switch (codec) {
      case UNCOMPRESSED -> System.arraycopy(source, from, target, at, size);
      case SNAPPY -> snappy(source, from, length, target, at, size);
      case ZSTD -> zstandard(source, from, length, target, at, size);
      case GZIP -> gzip(source, from, length, target, at, size);
    }
  }

  private static void snappy(byte[] source, int from, int length, byte[] target, int at, int size)
      throws MalformedParquetException {
    int written;
    try {
      written = Snappy.uncompress(source, from, length, target, at);
    } catch (IOException e) {
      throw new MalformedParquetException("broken Snappy data", e);
    }
    if (written != size) {
      throw new MalformedParquetException("Snappy gave " + written + " bytes, not " + size);
    }
  }

  private void zstandard(byte[] source, int from, int length, byte[] target, int at, int size)
      throws MalformedParquetException {
    if (zstd == null) {
      zstd = new ZstdDecompressCtx();
    }
    int written;
    try {
      written = zstd.decompressByteArray(target, at, size, source, from, length);
    } catch (ZstdException e) {
      throw new MalformedParquetException("broken Zstandard data: " + e.getMessage(), e);
    }
    if (written != size) {
      throw new MalformedParquetException("Zstandard gave " + written + " bytes, not " + size);
    }
  }

  private static void gzip(byte[] source, int from, int length, byte[] target, int at, int size)
      throws IOException {
    // Writers of Parquet use the JDK or zlib defaults: one member without optional header fields.
    boolean plain =
        length >= GZIP_HEADER_BYTES + GZIP_TRAILER_BYTES
            && source[from] == 0x1f
            && source[from + 1] == (byte) 0x8b
            && source[from + 2] == 8
            && source[from + 3] == 0;
    if (!plain) {
      throw new MalformedParquetException("not a GZIP member without optional fields");
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(source, from + GZIP_HEADER_BYTES, length - GZIP_HEADER_BYTES);
      int done = 0;
      while (done < size) {
        int n = inflater.inflate(target, at + done, size - done);
        if (n == 0) {
          throw new MalformedParquetException("GZIP gave " + done + " bytes, not " + size);
        }
        done += n;
      }
    } catch (DataFormatException e) {
      throw new MalformedParquetException("broken GZIP data", e);
    } finally {
      inflater.end();
    }
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }
}
