package io.vivace.parquet;

import java.io.IOException;

/// Decodes dictionary pages.
final class DictionaryReader {
  private DictionaryReader() {}

  /// @param at start of the body in `source`, which has [BitUnpacker#PADDING_BYTES] after it
  static Values read(
      PageHeader header, ColumnChunk chunk, byte[] source, int at, ReadOptions options)
      throws IOException {
    if (header.encoding() != PageEncodings.PLAIN
        && header.encoding() != PageEncodings.PLAIN_DICTIONARY) {
      throw new MalformedParquetException("dictionary page in encoding " + header.encoding());
    }
    if (header.entryCount() > options.maxEntries()) {
      throw new MalformedParquetException("a dictionary of " + header.entryCount() + " entries");
    }
    ParquetLeaf leaf = chunk.leaf();
    // A dictionary page has no levels: opened as if the column could have none.
    ParquetLeaf flat =
        new ParquetLeaf(
            leaf.index(),
            leaf.path(),
            leaf.dottedPath(),
            leaf.repetition(),
            leaf.type(),
            leaf.typeLengthBytes(),
            leaf.logicalType(),
            0,
            0,
            leaf.repeatedDefinitionLevels());
    try (Decompressor decompressor = new Decompressor()) {
      PageBody body = new PageBody();
      body.open(header, flat, chunk.codec(), source, at, options, decompressor);
      int bytes = body.valuesEnd - body.valuesAt;
      ValueDecoder decoder = ValueDecoder.of(leaf, header.entryCount(), bytes, options);
      decoder.append(
          PageEncodings.PLAIN,
          body.values,
          body.valuesAt,
          body.valuesEnd,
          header.entryCount(),
          new Values.Booleans(new byte[0], 0));
      return decoder.result();
    }
  }
}
