package io.vivace.api.json;

import io.vivace.engine.tags.TagNames;
import io.vivace.engine.tags.TagScope;
import io.vivace.engine.tags.TagValue;
import io.vivace.engine.tags.TagValues;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/// Writes the names and values of tags. Lists are always there, also empty ones.
public final class TagJson {
  private static final String TAG_VALUES = "tagValues";
  private static final String METRICS = "metrics";

  private TagJson() {}

  /// The older form of names: without scopes.
  public static byte[] namesV1(TagNames names) {
    return flat("tagNames", withoutScopes(names), names.inspectedBytes());
  }

  /// The older form of values: without types.
  public static byte[] valuesV1(TagValues values) {
    return flat(TAG_VALUES, withoutTypes(values), values.inspectedBytes());
  }

  static SortedSet<String> withoutScopes(TagNames names) {
    SortedSet<String> all = new TreeSet<>();
    for (List<String> ofScope : names.byScope().values()) {
      all.addAll(ofScope);
    }
    return all;
  }

  static SortedSet<String> withoutTypes(TagValues values) {
    SortedSet<String> all = new TreeSet<>();
    for (TagValue value : values.values()) {
      all.add(value.value());
    }
    return all;
  }

  private static byte[] flat(String list, Collection<String> texts, long inspectedBytes) {
    return JsonOutput.write(json -> {
      json.writeStartObject();
      json.writeName(list);
      strings(json, texts);
      metrics(json, inspectedBytes);
      json.writeEndObject();
    });
  }

  private static void strings(JsonGenerator json, Collection<String> texts) {
    json.writeStartArray();
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void metrics(JsonGenerator json, long inspectedBytes) {
    json.writeName(METRICS);
    json.writeStartObject();
    if (inspectedBytes != 0) {
      json.writeStringProperty("inspectedBytes", Long.toUnsignedString(inspectedBytes));
    }
    json.writeEndObject();
  }

  public static byte[] namesV2(TagNames names) {
    return JsonOutput.write(json -> {
      json.writeStartObject();
      json.writeName("scopes");
      json.writeStartArray();
      for (Map.Entry<TagScope, List<String>> scope : names.byScope().entrySet()) {
        json.writeStartObject();
        json.writeStringProperty("name", scope.getKey().label());
        json.writeName("tags");
        strings(json, scope.getValue());
        json.writeEndObject();
      }
      json.writeEndArray();
      metrics(json, names.inspectedBytes());
      json.writeEndObject();
    });
  }

  public static byte[] valuesV2(TagValues values) {
    return JsonOutput.write(json -> {
      json.writeStartObject();
      json.writeName(TAG_VALUES);
      json.writeStartArray();
      for (TagValue value : values.values()) {
        json.writeStartObject();
        json.writeStringProperty("type", value.type().label());
        if (!value.value().isEmpty()) {
          json.writeStringProperty("value", value.value());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      metrics(json, values.inspectedBytes());
      json.writeEndObject();
    });
  }

  /// The form for language models: values by type, numbers as numbers.
  public static byte[] valuesForModels(TagValues values) {
    Map<TagValue.Type, SortedSet<String>> byType = new EnumMap<>(TagValue.Type.class);
    for (TagValue value : values.values()) {
      byType.computeIfAbsent(value.type(), _ -> new TreeSet<>()).add(value.value());
    }
    return JsonOutput.write(json -> {
      json.writeStartObject();
      json.writeName(TAG_VALUES);
      json.writeStartObject();
      for (Map.Entry<TagValue.Type, SortedSet<String>> type : byType.entrySet()) {
        json.writeName(type.getKey().label());
        strings(json, type.getValue());
      }
      json.writeEndObject();
      json.writeName(METRICS);
      json.writeStartObject();
      json.writeName("inspectedBytes");
      json.writeNumber(values.inspectedBytes());
      json.writeEndObject();
      json.writeEndObject();
    });
  }
}
