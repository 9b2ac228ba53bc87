package io.vivace.parquet;

import java.io.IOException;
import java.util.zip.CRC32;

/// The body of a data page, decompressed: where its levels and its values are. Reuses one array for
/// page after page.
final class PageBody {
  private byte[] scratch = new byte[0];

  byte[] levels = scratch;
  int repetitionAt;
  int repetitionEnd;
  int definitionAt;
  int definitionEnd;
  byte[] values = scratch;
  int valuesAt;
  int valuesEnd;

  /// @param at start of the body in `source`, which has [BitUnpacker#PADDING_BYTES] after it
  void open(
      PageHeader header,
      ParquetLeaf leaf,
      Codec codec,
      byte[] source,
      int at,
      ReadOptions options,
      Decompressor decompressor)
      throws IOException {
    if (options.verifyChecksums() && header.hasChecksum()) {
      CRC32 crc = new CRC32();
      crc.update(source, at, header.compressedBytes());
      if ((int) crc.getValue() != header.checksum()) {
        throw new MalformedParquetException("the checksum does not match");
      }
    }
    if (header.kind() == PageHeader.Kind.DATA_V2) {
      openV2(header, codec, source, at, options, decompressor);
    } else {
      openV1(header, leaf, codec, source, at, options, decompressor);
    }
  }

  private void openV2(
      PageHeader header,
      Codec codec,
      byte[] source,
      int at,
      ReadOptions options,
      Decompressor decompressor)
      throws IOException {
    levels = source;
    repetitionAt = at;
    repetitionEnd = at + header.repetitionLevelBytes();
    definitionAt = repetitionEnd;
    definitionEnd = definitionAt + header.definitionLevelBytes();
    int levelBytes = definitionEnd - at;
    inflate(
        header.compressed() ? codec : Codec.UNCOMPRESSED,
        source,
        definitionEnd,
        header.compressedBytes() - levelBytes,
        header.uncompressedBytes() - levelBytes,
        options,
        decompressor);
  }

  private void openV1(
      PageHeader header,
      ParquetLeaf leaf,
      Codec codec,
      byte[] source,
      int at,
      ReadOptions options,
      Decompressor decompressor)
      throws IOException {
    inflate(
        codec,
        source,
        at,
        header.compressedBytes(),
        header.uncompressedBytes(),
        options,
        decompressor);
    levels = values;
    repetitionAt = valuesAt;
    repetitionEnd = valuesAt;
    if (leaf.maxRepetitionLevel() > 0) {
      requireRunLength(header.repetitionLevelEncoding());
      repetitionAt = levelsAt("repetition");
      repetitionEnd = valuesAt;
    }
    definitionAt = valuesAt;
    definitionEnd = valuesAt;
    if (leaf.maxDefinitionLevel() > 0) {
      requireRunLength(header.definitionLevelEncoding());
      definitionAt = levelsAt("definition");
      definitionEnd = valuesAt;
    }
  }

  private static void requireRunLength(int encoding) throws MalformedParquetException {
    if (encoding != PageEncodings.RLE) {
      throw new MalformedParquetException("levels in encoding " + encoding + " are not supported");
    }
  }

  /// Moves on behind a level stream.
  ///
  /// @return where it starts
  private int levelsAt(String which) throws MalformedParquetException {
    int left = valuesEnd - valuesAt;
    int length = left < 4 ? -1 : LittleEndian.getInt(values, valuesAt);
    if (length < 0 || length > left - 4) {
      throw new MalformedParquetException(
          which
              + " levels of "
              + Integer.toUnsignedString(length)
              + " bytes where "
              + left
              + " are left");
    }
    int at = valuesAt + 4;
    valuesAt = at + length;
    return at;
  }

  private void inflate(
      Codec codec,
      byte[] source,
      int from,
      int length,
      int size,
      ReadOptions options,
      Decompressor decompressor)
      throws IOException {
    if (size > options.maxPageBytes()) {
      throw new MalformedParquetException(
          "a page of " + size + " bytes, the limit is " + options.maxPageBytes());
    }
    Decompressor.check(codec, source, from, length, size);
    if (codec == Codec.UNCOMPRESSED) {
      values = source;
      valuesAt = from;
      valuesEnd = from + size;
      return;
    }
    if (scratch.length < size + BitUnpacker.PADDING_BYTES) {
      scratch = new byte[(int) Math.min(Integer.MAX_VALUE - 64, size + (size >>> 2) + 64L)];
    }
    decompressor.decompress(codec, source, from, length, scratch, 0, size);
    values = scratch;
    valuesAt = 0;
    valuesEnd = size;
  }
}
