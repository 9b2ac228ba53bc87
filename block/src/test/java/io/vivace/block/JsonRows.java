package io.vivace.block;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.vivace.parquet.ColumnData;
import io.vivace.parquet.ParquetFile;
import io.vivace.parquet.ParquetLeaf;
import io.vivace.parquet.RandomAccessInput;
import io.vivace.parquet.Repetition;
import io.vivace.parquet.Values;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// Stored Parquet rows as JSON, from several readers, in one notation: ids in base64, and nothing
/// where a list is empty or a value absent.
final class JsonRows {
  private static final Set<String> IDS = Set.of("TraceID", "SpanID", "ParentSpanID");

  private JsonRows() {}

  /// All rows of a file, assembled leaf by leaf from levels and values.
  static List<JsonObject> of(byte[] file) throws IOException {
    ParquetFile parquet = ParquetFile.open(RandomAccessInput.of(file));
    List<JsonObject> rows = new ArrayList<>();
    for (int group = 0; group < parquet.rowGroups().size(); group++) {
      int first = rows.size();
      int count = parquet.rowGroups().get(group).rowCount();
      for (int i = 0; i < count; i++) {
        rows.add(new JsonObject());
      }
      for (ParquetLeaf leaf : parquet.schema().leaves()) {
        assemble(
            leaf,
            parquet.reader(group, leaf.index()).readAll(),
            rows.subList(first, first + count));
      }
    }
    return rows;
  }

  private static void assemble(ParquetLeaf leaf, ColumnData data, List<JsonObject> rows) {
    byte[] repetition = data.levels().repetition();
    byte[] definition = data.levels().definition();
    int[] index = new int[leaf.maxRepetitionLevel() + 1];
    int row = -1;
    int value = 0;
    for (int i = 0; i < data.levels().count(); i++) {
      int r = repetition == null ? 0 : repetition[i];
      int d = definition == null ? 0 : definition[i];
      if (r == 0) {
        row++;
        java.util.Arrays.fill(index, 0);
      } else {
        index[r]++;
        java.util.Arrays.fill(index, r + 1, index.length, 0);
      }
      boolean isPresent = d == leaf.maxDefinitionLevel();
      put(rows.get(row), leaf, index, d, isPresent ? value(leaf, data.values(), value) : null);
      value += isPresent ? 1 : 0;
    }
  }

  /// Walks down the path; a repeated step goes to the element that the counters name.
  private static void put(
      JsonObject row, ParquetLeaf leaf, int[] index, int definition, JsonElement value) {
    JsonObject at = row;
    int repeated = 0;
    boolean isLeafRepeated = leaf.repetition() == Repetition.REPEATED;
    int groups = leaf.maxRepetitionLevel() - (isLeafRepeated ? 1 : 0);
    for (int step = 0; step < leaf.path().size() - 1; step++) {
      String name = leaf.path().get(step);
      if (isRepeated(name)) {
        repeated++;
        if (repeated > groups) {
          throw new IllegalStateException(leaf.dottedPath());
        }
        if (definition < leaf.definitionLevelOf(repeated)) {
          return;
        }
        if (!at.has(name)) {
          at.add(name, new JsonArray());
        }
        JsonArray list = at.getAsJsonArray(name);
        while (list.size() <= index[repeated]) {
          list.add(new JsonObject());
        }
        at = list.get(index[repeated]).getAsJsonObject();
      } else {
        if (!at.has(name)) {
          at.add(name, new JsonObject());
        }
        at = at.getAsJsonObject(name);
      }
    }
    String name = leaf.path().getLast();
    if (value == null) {
      return;
    }
    if (isLeafRepeated) {
      if (!at.has(name)) {
        at.add(name, new JsonArray());
      }
      at.getAsJsonArray(name).add(value);
    } else {
      at.add(name, value);
    }
  }

  private static boolean isRepeated(String group) {
    return switch (group) {
      case "ServiceStats", "rs", "ss", "Spans", "Attrs", "Events", "Links", "list", "key_value" ->
          true;
      default -> false;
    };
  }

  private static JsonElement value(ParquetLeaf leaf, Values values, int i) {
    return switch (values) {
      case Values.Longs v ->
          new JsonPrimitive(
              leaf.unsigned()
                  ? new BigDecimal(Long.toUnsignedString(v.values()[i]))
                  : BigDecimal.valueOf(v.values()[i]));
      case Values.Ints v ->
          new JsonPrimitive(
              leaf.unsigned() ? Integer.toUnsignedLong(v.values()[i]) : (long) v.values()[i]);
      case Values.Doubles v -> number(v.values()[i]);
      case Values.Booleans v -> new JsonPrimitive(v.values()[i] != 0);
      case Values.Binary v -> text(leaf.path().getLast(), v.bytes(i));
      case Values.Ids v -> text(leaf.path().getLast(), v.dictionary().bytes(v.ids()[i]));
    };
  }

  static JsonElement number(double value) {
    return Double.isFinite(value)
        ? new JsonPrimitive(BigDecimal.valueOf(value))
        : new JsonPrimitive(Double.toString(value));
  }

  static JsonElement text(String field, byte[] bytes) {
    return new JsonPrimitive(
        IDS.contains(field)
            ? Base64.getEncoder().encodeToString(bytes)
            : new String(bytes, StandardCharsets.UTF_8));
  }

  /// The rows that a real Tempo printed of the block.
  static List<JsonObject> expected(Path file) throws IOException {
    List<JsonObject> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      rows.add(JsonParser.parseString(line).getAsJsonObject());
    }
    return rows;
  }

  /// One notation for all sources.
  static String canonical(JsonElement element) {
    StringBuilder text = new StringBuilder();
    print(element, text, "\n");
    return text.toString();
  }

  private static void print(JsonElement element, StringBuilder text, String indent) {
    switch (element) {
      case JsonObject object -> {
        java.util.TreeMap<String, JsonElement> fields = new java.util.TreeMap<>();
        object.entrySet().forEach(entry -> fields.put(rename(entry.getKey()), entry.getValue()));
        fields.forEach((name, value) -> {
          if (!isNothing(value)) {
            text.append(indent).append(name).append(": ");
            print(value, text, indent + "  ");
          }
        });
      }
      case JsonArray array ->
          array.forEach(e -> {
            text.append(indent).append("- ");
            print(e, text, indent + "  ");
          });
      case JsonPrimitive p when p.isNumber() ->
          text.append(new BigDecimal(p.getAsString()).stripTrailingZeros().toPlainString());
      case JsonPrimitive p -> text.append(p);
      case JsonNull n -> text.append("null");
      default -> throw new IllegalArgumentException(element.toString());
    }
  }

  private static boolean isNothing(JsonElement element) {
    return switch (element) {
      case JsonNull n -> true;
      case JsonArray array -> array.isEmpty();
      case JsonObject object -> object.entrySet().stream().allMatch(e -> isNothing(e.getValue()));
      default -> false;
    };
  }

  private static String rename(String name) {
    return switch (name) {
      case "ResourceSpans" -> "rs";
      case "ScopeSpans" -> "ss";
      default -> name;
    };
  }
}
