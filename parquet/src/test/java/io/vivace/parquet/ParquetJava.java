package io.vivace.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/// The reference implementation, without a Hadoop installation.
final class ParquetJava {
  private ParquetJava() {}

  static ParquetFileReader open(Path file) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .usePageChecksumVerification()
            .build();
    return new ParquetFileReader(new LocalInputFile(file), options);
  }

  /// All columns of the next row group as [SampleFile#entries] has them, or null.
  static List<List<String>> nextGroup(ParquetFileReader reader) throws IOException {
    PageReadStore pages = reader.readNextRowGroup();
    if (pages == null) {
      return null;
    }
    MessageType schema = reader.getFooter().getFileMetaData().getSchema();
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            pages,
            new GroupRecordConverter(schema).getRootConverter(),
            schema,
            reader.getFooter().getFileMetaData().getCreatedBy());
    List<List<String>> columns = new ArrayList<>();
    for (ColumnDescriptor column : schema.getColumns()) {
      columns.add(entries(store.getColumnReader(column), column));
    }
    return columns;
  }

  private static List<String> entries(ColumnReader reader, ColumnDescriptor column) {
    List<String> lines = new ArrayList<>();
    for (long i = 0; i < reader.getTotalValueCount(); i++) {
      int d = reader.getCurrentDefinitionLevel();
      String value = d == column.getMaxDefinitionLevel() ? value(reader, column) : "null";
      lines.add(reader.getCurrentRepetitionLevel() + "/" + d + " " + value);
      reader.consume();
    }
    return lines;
  }

  private static String value(ColumnReader reader, ColumnDescriptor column) {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> Long.toString(reader.getLong());
      case INT32 -> Integer.toString(reader.getInteger());
      case DOUBLE -> Long.toHexString(Double.doubleToRawLongBits(reader.getDouble()));
      case FLOAT -> Long.toHexString(Double.doubleToRawLongBits(reader.getFloat()));
      case BOOLEAN -> reader.getBoolean() ? "1" : "0";
      case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> SampleFile.text(reader.getBinary().getBytes());
    };
  }

  record Layout(
      ParquetProperties.WriterVersion version,
      CompressionCodecName codec,
      boolean dictionary,
      int dictionaryBytes,
      int pageBytes,
      int pageRows) {}

  /// Reads all rows of a file and writes them to another one.
  static void rewrite(Path from, Path to, Layout layout) throws IOException {
    try (ParquetFileReader reader = open(from)) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      ExampleParquetWriter.Builder builder =
          ExampleParquetWriter.builder(new LocalOutputFile(to))
              .withType(schema)
              .withConf(new PlainParquetConfiguration())
              .withCodecFactory(new Codecs())
              .withCompressionCodec(layout.codec())
              .withWriterVersion(layout.version())
              .withDictionaryEncoding(layout.dictionary())
              .withDictionaryPageSize(layout.dictionaryBytes())
              .withPageSize(layout.pageBytes())
              .withPageRowCountLimit(layout.pageRows())
              .withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
      try (ParquetWriter<Group> writer = builder.build()) {
        for (PageReadStore pages = reader.readNextRowGroup();
            pages != null;
            pages = reader.readNextRowGroup()) {
          RecordReader<Group> records =
              new ColumnIOFactory()
                  .getColumnIO(schema)
                  .getRecordReader(pages, new GroupRecordConverter(schema));
          for (long row = 0; row < pages.getRowCount(); row++) {
            writer.write(records.read());
          }
        }
      }
    }
  }

  private static final class Codecs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return new BytesInputCompressor() {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
          byte[] plain = bytes.toByteArray();
          return switch (codec) {
            case SNAPPY -> BytesInput.from(org.xerial.snappy.Snappy.compress(plain));
            case ZSTD -> BytesInput.from(com.github.luben.zstd.Zstd.compress(plain));
            case GZIP -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(plain);
              }
              yield BytesInput.from(out.toByteArray());
            }
            default -> BytesInput.from(plain);
          };
        }

        @Override
        public CompressionCodecName getCodecName() {
          return codec;
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      return new BytesInputDecompressor() {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
          byte[] packed = bytes.toByteArray();
          if (packed.length == 0 || size == 0) {
            return BytesInput.from(new byte[size]);
          }
          return switch (codec) {
            case SNAPPY -> BytesInput.from(org.xerial.snappy.Snappy.uncompress(packed));
            case ZSTD -> BytesInput.from(com.github.luben.zstd.Zstd.decompress(packed, size));
            case GZIP -> {
              try (GZIPInputStream gzip =
                  new GZIPInputStream(new java.io.ByteArrayInputStream(packed))) {
                yield BytesInput.from(gzip.readAllBytes());
              }
            }
            default -> BytesInput.from(packed);
          };
        }

        @Override
        public void decompress(ByteBuffer input, int packedSize, ByteBuffer output, int size)
            throws IOException {
          byte[] packed = new byte[packedSize];
          input.get(packed);
          output.put(decompress(BytesInput.from(packed), size).toByteArray());
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public void release() {}
  }
}
