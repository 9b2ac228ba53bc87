package io.vivace.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Compresses pages. Keeps one Zstandard context, which is costly to make. Belongs to one thread.
final class Compressor implements AutoCloseable {
  private final ByteBuilder out = new ByteBuilder(1 << 16);
  private @Nullable ZstdCompressCtx zstd;
  private int zstdLevel;

  /// Compresses all of `page`. The result is `page` itself or is overwritten by the next call.
  ByteBuilder compress(ColumnOptions options, ByteBuilder page) throws IOException {
    out.clear();
    switch (options.codec()) {
      case UNCOMPRESSED -> {
        return page;
      }
      case SNAPPY -> {
        out.reserve(Snappy.maxCompressedLength(page.size));
        out.size = Snappy.compress(page.bytes, 0, page.size, out.bytes, 0);
      }
      case ZSTD -> {
        ZstdCompressCtx context = zstd(options.compressionLevel());
        out.reserve(Math.toIntExact(Zstd.compressBound(page.size)));
        out.size =
            context.compressByteArray(out.bytes, 0, out.bytes.length, page.bytes, 0, page.size);
      }
      case GZIP -> {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
          gzip.write(page.bytes, 0, page.size);
        }
        out.put(compressed.toByteArray(), 0, compressed.size());
      }
    }
    return out;
  }

  private ZstdCompressCtx zstd(int level) {
    if (zstd == null) {
      zstd = new ZstdCompressCtx();
      zstd.setLevel(level);
      zstdLevel = level;
    }
    if (zstdLevel != level) {
      zstd.setLevel(level);
      zstdLevel = level;
    }
    return zstd;
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }
}
