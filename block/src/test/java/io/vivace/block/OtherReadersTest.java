package io.vivace.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.vivace.batch.Level;
import io.vivace.batch.TraceColumns;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.objectstore.local.LocalObjectStore;
import io.vivace.parquet.ParquetFile;
import io.vivace.parquet.RandomAccessInput;
import io.vivace.testkit.otlp.OtlpTrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks written here, read by parquet-java and DuckDB.
final class OtherReadersTest {
  private static final Set<String> IDS = Set.of("TraceID", "SpanID", "ParentSpanID");

  @TempDir private Path directory;

  @Test
  void rowsAreEqualInAllReaders() throws Exception {
    List<OtlpTrace> traces = TestTraces.mixed(11, 150);
    traces.add(TestTraces.large(12, 3000));
    check(traces, BlockWriterOptions.DEFAULT.withRowGroupSizeBytes(90_000).withPageSpanLimit(200));
  }

  @Test
  @Tag("full")
  void rowsOfALargeTraceAreEqualInAllReaders() throws Exception {
    List<OtlpTrace> traces = TestTraces.mixed(13, 2000);
    traces.add(TestTraces.large(14, 200_000));
    check(
        traces, BlockWriterOptions.DEFAULT.withRowGroupSizeBytes(600_000).withPageSpanLimit(1000));
  }

  @Test
  void traceLargerThanARowGroupUsuallyIsComesBackWhole() throws Exception {
    List<OtlpTrace> traces = TestTraces.shop(15, 50);
    OtlpTrace large = TestTraces.large(16, 140_000);
    traces.add(large);
    BlockReader block = write(traces, BlockWriterOptions.DEFAULT);
    TraceColumns found = block.find(List.of(large.id()));
    assertThat(found.count(Level.SPAN)).isEqualTo(140_000);
  }

  private BlockReader write(List<OtlpTrace> traces, BlockWriterOptions options) throws IOException {
    LocalObjectStore store = new LocalObjectStore(directory);
    BlockMeta meta =
        new BlockWriter(store, options)
            .write(
                new TenantId("t"),
                BlockId.random(),
                List.of(TestTraces.columns(traces)),
                TimeRange.ALL);
    return BlockReader.open(store, meta, new BlockCache(64 << 20));
  }

  private void check(List<OtlpTrace> traces, BlockWriterOptions options) throws Exception {
    BlockReader block = write(traces, options);
    Path path = directory.resolve(block.meta().key(BlockObjects.DATA));
    byte[] file = Files.readAllBytes(path);
    assertThat(block.rowGroupCount()).isGreaterThanOrEqualTo(3);
    ParquetFile parquet = ParquetFile.open(RandomAccessInput.of(file));
    assertThat(parquet.reader(0, 0).offsetIndex().pageCount()).isGreaterThanOrEqualTo(2);
    List<JsonObject> ours = JsonRows.of(file);
    assertThat(ours).hasSize(traces.size());
    List<JsonObject> java = parquetJavaRows(path);
    List<JsonObject> duck = duckRows(path);
    assertThat(java).hasSameSizeAs(ours);
    assertThat(duck).hasSameSizeAs(ours);
    for (int i = 0; i < ours.size(); i++) {
      String expected = JsonRows.canonical(ours.get(i));
      assertThat(JsonRows.canonical(java.get(i))).isEqualTo(expected);
      assertThat(JsonRows.canonical(duck.get(i))).isEqualTo(expected);
    }
  }

  static List<JsonObject> parquetJavaRows(Path path) throws IOException {
    List<JsonObject> rows = new ArrayList<>();
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new Zstandard())
            .build();
    try (ParquetFileReader reader = new ParquetFileReader(new LocalInputFile(path), options)) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      MessageColumnIO io = new ColumnIOFactory().getColumnIO(schema);
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        RecordReader<Group> records = io.getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount(); i++) {
          rows.add(json(records.read()));
        }
      }
    }
    return rows;
  }

  private static JsonObject json(Group group) {
    JsonObject object = new JsonObject();
    for (int field = 0; field < group.getType().getFieldCount(); field++) {
      Type type = group.getType().getType(field);
      int count = group.getFieldRepetitionCount(field);
      JsonArray list = new JsonArray();
      for (int i = 0; i < count; i++) {
        list.add(
            type.isPrimitive() ? value(group, field, i, type) : json(group.getGroup(field, i)));
      }
      if (type.isRepetition(Type.Repetition.REPEATED)) {
        object.add(type.getName(), list);
      } else if (count > 0) {
        object.add(type.getName(), list.get(0));
      }
    }
    return object;
  }

  private static JsonElement value(Group group, int field, int i, Type type) {
    boolean isUnsigned =
        type.getLogicalTypeAnnotation()
                instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation integer
            && !integer.isSigned();
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> {
        long value = group.getLong(field, i);
        yield new JsonPrimitive(
            isUnsigned ? new BigDecimal(Long.toUnsignedString(value)) : BigDecimal.valueOf(value));
      }
      case INT32 -> {
        int value = group.getInteger(field, i);
        yield new JsonPrimitive(isUnsigned ? Integer.toUnsignedLong(value) : (long) value);
      }
      case DOUBLE -> JsonRows.number(group.getDouble(field, i));
      case BOOLEAN -> new JsonPrimitive(group.getBoolean(field, i));
      case BINARY -> JsonRows.text(type.getName(), group.getBinary(field, i).getBytes());
      default -> throw new IllegalStateException(type.toString());
    };
  }

  private static List<JsonObject> duckRows(Path path) throws SQLException {
    List<JsonObject> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT CAST(to_json(t) AS VARCHAR) FROM read_parquet('" + path + "') t")) {
      while (result.next()) {
        JsonObject row = JsonParser.parseString(result.getString(1)).getAsJsonObject();
        decodeIds(row);
        rows.add(row);
      }
    }
    return rows;
  }

  private static void decodeIds(JsonElement element) {
    if (element instanceof JsonArray array) {
      array.forEach(OtherReadersTest::decodeIds);
    } else if (element instanceof JsonObject object) {
      for (String name : List.copyOf(object.keySet())) {
        JsonElement value = object.get(name);
        if (IDS.contains(name)) {
          object.addProperty(
              name, Base64.getEncoder().encodeToString(unescape(value.getAsString())));
        } else {
          decodeIds(value);
        }
      }
    }
  }

  /// DuckDB prints bytes as characters or as `\xHH`.
  private static byte[] unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        bytes.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  /// Decompression without a Hadoop installation.
  private static final class Zstandard implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException();
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
            case ZSTD -> BytesInput.from(com.github.luben.zstd.Zstd.decompress(packed, size));
            case UNCOMPRESSED -> bytes;
            default -> throw new IOException("unexpected codec " + codec);
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
