package io.vivace.parquet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes footers.
final class FooterWriter {
  private static final int FORMAT_VERSION = 2;

  /// @param indexOffsets where the column index of each chunk is, then where its offset index is
  record Group(int rowCount, List<WrittenChunk> chunks, long[] indexOffsets) {}

  private final ThriftWriter out;

  private FooterWriter(ThriftWriter out) {
    this.out = out;
  }

  static void write(
      ParquetSchema schema, List<Group> groups, long rowCount, String createdBy, ByteBuilder out) {
    new FooterWriter(new ThriftWriter(out)).write(schema, groups, rowCount, createdBy);
  }

  private void write(ParquetSchema schema, List<Group> groups, long rowCount, String createdBy) {
    out.field(1, FORMAT_VERSION);
    out.list(2, ThriftReader.TYPE_STRUCT, 1 + count(schema.fields()));
    out.elementStruct();
    out.field(4, schema.name());
    out.field(5, schema.fields().size());
    out.end();
    schema.fields().forEach(this::writeField);
    out.field(3, rowCount);
    out.list(4, ThriftReader.TYPE_STRUCT, groups.size());
    for (int ordinal = 0; ordinal < groups.size(); ordinal++) {
      writeGroup(groups.get(ordinal), ordinal);
    }
    out.field(6, createdBy);
    out.list(7, ThriftReader.TYPE_STRUCT, schema.leafCount());
    for (int leaf = 0; leaf < schema.leafCount(); leaf++) {
      // The order that the type defines.
      out.elementStruct();
      out.struct(1);
      out.end();
      out.end();
    }
    out.endAll();
  }

  private static int count(List<ParquetField> fields) {
    int count = fields.size();
    for (ParquetField field : fields) {
      count += field instanceof ParquetField.Group group ? count(group.fields()) : 0;
    }
    return count;
  }

  private void writeField(ParquetField field) {
    out.elementStruct();
    if (field instanceof ParquetField.Leaf leaf) {
      out.field(1, leaf.type().ordinal());
      if (leaf.typeLengthBytes() > 0) {
        out.field(2, leaf.typeLengthBytes());
      }
    }
    out.field(3, field.repetition().ordinal());
    out.field(4, field.name());
    if (field instanceof ParquetField.Group group) {
      out.field(5, group.fields().size());
    }
    writeLogicalType(field.logicalType());
    out.end();
    if (field instanceof ParquetField.Group group) {
      group.fields().forEach(this::writeField);
    }
  }

  /// Writes the old and the new form of the annotation.
  private void writeLogicalType(@Nullable LogicalType type) {
    switch (type) {
      case null -> {}
      case LogicalType.StringType string -> writeLogicalType(0, 1);
      case LogicalType.MapType map -> writeLogicalType(1, 2);
      case LogicalType.ListType list -> writeLogicalType(3, 3);
      case LogicalType.IntegerType integer -> {
        int size = Integer.numberOfTrailingZeros(integer.bits()) - 3;
        out.field(6, (integer.signed() ? 15 : 11) + size);
        out.struct(10);
        out.struct(10);
        out.byteField(1, integer.bits());
        out.field(2, integer.signed());
        out.end();
        out.end();
      }
      case LogicalType.Other other ->
          throw new IllegalArgumentException("annotation " + other + " cannot be written");
    }
  }

  private void writeLogicalType(int convertedType, int logicalType) {
    out.field(6, convertedType);
    out.struct(10);
    out.struct(logicalType);
    out.end();
    out.end();
  }

  private void writeGroup(Group group, int ordinal) {
    long compressed = 0;
    long uncompressed = 0;
    for (WrittenChunk chunk : group.chunks()) {
      compressed += chunk.compressedBytes();
      uncompressed += chunk.uncompressedBytes();
    }
    out.elementStruct();
    out.list(1, ThriftReader.TYPE_STRUCT, group.chunks().size());
    for (int i = 0; i < group.chunks().size(); i++) {
      writeChunk(
          group.chunks().get(i), group.indexOffsets()[2 * i], group.indexOffsets()[2 * i + 1]);
    }
    out.field(2, uncompressed);
    out.field(3, (long) group.rowCount());
    out.field(5, group.chunks().getFirst().offset());
    out.field(6, compressed);
    if (ordinal <= Short.MAX_VALUE) {
      out.shortField(7, ordinal);
    }
    out.end();
  }

  private void writeChunk(WrittenChunk chunk, long columnIndexOffset, long offsetIndexOffset) {
    out.elementStruct();
    out.field(2, 0L);
    out.struct(3);
    out.field(1, chunk.leaf().type().ordinal());
    out.list(2, ThriftReader.TYPE_I32, chunk.encodings().size());
    for (int encoding : chunk.encodings()) {
      out.element((long) encoding);
    }
    out.list(3, ThriftReader.TYPE_BINARY, chunk.leaf().path().size());
    for (String name : chunk.leaf().path()) {
      out.element(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    out.field(4, chunk.codec().id());
    out.field(5, chunk.entryCount());
    out.field(6, chunk.uncompressedBytes());
    out.field(7, chunk.compressedBytes());
    out.field(9, chunk.dataPageOffset());
    if (chunk.dictionaryPageOffset() >= 0) {
      out.field(11, chunk.dictionaryPageOffset());
    }
    writeStatistics(chunk);
    out.end();
    out.field(4, offsetIndexOffset);
    out.field(5, chunk.offsetIndex().length);
    byte[] columnIndex = chunk.columnIndex();
    if (columnIndex != null) {
      out.field(6, columnIndexOffset);
      out.field(7, columnIndex.length);
    }
    out.end();
  }

  private void writeStatistics(WrittenChunk chunk) {
    byte[] min = chunk.min();
    byte[] max = chunk.max();
    out.struct(12);
    out.field(3, chunk.nullCount());
    if (min != null && max != null) {
      out.field(5, max);
      out.field(6, min);
      out.field(7, chunk.maxExact());
      out.field(8, chunk.minExact());
    }
    out.end();
  }
}
