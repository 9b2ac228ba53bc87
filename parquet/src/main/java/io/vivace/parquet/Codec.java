package io.vivace.parquet;

/// How pages are compressed.
public enum Codec {
  UNCOMPRESSED(0),
  SNAPPY(1),
  GZIP(2),
  ZSTD(6);

  private final int id;

  Codec(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }

  static Codec of(int id) throws MalformedParquetException {
    return switch (id) {
      case 0 -> UNCOMPRESSED;
      case 1 -> SNAPPY;
      case 2 -> GZIP;
      case 6 -> ZSTD;
      default ->
          throw new MalformedParquetException("compression codec " + id + " is not supported");
    };
  }
}
