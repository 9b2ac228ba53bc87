package io.vivace.block;

import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// `meta.json` as text. Reading ignores unknown keys and their order; writing has the order and the
/// omissions that other readers know.
public final class BlockMetaJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter()
          .withZone(ZoneOffset.UTC);

  private BlockMetaJson() {}

  /// The bytes of `meta.json`.
  public static byte[] write(BlockMeta meta) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeStringProperty("format", meta.format().text());
      json.writeStringProperty("blockID", meta.id().toString());
      json.writeStringProperty("tenantID", meta.tenant().value());
      json.writeStringProperty("startTime", TIME.format(meta.startTime()));
      json.writeStringProperty("endTime", TIME.format(meta.endTime()));
      json.writeNumberProperty("totalObjects", meta.traceCount());
      if (meta.sizeBytes() != 0) {
        json.writeNumberProperty("size", meta.sizeBytes());
      }
      json.writeNumberProperty("compactionLevel", meta.compactionLevel());
      json.writeNumberProperty("indexPageSize", 0);
      json.writeNumberProperty("totalRecords", meta.rowGroupCount());
      json.writeNumberProperty("bloomShards", meta.bloomShardCount());
      json.writeNumberProperty("footerSize", meta.footerSizeBytes());
      if (!meta.dedicatedColumns().columns().isEmpty()) {
        json.writeName("dedicatedColumns");
        writeColumns(json, meta.dedicatedColumns());
      }
      if (meta.replicationFactor() != 0) {
        json.writeNumberProperty("replicationFactor", meta.replicationFactor());
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeColumns(JsonGenerator json, DedicatedColumns columns) {
    json.writeStartArray();
    for (DedicatedColumn column : columns.columns()) {
      json.writeStartObject();
      if (column.scope() != DedicatedColumn.Scope.SPAN) {
        json.writeStringProperty("s", column.scope().text());
      }
      json.writeStringProperty("n", column.name());
      if (column.type() != DedicatedColumn.Type.STRING) {
        json.writeStringProperty("t", column.type().text());
      }
      if (!column.options().isEmpty()) {
        json.writeName("o");
        json.writeStartArray();
        column.options().stream().sorted().forEach(option -> json.writeString(option.text()));
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /// Parses the bytes of `meta.json` or `meta.compacted.json`.
  ///
  /// @param source named in error messages
  /// @throws IOException if it is not a descriptor, or of a version that is not supported
  public static BlockMeta read(byte[] bytes, String source) throws IOException {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      Fields fields = new Fields(source);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(source + ": no JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.read(name, json);
      }
      return fields.toMeta();
    } catch (JacksonException e) {
      throw new IOException(source + ": " + e.getOriginalMessage(), e);
    }
  }

  private static final class Fields {
    private final String source;
    private String format = "";
    private String id = "";
    private String tenant = "";
    private Instant startTime = Instant.EPOCH;
    private Instant endTime = Instant.EPOCH;
    private long traceCount;
    private long sizeBytes;
    private int compactionLevel;
    private int rowGroupCount;
    private int bloomShardCount;
    private int footerSizeBytes;
    private DedicatedColumns dedicatedColumns = DedicatedColumns.NONE;
    private int replicationFactor;

    Fields(String source) {
      this.source = source;
    }

    void read(String name, JsonParser json) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        return;
      }
      switch (name) {
        case "format" -> format = text(name, json);
        case "blockID" -> id = text(name, json);
        case "tenantID" -> tenant = text(name, json);
        case "startTime" -> startTime = time(name, json);
        case "endTime" -> endTime = time(name, json);
        case "totalObjects" -> traceCount = number(name, json, Long.MAX_VALUE);
        case "size" -> sizeBytes = number(name, json, Long.MAX_VALUE);
        case "compactionLevel" -> compactionLevel = integer(name, json);
        case "totalRecords" -> rowGroupCount = integer(name, json);
        case "bloomShards" -> bloomShardCount = integer(name, json);
        case "footerSize" -> footerSizeBytes = integer(name, json);
        case "dedicatedColumns" -> dedicatedColumns = columns(json);
        case "replicationFactor" -> replicationFactor = integer(name, json);
        default -> json.skipChildren();
      }
    }

    BlockMeta toMeta() throws IOException {
      BlockFormat known =
          BlockFormat.parse(format).orElseThrow(() -> bad("format", format, "vParquet3, 4 or 5"));
      BlockId blockId = BlockId.parse(id).orElseThrow(() -> bad("blockID", id, "a UUID"));
      TenantId owner;
      try {
        owner = new TenantId(tenant);
      } catch (RequestException e) {
        throw new IOException(source + ": tenantID: " + e.getMessage(), e);
      }
      return new BlockMeta(
          known,
          blockId,
          owner,
          startTime,
          endTime,
          traceCount,
          sizeBytes,
          compactionLevel,
          rowGroupCount,
          bloomShardCount,
          footerSizeBytes,
          dedicatedColumns,
          replicationFactor);
    }

    private String text(String name, JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw bad(name, json.getString(), "a string");
      }
      return json.getString();
    }

    private Instant time(String name, JsonParser json) throws IOException {
      String text = text(name, json);
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        IOException bad = bad(name, text, "an RFC 3339 time");
        bad.addSuppressed(e);
        throw bad;
      }
    }

    private int integer(String name, JsonParser json) throws IOException {
      return (int) number(name, json, Integer.MAX_VALUE);
    }

    private long number(String name, JsonParser json, long max) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw bad(name, json.getString(), "an integer");
      }
      long value;
      try {
        value = json.getLongValue();
      } catch (JacksonException e) {
        IOException bad = bad(name, json.getString(), "at most " + max);
        bad.addSuppressed(e);
        throw bad;
      }
      if (value < 0 || value > max) {
        throw bad(name, Long.toString(value), "0 to " + max);
      }
      return value;
    }

    private DedicatedColumns columns(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw bad("dedicatedColumns", json.getString(), "an array");
      }
      List<DedicatedColumn> columns = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
          throw bad("dedicatedColumns", json.getString(), "an array of objects");
        }
        columns.add(column(json));
      }
      try {
        return new DedicatedColumns(columns);
      } catch (IllegalArgumentException e) {
        throw new IOException(source + ": " + e.getMessage(), e);
      }
    }

    private DedicatedColumn column(JsonParser json) throws IOException {
      String scope = "span";
      String name = "";
      String type = "string";
      Set<DedicatedColumn.Option> options = EnumSet.noneOf(DedicatedColumn.Option.class);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "s" -> scope = text(field, json);
          case "n" -> name = text(field, json);
          case "t" -> type = text(field, json);
          case "o" -> readOptions(json, options);
          default -> json.skipChildren();
        }
      }
      if (name.isEmpty()) {
        throw bad("dedicatedColumns n", name, "an attribute key");
      }
      return new DedicatedColumn(scope(scope), name, type(type), options);
    }

    private void readOptions(JsonParser json, Set<DedicatedColumn.Option> options) {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        json.skipChildren();
        return;
      }
      for (JsonToken token = json.nextToken();
          token != null && token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        if (token != JsonToken.VALUE_STRING) {
          json.skipChildren();
          continue;
        }
        for (DedicatedColumn.Option option : DedicatedColumn.Option.values()) {
          if (option.text().equals(json.getString())) {
            options.add(option);
          }
        }
      }
    }

    private DedicatedColumn.Scope scope(String text) throws IOException {
      for (DedicatedColumn.Scope scope : DedicatedColumn.Scope.values()) {
        if (scope.text().equals(text)) {
          return scope;
        }
      }
      throw bad("dedicatedColumns s", text, "resource, span or event");
    }

    private DedicatedColumn.Type type(String text) throws IOException {
      for (DedicatedColumn.Type type : DedicatedColumn.Type.values()) {
        if (type.text().equals(text)) {
          return type;
        }
      }
      throw bad("dedicatedColumns t", text, "string or int");
    }

    private IOException bad(String name, @Nullable String value, String expected) {
      return new IOException(
          source + ": " + name + ": '" + value + "' (expected: " + expected + ")");
    }
  }
}
