package io.vivace.ingest.receiver;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Writes OTLP messages as OTLP/JSON from their descriptors: hex ids, 64-bit integers as strings.
final class OtlpJson {
  private OtlpJson() {}

  /// @param isPlain camelCase keys and numbers for enums; otherwise snake_case and names
  static String print(Message message, boolean isPlain) {
    StringBuilder out = new StringBuilder();
    append(out, message, isPlain);
    return out.toString();
  }

  private static void append(StringBuilder out, Message message, boolean isPlain) {
    out.append("{\"unknown\":[{\"x\":[1,null]}]");
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      out.append(",\"").append(isPlain ? field.getJsonName() : field.getName()).append("\":");
      if (field.isRepeated()) {
        out.append('[');
        String comma = "";
        for (Object element : (List<?>) entry.getValue()) {
          out.append(comma);
          append(out, field, element, isPlain);
          comma = ",";
        }
        out.append(']');
      } else {
        append(out, field, entry.getValue(), isPlain);
      }
    }
    out.append('}');
  }

  private static void append(
      StringBuilder out, FieldDescriptor field, Object value, boolean isPlain) {
    switch (field.getType()) {
      case MESSAGE -> append(out, (Message) value, isPlain);
      case BYTES -> {
        byte[] bytes = ((ByteString) value).toByteArray();
        boolean isId = field.getName().endsWith("_id");
        out.append('"')
            .append(
                isId ? HexFormat.of().formatHex(bytes) : Base64.getEncoder().encodeToString(bytes))
            .append('"');
      }
      case STRING -> JsonText.appendString(out, (String) value);
      case ENUM -> {
        EnumValueDescriptor constant = (EnumValueDescriptor) value;
        out.append(isPlain ? String.valueOf(constant.getNumber()) : '"' + constant.getName() + '"');
      }
      case FIXED64 -> out.append('"').append(Long.toUnsignedString((Long) value)).append('"');
      case INT64 -> out.append(isPlain ? "\"" + value + "\"" : value.toString());
      case UINT32, FIXED32 -> out.append(Integer.toUnsignedString((Integer) value));
      default -> out.append(value);
    }
  }
}
