package io.vivace.api.json;

import io.vivace.model.TraceId;

/// How search answers write trace ids.
public enum TraceIdForm {
  /// Hex without leading zeros, Tempo's default.
  SHORT,
  /// 32 hex digits (override `left_pad_trace_ids`).
  PADDED;

  String text(TraceId id) {
    String hex = id.toHex();
    return switch (this) {
      case PADDED -> hex;
      case SHORT -> {
        int first = 0;
        while (first < hex.length() && hex.charAt(first) == '0') {
          first++;
        }
        yield hex.substring(first);
      }
    };
  }
}
