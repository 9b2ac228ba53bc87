package io.vivace.api.json;

import io.vivace.engine.search.SearchResult;
import io.vivace.engine.search.SearchResult.FoundAttribute;
import io.vivace.engine.search.SearchResult.FoundSpan;
import io.vivace.engine.search.SearchResult.FoundSpanSet;
import io.vivace.engine.search.SearchResult.FoundTrace;
import io.vivace.engine.search.SearchResult.FoundValue;
import io.vivace.engine.search.SearchResult.ServiceCounts;
import io.vivace.engine.search.SearchStatistics;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import tools.jackson.core.JsonGenerator;

/// Writes search answers. Grafana decodes them strictly: no key may be added.
public final class SearchJson {
  static final String ROOT_NOT_RECEIVED = "<root span not yet received>";
  private static final long NANOS_PER_MILLI = 1_000_000;

  private SearchJson() {}

  /// @param traceIds how ids are written
  public static byte[] write(SearchResult result, TraceIdForm traceIds) {
    return JsonOutput.write(json -> write(json, result, traceIds));
  }

  /// As [#write], in pieces to be sent one after the other.
  ///
  /// @param growth told the size of each piece before it is made; may throw
  public static List<byte[]> writePieces(
      SearchResult result, TraceIdForm traceIds, LongConsumer growth) {
    return JsonOutput.writePieces(json -> write(json, result, traceIds), growth);
  }

  private static void write(JsonGenerator json, SearchResult result, TraceIdForm traceIds) {
    json.writeStartObject();
    json.writeName("traces");
    json.writeStartArray();
    for (FoundTrace trace : result.traces()) {
      trace(json, trace, traceIds);
    }
    json.writeEndArray();
    json.writeName("metrics");
    metrics(json, result.statistics());
    json.writeEndObject();
  }

  private static void trace(JsonGenerator json, FoundTrace trace, TraceIdForm traceIds) {
    json.writeStartObject();
    json.writeStringProperty("traceID", traceIds.text(trace.traceId()));
    json.writeStringProperty("rootServiceName", rootServiceName(trace));
    text(json, "rootTraceName", trace.rootTraceName());
    json.writeStringProperty("startTimeUnixNano", Long.toUnsignedString(trace.startEpochNanos()));
    long durationMillis = durationMillis(trace);
    if (durationMillis != 0) {
      json.writeName("durationMs");
      json.writeNumber(durationMillis);
    }
    if (!trace.spanSets().isEmpty()) {
      json.writeName("spanSet");
      spanSet(json, trace.spanSets().getFirst());
      json.writeName("spanSets");
      json.writeStartArray();
      for (FoundSpanSet set : trace.spanSets()) {
        spanSet(json, set);
      }
      json.writeEndArray();
    }
    serviceStats(json, trace.serviceStats());
    json.writeEndObject();
  }

  /// The name that is shown: a trace without its root says so.
  static String rootServiceName(FoundTrace trace) {
    return trace.rootServiceName().isEmpty() ? ROOT_NOT_RECEIVED : trace.rootServiceName();
  }

  static long durationMillis(FoundTrace trace) {
    return Long.divideUnsigned(trace.durationNanos(), NANOS_PER_MILLI) & 0xffff_ffffL;
  }

  private static void spanSet(JsonGenerator json, FoundSpanSet set) {
    json.writeStartObject();
    if (!set.spans().isEmpty()) {
      json.writeName("spans");
      json.writeStartArray();
      for (FoundSpan span : set.spans()) {
        span(json, span);
      }
      json.writeEndArray();
    }
    number(json, "matched", set.matched());
    attributes(json, set.attributes());
    json.writeEndObject();
  }

  private static void span(JsonGenerator json, FoundSpan span) {
    json.writeStartObject();
    json.writeStringProperty("spanID", spanId(span));
    String name = span.name();
    if (name != null) {
      text(json, "name", name);
    }
    unsigned64(json, "startTimeUnixNano", span.startEpochNanos());
    unsigned64(json, "durationNanos", span.durationNanos());
    attributes(json, span.attributes());
    json.writeEndObject();
  }

  static String spanId(FoundSpan span) {
    String hex = HexFormat.of().formatHex(span.spanId());
    return hex.length() >= 16 ? hex : "0".repeat(16 - hex.length()) + hex;
  }

  private static void attributes(JsonGenerator json, List<FoundAttribute> attributes) {
    if (attributes.isEmpty()) {
      return;
    }
    json.writeName("attributes");
    json.writeStartArray();
    for (FoundAttribute attribute : attributes) {
      json.writeStartObject();
      text(json, "key", attribute.key());
      json.writeName("value");
      value(json, attribute.value());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void value(JsonGenerator json, FoundValue value) {
    json.writeStartObject();
    switch (value) {
      case FoundValue.Text(String text) -> json.writeStringProperty("stringValue", text);
      case FoundValue.Int(long number) ->
          json.writeStringProperty("intValue", Long.toString(number));
      case FoundValue.Real(double number) -> {
        json.writeName("doubleValue");
        JsonOutput.writeDouble(json, number);
      }
      case FoundValue.Bool(boolean bool) -> json.writeBooleanProperty("boolValue", bool);
      case FoundValue.Array(List<FoundValue> values) -> {
        json.writeName("arrayValue");
        json.writeStartObject();
        if (!values.isEmpty()) {
          json.writeName("values");
          json.writeStartArray();
          for (FoundValue element : values) {
            value(json, element);
          }
          json.writeEndArray();
        }
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static void serviceStats(JsonGenerator json, Map<String, ServiceCounts> services) {
    if (services.isEmpty()) {
      return;
    }
    json.writeName("serviceStats");
    json.writeStartObject();
    for (Map.Entry<String, ServiceCounts> service : services.entrySet()) {
      json.writeName(service.getKey());
      json.writeStartObject();
      number(json, "spanCount", service.getValue().spanCount());
      number(json, "errorCount", service.getValue().errorCount());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void metrics(JsonGenerator json, SearchStatistics statistics) {
    json.writeStartObject();
    number(json, "inspectedTraces", statistics.inspectedTraces() & 0xffff_ffffL);
    unsigned64(json, "inspectedBytes", statistics.inspectedBytes());
    number(json, "totalBlocks", statistics.sources());
    number(json, "completedJobs", statistics.inspectedSources());
    number(json, "totalJobs", statistics.sources());
    unsigned64(json, "totalBlockBytes", statistics.sourceBytes());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  static void number(JsonGenerator json, String name, long value) {
    if (value != 0) {
      json.writeName(name);
      json.writeNumber(value);
    }
  }

  static void unsigned64(JsonGenerator json, String name, long value) {
    if (value != 0) {
      json.writeStringProperty(name, Long.toUnsignedString(value));
    }
  }
}
