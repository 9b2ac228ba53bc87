package io.vivace.ingest.receiver;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyFramedInputStream;

/// How a request is compressed.
enum Coding {
  IDENTITY,
  GZIP,
  /// zlib container, also under the name `deflate`.
  ZLIB,
  ZSTD,
  /// One raw block, or a framed stream if it begins like one.
  SNAPPY,
  SNAPPY_FRAMED;

  private static final int STREAM_BUFFER_BYTES = 8192;
  private static final int ZSTD_MAX_WINDOW_LOG = 23;
  private static final byte[] SNAPPY_STREAM_START = {
    (byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'
  };

  /// The coding that an HTTP `Content-Encoding` names; null or empty is none.
  static Coding ofHttp(@Nullable String name) {
    if (name == null) {
      return IDENTITY;
    }
    return switch (name) {
      case "", "identity" -> IDENTITY;
      case "gzip" -> GZIP;
      case "zlib", "deflate" -> ZLIB;
      case "zstd" -> ZSTD;
      case "snappy" -> SNAPPY;
      case "x-snappy-framed" -> SNAPPY_FRAMED;
      default ->
          throw new RequestException(
              ErrorCategory.INVALID_ARGUMENT, "unsupported Content-Encoding: " + name);
    };
  }

  /// The coding that `grpc-encoding` names; null is none.
  static Coding ofGrpc(@Nullable String name) {
    if (name == null) {
      return IDENTITY;
    }
    return switch (name) {
      case "identity" -> IDENTITY;
      case "gzip" -> GZIP;
      case "zstd" -> ZSTD;
      case "snappy" -> SNAPPY_FRAMED;
      default ->
          throw new RequestException(
              ErrorCategory.UNIMPLEMENTED,
              "grpc: Decompressor is not installed for grpc-encoding \"" + name + "\"");
    };
  }

  /// Decompresses into `target`, which bounds the size while the stream runs.
  ///
  /// @throws RequestException `INVALID_ARGUMENT` for damaged data, and what [BodyBuffer#ensure]
  ///   says
  void decode(byte[] source, int offset, int length, BodyBuffer target) {
    try {
      if (this == SNAPPY && !startsSnappyStream(source, offset, length)) {
        decodeSnappyBlock(source, offset, length, target);
        return;
      }
      try (InputStream in = open(new ByteArrayInputStream(source, offset, length))) {
        drain(in, target);
      }
    } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "damaged " + this + " data: " + e.getMessage(), e);
    }
  }

  private InputStream open(InputStream in) throws IOException {
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, STREAM_BUFFER_BYTES);
      case ZLIB -> new InflaterInputStream(in);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_MAX_WINDOW_LOG);
      case SNAPPY, SNAPPY_FRAMED -> new SnappyFramedInputStream(in);
    };
  }

  private static void drain(InputStream in, BodyBuffer target) throws IOException {
    while (true) {
      if (target.room() == 0) {
        if (target.isFull()) {
          // Only an end may follow now.
          if (in.read() >= 0) {
            target.ensure(1);
          }
          return;
        }
        target.ensure(1);
      }
      int read = in.read(target.array(), target.size(), target.room());
      if (read < 0) {
        return;
      }
      target.advance(read);
    }
  }

  private static boolean startsSnappyStream(byte[] source, int offset, int length) {
    if (length < SNAPPY_STREAM_START.length) {
      return false;
    }
    for (int i = 0; i < SNAPPY_STREAM_START.length; i++) {
      if (source[offset + i] != SNAPPY_STREAM_START[i]) {
        return false;
      }
    }
    return true;
  }

  private static void decodeSnappyBlock(byte[] source, int offset, int length, BodyBuffer target)
      throws IOException {
    int size = Snappy.uncompressedLength(source, offset, length);
    if (size < 0) {
      throw new IOException("negative length");
    }
    target.ensure(size);
    if (!Snappy.isValidCompressedBuffer(source, offset, length)) {
      throw new IOException("not a snappy block");
    }
    target.advance(Snappy.uncompress(source, offset, length, target.array(), 0));
  }
}
