package io.vivace.block;

import io.vivace.model.TraceId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The object `index`: the largest trace id of every row group, ascending.
public record BlockIndex(List<TraceId> lastIds) {
  private static final JsonFactory JSON = new JsonFactory();

  public BlockIndex {
    lastIds = List.copyOf(lastIds);
  }

  /// The row group in which `id` lies if it is in the block, or -1 if it is behind the last one.
  public int rowGroupOf(TraceId id) {
    int low = 0;
    int high = lastIds.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (lastIds.get(middle).compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < lastIds.size() ? low : -1;
  }

  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeName("rowGroups");
      json.writeStartArray();
      for (TraceId id : lastIds) {
        json.writeString(Base64.getEncoder().encodeToString(id.toBytes()));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /// Parses the object.
  ///
  /// @param source named in error messages
  public static BlockIndex read(byte[] bytes, String source) throws IOException {
    List<TraceId> ids = new ArrayList<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(source + ": no JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isRowGroups = json.currentName().equals("rowGroups");
        if (json.nextToken() != JsonToken.START_ARRAY || !isRowGroups) {
          json.skipChildren();
          continue;
        }
        while (json.nextToken() == JsonToken.VALUE_STRING) {
          byte[] id = Base64.getDecoder().decode(json.getString());
          ids.add(TraceId.from(id, 0, id.length));
        }
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(source + ": " + e.getMessage(), e);
    }
    for (int i = 1; i < ids.size(); i++) {
      if (ids.get(i - 1).compareTo(ids.get(i)) >= 0) {
        throw new IOException(source + ": trace ids do not ascend");
      }
    }
    return new BlockIndex(ids);
  }
}
